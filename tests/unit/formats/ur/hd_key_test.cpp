#include "formats/ur/hd_key.h"

#include "core/encoding/hex.h"
#include "formats/ur/body.h"
#include "tests/support/vectors.h"

namespace coffer::ur {
namespace {

using cbor::Value;

const std::string account_key = "xpub6DNfJehqF1LUs9kwaqDu12Ajpz9psYVtbGhTykQo1CYdkkqV2vAyR4DiWXSTTDujWHzVy1AtV6ENGKWgwbLWqa4wXMZR4ZmdpRjQBG5EgTV";
const auto account_origin = keys::KeyOrigin::parse("[b8688df1/84h/0h/0h]");

HdKey account_hd_key()
{
    return HdKey{keys::ExtendedPublicKey::parse(account_key), account_origin};
}

/// The fields of a good key, one of them replaced or, by none, left out.
Bytes with(std::uint64_t field, std::optional<Value> value)
{
    auto fields = encode_hd_key(account_hd_key(), Naming::version_2).map_entries("key");
    std::erase_if(fields, [&](const auto& entry) { return entry.first == field; });
    if (value)
        fields.emplace_back(field, std::move(*value));
    return cbor::encode(Value::map(std::move(fields)));
}

std::string upright(std::string path)
{
    for (auto& c : path)
        c = c == '\'' ? 'h' : c;
    return path.substr(1);
}

TEST(HdKey, FollowsTheVectors)
{
    std::size_t public_keys = 0;
    std::size_t private_keys = 0;
    for (const auto& vector : test::load_vectors("ur_registry.json")) {
        if (vector.is_invalid() || (vector.kind() != "crypto-hdkey" && vector.kind() != "hdkey"))
            continue;
        SCOPED_TRACE(vector.name());
        const auto message = vector.bytes("cbor");
        const bool is_master = vector.text("cbor").starts_with("a301f5");
        if (is_master) {
            ++private_keys;
            EXPECT_ERROR(decode_hd_key_message(message), ErrorCode::secret_source);
            continue;
        }
        ++public_keys;
        const auto key = decode_hd_key_message(message);
        EXPECT_EQ(encode_hd_key_message(key, vector.kind() == "hdkey" ? Naming::version_2 : Naming::version_1), message);
        if (vector.has("fields.xpub")) {
            EXPECT_EQ(key.extended_key().on(keys::KeyNetwork::main).format(), vector.text("fields.xpub"));
            EXPECT_EQ("[" + vector.text("fields.master_fingerprint") + upright(vector.text("fields.path")) + "]" + key.extended_key().format(),
                      key.key_expression());
        }
    }
    EXPECT_EQ(public_keys, 5U);
    EXPECT_EQ(private_keys, 2U);
}

TEST(HdKey, FollowsThePublishedExample)
{
    auto vectors = test::load_vectors("ur_descriptors.json");
    std::erase_if(vectors, [](const auto& vector) { return vector.kind() != "hdkey"; });
    ASSERT_EQ(vectors.size(), 1U);
    EXPECT_EQ(decode_hd_key_message(vectors[0].bytes("cbor")).key_expression(), vectors[0].text("text"));
}

TEST(HdKey, IsMadeOfAnExtendedKey)
{
    const auto key = account_hd_key();
    EXPECT_EQ(key.extended_key().format(), account_key);
    EXPECT_EQ(key.key_expression(), "[b8688df1/84h/0h/0h]" + account_key);
    for (const auto naming : {Naming::version_1, Naming::version_2})
        EXPECT_EQ(decode_hd_key_message(encode_hd_key_message(key, naming)), key);
    // Nothing of the text is lost without an origin, for a master key, or for the other network.
    for (const auto& text : {account_key,
                             std::string{"xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB"},
                             std::string{"tpubDHW3GtnVrTatx38EcygoSf9UhUd9Dx1rht7FAL8unrMo8r2NWhJuYNqDFS7cZFVbDaxJkV94MLZAr86XFPsAPYcoHWJ7sWYsrmHDw5sKQ2K"}}) {
        const HdKey bare{keys::ExtendedPublicKey::parse(text), std::nullopt};
        EXPECT_EQ(decode_hd_key_message(encode_hd_key_message(bare, Naming::version_2)).key_expression(), text);
    }
}

TEST(HdKey, TakesTheTagsOfEitherVersion)
{
    const auto key = account_hd_key();
    const auto old = encode_hd_key_message(key, Naming::version_1);
    const auto newer = encode_hd_key_message(key, Naming::version_2);
    EXPECT_NE(old, newer);
    EXPECT_EQ(decode_hd_key_message(old), decode_hd_key_message(newer));
    const auto path = encode_key_path(*key.origin);
    EXPECT_EQ(decode_hd_key_message(with(6, Value::tagged(304, path))), key);
    for (const auto& wrong : {path, Value::tagged(303, path), Value::tagged(40305, path)})
        EXPECT_ERROR(decode_hd_key_message(with(6, wrong)), ErrorCode::malformed);
}

TEST(HdKey, PrivateKeysAreRefusedWhateverTheyLookLike)
{
    EXPECT_EQ(decode_hd_key_message(with(2, Value{false})), account_hd_key());
    EXPECT_ERROR(decode_hd_key_message(with(2, Value{true})), ErrorCode::secret_source);
    EXPECT_ERROR(decode_hd_key_message(with(1, Value{true})), ErrorCode::secret_source);
    Bytes scalar(33, 0x11);
    scalar[0] = 0;
    EXPECT_ERROR(decode_hd_key_message(with(3, Value{scalar})), ErrorCode::pubkey);
}

TEST(HdKey, RefusesOtherShapes)
{
    const auto refuse = [](std::uint64_t field, std::optional<Value> value, ErrorCode code) {
        EXPECT_ERROR(decode_hd_key_message(with(field, std::move(value))), code);
    };
    refuse(3, std::nullopt, ErrorCode::malformed);
    refuse(3, Value{Bytes(32, 2)}, ErrorCode::malformed);
    refuse(4, Value{Bytes(31, 2)}, ErrorCode::malformed);
    refuse(5, Value::tagged(305, Value{1U}), ErrorCode::malformed);
    refuse(5, Value::tagged(305, Value::map({{3, 1U}})), ErrorCode::malformed);
    refuse(5, Value::tagged(305, Value::map({{1, std::uint64_t{1} << 32}})), ErrorCode::malformed);
    refuse(8, Value{0U}, ErrorCode::malformed);
    refuse(9, Value{1U}, ErrorCode::malformed);
    refuse(11, Value{"field"}, ErrorCode::malformed);
    const KeyPath several{{{PathStep::Kind::pair, 0, 1}}, std::nullopt, std::nullopt};
    refuse(6, Value::tagged(304, encode_key_path(several)), ErrorCode::malformed);
    EXPECT_EQ(decode_hd_key_message(with(7, Value::tagged(304, encode_key_path(several)))).key_expression(),
              "[b8688df1/84h/0h/0h]" + account_key + "/<0;1>");
    const auto whole = with(9, Value{"name"});
    EXPECT_EQ(decode_hd_key_message(whole).name, "name");
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_THROW(decode_hd_key_message(ByteView{whole}.first(size)), Error) << size;
}

TEST(HdKey, NetworksOfBitcoinAreTwo)
{
    auto key = account_hd_key();
    key.use.network = 1;
    EXPECT_TRUE(key.extended_key().format().starts_with("tpub"));
    key.use.network = 2;
    EXPECT_ERROR(key.extended_key(), ErrorCode::malformed);
    key.use.coin_type = 60; // another coin's networks are its own
    EXPECT_TRUE(key.extended_key().format().starts_with("xpub"));
}

TEST(HdKey, WithoutAChainCodeIsABareKey)
{
    auto key = account_hd_key();
    key.chain_code.reset();
    EXPECT_ERROR(key.extended_key(), ErrorCode::malformed);
    EXPECT_EQ(key.key_expression(), "[b8688df1/84h/0h/0h]" + encoding::encode_hex(key.key.compressed()));
}

TEST(HdKey, AnOriginWithoutAFingerprintIsOfTheMasterKeyThatIsNamed)
{
    auto key = account_hd_key();
    key.origin->source.reset();
    EXPECT_EQ(key.key_expression(), account_key);
    EXPECT_EQ(key.key_expression(keys::Fingerprint{{1, 2, 3, 4}}), "[01020304/84h/0h/0h]" + account_key);
    EXPECT_EQ(account_hd_key().key_expression(keys::Fingerprint{{1, 2, 3, 4}}), "[b8688df1/84h/0h/0h]" + account_key);
    key.origin.reset();
    key.parent.reset();
    EXPECT_EQ(key.key_expression(keys::Fingerprint{{1, 2, 3, 4}}).front(), 'x');
}

} // namespace
} // namespace coffer::ur
