#include "core/keys/sealed_key.h"

#include "core/encoding/cbor.h"
#include "tests/support/decoding.h"
#include "tests/support/vectors.h"

namespace coffer::keys {
namespace {

using cbor::Value;

/// Counts up, so that two calls never give the same bytes.
class CountingRandom final : public crypto::Random {
public:
    void fill(std::span<std::uint8_t> out) override
    {
        for (auto& byte : out)
            byte = m_next++;
    }

private:
    std::uint8_t m_next = 0;
};

SecretBytes secret(std::string_view text)
{
    return SecretBytes::copy_of(bytes_of(text));
}

const Bytes public_part{1, 2, 3};

Bytes sealed()
{
    CountingRandom random;
    return seal("officer", public_part, secret("passphrase"), secret("the secret"), random);
}

/// The file with one field of its header replaced.
Bytes with_header_field(std::uint64_t key, const Value& value)
{
    auto outer = cbor::decode(sealed()).map_entries("file");
    auto header = cbor::decode(outer[2].second.bytes("header")).map_entries("header");
    header[key].second = value;
    outer[2].second = Value{cbor::encode(Value::map(header))};
    return cbor::encode(Value::map(outer));
}

/// The file with one field of the container replaced.
Bytes with_field(std::uint64_t key, const Value& value)
{
    auto outer = cbor::decode(sealed()).map_entries("file");
    outer[key].second = value;
    return cbor::encode(Value::map(outer));
}

TEST(SealedKey, OpensWithThePassphraseOnly)
{
    const auto file = sealed();
    const auto key = open(file, "officer", secret("passphrase"));
    EXPECT_EQ(text_of(key.secret.reveal()), "the secret");
    EXPECT_EQ(key.header.public_part, public_part);
    EXPECT_EQ(key.header, decode_sealed_key_header(file));
    EXPECT_ERROR(open(file, "officer", secret("passphrasE")), ErrorCode::wrong_passphrase);
    EXPECT_ERROR(open(file, "officer", {}), ErrorCode::wrong_passphrase);
    EXPECT_ERROR(open(file, "home", secret("passphrase")), ErrorCode::type);
}

TEST(SealedKey, IsEncodedAsDocumented)
{
    const auto value = cbor::decode(sealed());
    const auto& outer = value.map_entries("file");
    ASSERT_EQ(outer.size(), 5U);
    EXPECT_EQ(outer[0].second.text("type"), "coffer-key");
    EXPECT_EQ(outer[1].second.number("version"), 1U);
    EXPECT_EQ(outer[3].second.bytes("nonce").size(), 24U);
    EXPECT_EQ(outer[4].second.bytes("ciphertext").size(), 10U + 16U);
    const auto header = cbor::decode(outer[2].second.bytes("header"));
    EXPECT_EQ(header, Value::map({{0, "officer"},
                                  {1, 64 * 1024},
                                  {2, 3},
                                  {3, ByteArray<16>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
                                  {4, public_part}}));
}

TEST(SealedKey, RefusesACostOutOfBoundsBeforeAnyWork)
{
    CountingRandom random;
    EXPECT_ERROR(seal("officer", {}, secret("p"), secret("s"), random, {1024, 3}), ErrorCode::kdf_limit);
    for (const auto& [field, number] : {std::pair<std::uint64_t, std::uint64_t>{1, 1024},
                                        {1, 2 * 1024 * 1024},
                                        {1, std::uint64_t{1} << 40},
                                        {2, 1},
                                        {2, 1'000'000},
                                        {2, std::uint64_t{1} << 32}})
        EXPECT_ERROR(open(with_header_field(field, number), "officer", secret("passphrase")), ErrorCode::kdf_limit);
}

TEST(SealedKey, AuthenticatesItsHeader)
{
    const auto open_it = [](const Bytes& file) { return open(file, "officer", secret("passphrase")); };
    EXPECT_ERROR(open_it(with_header_field(1, 65 * 1024)), ErrorCode::wrong_passphrase);
    EXPECT_ERROR(open_it(with_header_field(3, ByteArray<16>{})), ErrorCode::wrong_passphrase);
    EXPECT_ERROR(open_it(with_header_field(4, Bytes{1, 2, 4})), ErrorCode::wrong_passphrase);
    EXPECT_ERROR(open_it(with_field(3, ByteArray<24>{})), ErrorCode::wrong_passphrase);
    EXPECT_ERROR(open_it(with_field(4, Bytes(26))), ErrorCode::wrong_passphrase);
    EXPECT_ERROR(open_it(with_field(4, Bytes(3))), ErrorCode::wrong_passphrase);
    EXPECT_ERROR(open(with_header_field(0, "home"), "home", secret("passphrase")), ErrorCode::wrong_passphrase);
}

TEST(SealedKey, RefusesOtherFilesByTheirFault)
{
    EXPECT_ERROR(decode_sealed_key_header(with_field(0, "coffer-vote")), ErrorCode::type);
    EXPECT_ERROR(decode_sealed_key_header(with_field(1, 2)), ErrorCode::schema);
    EXPECT_ERROR(decode_sealed_key_header(with_field(2, Bytes{})), ErrorCode::malformed);
    EXPECT_ERROR(decode_sealed_key_header(with_field(3, Bytes(23))), ErrorCode::malformed);
    EXPECT_ERROR(decode_sealed_key_header(with_header_field(3, Bytes(15))), ErrorCode::malformed);
    auto outer = cbor::decode(sealed()).map_entries("file");
    outer.emplace_back(5, Value{"more"});
    EXPECT_ERROR(decode_sealed_key_header(cbor::encode(Value::map(outer))), ErrorCode::malformed);
    test::expect_refuses_cut_and_trailing(sealed(), [](ByteView file) { return decode_sealed_key_header(file); });
}

TEST(SealedKey, ResealsWithoutThePassphrase)
{
    CountingRandom random;
    const auto first = seal("home", public_part, secret("passphrase"), secret("one"), random);
    const auto key = open(first, "home", secret("passphrase"));
    const auto second = reseal(key, Bytes{9}, secret("two, and longer"), random);
    const auto third = reseal(key, Bytes{9}, secret("two, and longer"), random);
    EXPECT_NE(second, third); // a fresh nonce each time
    const auto opened = open(second, "home", secret("passphrase"));
    EXPECT_EQ(text_of(opened.secret.reveal()), "two, and longer");
    EXPECT_EQ(opened.header.public_part, Bytes{9});
    EXPECT_EQ(opened.header.salt, key.header.salt);
}

TEST(KeyUnderKey, OpensWithKeyPurposeAndContext)
{
    CountingRandom random;
    const auto home_key = random.secret(32);
    const auto file = seal_with_key("seed", bytes_of("treasury, appliance"), home_key, secret("seed bytes"), random);
    const auto open_it = [&](std::string_view purpose, std::string_view context, const SecretBytes& key) {
        return open_with_key(file, purpose, bytes_of(context), key);
    };
    EXPECT_EQ(text_of(open_it("seed", "treasury, appliance", home_key).reveal()), "seed bytes");
    EXPECT_ERROR(open_it("device", "treasury, appliance", home_key), ErrorCode::type);
    EXPECT_ERROR(open_it("seed", "treasury, another", home_key), ErrorCode::db_tamper);
    EXPECT_ERROR(open_it("seed", "", home_key), ErrorCode::db_tamper);
    EXPECT_ERROR(open_it("seed", "treasury, appliance", random.secret(32)), ErrorCode::db_tamper);
    for (std::size_t i = 0; i < file.size(); ++i) {
        auto changed = file;
        changed[i] ^= 1;
        EXPECT_THROW(open_with_key(changed, "seed", bytes_of("treasury, appliance"), home_key), Error) << i;
    }
    test::expect_refuses_cut_and_trailing(
        file, [&](ByteView cut) { return open_with_key(cut, "seed", bytes_of("treasury, appliance"), home_key); });
}

TEST(KeyUnderKey, IsNoPassphraseFileAndTheOtherWayRound)
{
    CountingRandom random;
    const auto key = random.secret(32);
    EXPECT_ERROR(open(seal_with_key("officer", {}, key, secret("s"), random), "officer", secret("passphrase")),
                 ErrorCode::malformed);
    EXPECT_ERROR(open_with_key(sealed(), "officer", {}, key), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::keys
