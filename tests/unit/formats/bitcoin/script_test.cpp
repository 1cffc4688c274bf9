#include "formats/bitcoin/script.h"

#include "core/crypto/hash.h"
#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

namespace coffer::bitcoin {
namespace {

const ByteArray<20> hash20{1, 2, 3};
const ByteArray<32> hash32{4, 5, 6};

crypto::Secp256k1PublicKey key(std::uint8_t number)
{
    Bytes scalar(32);
    scalar[31] = number;
    return *crypto::public_key_of_scalar(scalar);
}

MultisigScript multisig(unsigned threshold, std::uint8_t count)
{
    MultisigScript made{threshold, {}};
    for (std::uint8_t i = 1; i <= count; ++i)
        made.keys.push_back(key(i));
    return made;
}

TEST(Script, HasATypeByItsForm)
{
    EXPECT_EQ(script_type(p2pkh_script(hash20)), ScriptType::p2pkh);
    EXPECT_EQ(script_type(p2sh_script(hash20)), ScriptType::p2sh);
    EXPECT_EQ(script_type(p2wpkh_script(hash20)), ScriptType::p2wpkh);
    EXPECT_EQ(script_type(p2wsh_script(hash32)), ScriptType::p2wsh);
    EXPECT_EQ(script_type(p2tr_script(hash32)), ScriptType::p2tr);
    const std::vector<std::pair<std::string, ScriptType>> others{{"", ScriptType::other},
                                                                 {"6a", ScriptType::null_data},
                                                                 {"6a0101", ScriptType::null_data},
                                                                 {"51024e73", ScriptType::witness_unknown},
                                                                 {"00021234", ScriptType::witness_unknown},
                                                                 {"600211ff", ScriptType::witness_unknown},
                                                                 {"61021234", ScriptType::other},
                                                                 {"500211ff", ScriptType::other},
                                                                 {"510111", ScriptType::other},
                                                                 {"51021234aa", ScriptType::other}};
    for (const auto& [hex, type] : others)
        EXPECT_EQ(script_type(encoding::decode_hex(hex)), type) << hex;
}

TEST(Script, IsOfNoTypeWithAByteMoreLessOrAnother)
{
    for (const auto& script : {p2pkh_script(hash20), p2sh_script(hash20)}) {
        auto longer = script;
        longer.push_back(0xac);
        EXPECT_EQ(script_type(longer), ScriptType::other);
        EXPECT_EQ(script_type(ByteView{script}.first(script.size() - 1)), ScriptType::other);
        for (const std::size_t opcode : {std::size_t{0}, std::size_t{1}, script.size() - 1}) {
            auto other = script;
            other[opcode] ^= 0x08;
            EXPECT_EQ(script_type(other), ScriptType::other) << opcode;
        }
    }
}

TEST(Script, GivesBackWhatItEncloses)
{
    EXPECT_TRUE(equal(script_payload(p2pkh_script(hash20)), hash20));
    EXPECT_TRUE(equal(script_payload(p2sh_script(hash20)), hash20));
    EXPECT_TRUE(equal(script_payload(p2wpkh_script(hash20)), hash20));
    EXPECT_TRUE(equal(script_payload(p2wsh_script(hash32)), hash32));
    EXPECT_TRUE(equal(script_payload(p2tr_script(hash32)), hash32));
    EXPECT_TRUE(script_payload(encoding::decode_hex("6a0101")).empty());
    EXPECT_EQ(p2sh_script_of(Bytes{0x51}), p2sh_script(crypto::hash160(Bytes{0x51})));
    EXPECT_EQ(p2wsh_script_of(Bytes{0x51}), p2wsh_script(crypto::sha256(Bytes{0x51})));
}

TEST(Multisig, ComesBackForEveryCount)
{
    for (std::uint8_t count = 1; count <= most_multisig_keys; ++count)
        for (unsigned threshold = 1; threshold <= count; ++threshold) {
            const auto made = multisig(threshold, count);
            EXPECT_EQ(find_multisig(multisig_script(made)), made);
        }
    EXPECT_EQ(encoding::encode_hex(multisig_script(multisig(1, 1))),
              "51210279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f8179851ae");
    EXPECT_EQ(multisig_script(multisig(15, 15)).size(), 513U); // fits into P2SH
    EXPECT_GT(multisig_script(multisig(16, 16)).size(), most_redeem_script_bytes);
}

TEST(Multisig, RefusesEveryOtherForm)
{
    const auto good = multisig_script(multisig(2, 3));
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(find_multisig(ByteView{good}.first(size))) << size;
    auto longer = good;
    longer.push_back(0xae);
    EXPECT_FALSE(find_multisig(longer));
    const auto with = [&](std::size_t at, std::uint8_t value) {
        auto other = good;
        other[at] = value;
        return find_multisig(other);
    };
    EXPECT_FALSE(with(0, 0x54)) << "4 of 3";
    EXPECT_FALSE(with(0, 0x00)) << "0 of 3";
    EXPECT_FALSE(with(2, 0x04)) << "no compressed key";
    EXPECT_FALSE(with(good.size() - 2, 0x52)) << "two keys announced";
    EXPECT_FALSE(with(good.size() - 1, 0xaf)) << "CHECKMULTISIGVERIFY";
    auto none = good;
    std::fill(none.begin() + 3, none.begin() + 35, std::uint8_t{0xff});
    EXPECT_FALSE(find_multisig(none)) << "no point";
}

TEST(Push, IsAsShortAsItCanBe)
{
    const auto pushed = [](const Bytes& data) {
        Bytes script;
        append_push(script, data);
        return encoding::encode_hex(script).substr(0, 8);
    };
    EXPECT_EQ(pushed({}), "00");
    EXPECT_EQ(pushed({1}), "51");
    EXPECT_EQ(pushed({16}), "60");
    EXPECT_EQ(pushed({17}), "0111");
    EXPECT_EQ(pushed({0}), "0100");
    EXPECT_EQ(pushed({0x81}), "4f");
    EXPECT_EQ(pushed(Bytes(75, 1)), "4b010101");
    EXPECT_EQ(pushed(Bytes(76, 1)), "4c4c0101");
    EXPECT_EQ(pushed(Bytes(255, 1)), "4cff0101");
    EXPECT_EQ(pushed(Bytes(256, 1)), "4d000101");
}

} // namespace
} // namespace coffer::bitcoin
