#include "formats/ur/output_descriptor.h"

#include "core/encoding/hex.h"
#include "formats/ur/account_descriptor.h"
#include "formats/ur/body.h"
#include "tests/support/vectors.h"

#include <algorithm>

namespace coffer::ur {
namespace {

using cbor::Value;

const std::string one_key = "03e220e776d811c44075a4a260734445c8967865f5357ba98ead3bc6a6552c36f2";

HdKey bare_key()
{
    return HdKey{crypto::Secp256k1PublicKey::decode(encoding::decode_hex(one_key))};
}

OutputDescriptor decode(const Value& value)
{
    return decode_output_descriptor_message(cbor::encode(value));
}

Value key_item()
{
    return Value::tagged(40306, Value::map({{3, Value{bare_key().key.compressed()}}}));
}

Naming naming_of(const test::Vector& vector)
{
    return vector.kind().starts_with("crypto-") ? Naming::version_1 : Naming::version_2;
}

TEST(OutputDescriptor, FollowsThePublishedExamples)
{
    std::size_t count = 0;
    for (const auto& vector : test::load_vectors("ur_descriptors.json")) {
        if (vector.kind() != "crypto-output" && vector.kind() != "output-descriptor")
            continue;
        SCOPED_TRACE(vector.name());
        ++count;
        if (vector.is_invalid()) {
            EXPECT_ERROR(decode_output_descriptor_message(vector.bytes("cbor")), vector.error_code());
            continue;
        }
        const auto descriptor = decode_output_descriptor_message(vector.bytes("cbor"));
        EXPECT_EQ(descriptor.text(), vector.text("text"));
        EXPECT_EQ(encode_output_descriptor_message(descriptor, naming_of(vector)), vector.bytes("cbor"));
        EXPECT_EQ(descriptor.source, vector.has("source") ? vector.text("source") : descriptor.source);
        EXPECT_EQ(descriptor.name, vector.has("name") ? vector.text("name") : "");
    }
    EXPECT_EQ(count, 9U);
}

TEST(OutputDescriptor, IsTheSameInBothVersions)
{
    for (const auto& vector : test::load_vectors("ur_descriptors.json")) {
        if (vector.is_invalid() || (vector.kind() != "crypto-output" && vector.kind() != "output-descriptor"))
            continue;
        auto descriptor = decode_output_descriptor_message(vector.bytes("cbor"));
        descriptor.name.clear();
        for (const auto naming : {Naming::version_1, Naming::version_2})
            EXPECT_EQ(decode_output_descriptor_message(encode_output_descriptor_message(descriptor, naming)), descriptor);
    }
}

/// `sh(wpkh)` around a key of the path: what the vectors say of an account of another wallet.
std::string text_of_account(const test::Vector& vector, const std::string& at)
{
    const auto script = vector.text(at + "script");
    auto path = vector.text(at + "path").substr(1);
    std::ranges::replace(path, '\'', 'h');
    const auto place = script.find(')');
    const auto key = "[b8688df1" + path + "]" + vector.text(at + "xpub");
    return place == std::string::npos ? script + "(" + key + ")" : script.substr(0, place) + "(" + key + ")" + script.substr(place);
}

TEST(AccountDescriptor, FollowsTheAccountsOfOtherWallets)
{
    std::size_t count = 0;
    for (const auto& vector : test::load_vectors("ur_registry.json")) {
        if (vector.kind() != "crypto-account" || !vector.has("fields.outputs"))
            continue;
        SCOPED_TRACE(vector.name());
        const auto account = decode_account_descriptor_message(vector.bytes("cbor"));
        ASSERT_EQ(account.outputs.size(), vector.count("fields.outputs"));
        const auto texts = account.texts();
        for (std::size_t i = 0; i < texts.size(); ++i, ++count)
            EXPECT_EQ(texts[i], text_of_account(vector, "fields.outputs." + std::to_string(i) + "."));
        for (const auto naming : {Naming::version_1, Naming::version_2})
            EXPECT_EQ(decode_account_descriptor_message(encode_account_descriptor_message(account, naming)), account);
    }
    EXPECT_EQ(count, 8U);
}

TEST(AccountDescriptor, FollowsThePublishedExamples)
{
    std::size_t count = 0;
    for (const auto& vector : test::load_vectors("ur_descriptors.json")) {
        if (!vector.has("texts"))
            continue;
        SCOPED_TRACE(vector.name());
        ++count;
        const auto account = decode_account_descriptor_message(vector.bytes("cbor"));
        EXPECT_EQ(encoding::encode_hex(account.master.bytes()), vector.text("master"));
        const auto texts = account.texts();
        ASSERT_EQ(texts.size(), vector.count("texts"));
        for (std::size_t i = 0; i < texts.size(); ++i)
            EXPECT_EQ(texts[i], vector.text("texts." + std::to_string(i)));
        EXPECT_EQ(encode_account_descriptor_message(account, naming_of(vector)), vector.bytes("cbor"));
    }
    EXPECT_EQ(count, 2U);
}

TEST(AccountDescriptor, AnOriginWithoutAFingerprintIsOfItsMasterKey)
{
    for (const auto& vector : test::load_vectors("ur_descriptors.json")) {
        if (vector.kind() != "account-descriptor")
            continue;
        auto account = decode_account_descriptor_message(vector.bytes("cbor"));
        for (auto& output : account.outputs)
            output.keys.front().origin->source.reset();
        EXPECT_EQ(account.texts().front(), vector.text("texts.0"));
    }
}

TEST(AccountDescriptor, RefusesOtherShapes)
{
    const auto descriptor = Value::tagged(40308, Value::map({{1, "pk(@0)"}, {2, Value::Array{key_item()}}}));
    const auto decode_account = [](Value master, Value outputs) {
        return decode_account_descriptor_message(cbor::encode(Value::map({{1, std::move(master)}, {2, std::move(outputs)}})));
    };
    EXPECT_EQ(decode_account(7U, Value::Array{descriptor}).texts(), std::vector<std::string>{"pk(" + one_key + ")"});
    EXPECT_ERROR(decode_account(7U, Value::Array{}), ErrorCode::malformed);
    EXPECT_ERROR(decode_account(0U, Value::Array{descriptor}), ErrorCode::malformed);
    EXPECT_ERROR(decode_account(7U, descriptor), ErrorCode::malformed);
    EXPECT_ERROR(decode_account(7U, Value::Array{descriptor.untagged("descriptor")}), ErrorCode::malformed);
    EXPECT_ERROR(decode_account(7U, Value::Array{Value::tagged(40303, descriptor.untagged("descriptor"))}), ErrorCode::malformed);
    EXPECT_ERROR(decode_account_descriptor_message(cbor::encode(Value::map({{1, 7U}}))), ErrorCode::malformed);
    EXPECT_ERROR(decode_account_descriptor_message(cbor::encode(Value::map({{1, 7U}, {2, Value::Array{descriptor}}, {3, 1U}}))), ErrorCode::malformed);
}

TEST(OutputDescriptor, EveryPlaceHasItsKeyAndEveryKeyItsPlace)
{
    const auto with = [](std::string source, std::size_t count) {
        Value::Map fields{{1, std::move(source)}};
        if (count != 0)
            fields.emplace_back(2, Value::Array(count, key_item()));
        return decode(Value::map(std::move(fields)));
    };
    EXPECT_EQ(with("pk(@0)", 1).text(), "pk(" + one_key + ")");
    EXPECT_EQ(with("multi(1,@0,@1,@0)", 2).text(), "multi(1," + one_key + "," + one_key + "," + one_key + ")");
    EXPECT_EQ(with("pk(" + one_key + ")", 0).text(), "pk(" + one_key + ")");
    EXPECT_EQ(with("", 0).text(), "");
    for (const std::string_view source : {"pk(@1)", "pk(@)", "pk(@00)", "pk(@01)", "pk(@-0)", "pk(@x)", "@", "pk()", "pk(@0,@1)", "pk(@99999999999999999999999)"})
        EXPECT_ERROR(with(std::string{source}, 1), ErrorCode::malformed);
    EXPECT_ERROR(with("pk(@0)", 0), ErrorCode::malformed);
    EXPECT_ERROR(with("pk(@0)", 2), ErrorCode::malformed);
}

TEST(OutputDescriptor, TextsAreBounded)
{
    const auto with = [](std::string source) { return decode(Value::map({{1, std::move(source)}, {2, Value::Array{key_item()}}})); };
    std::string many;
    for (std::size_t i = 0; i < most_descriptor_text / one_key.size(); ++i)
        many += "@0";
    EXPECT_EQ(with(many).text().size(), many.size() / 2 * one_key.size());
    EXPECT_ERROR(with(many + "@0").text(), ErrorCode::limit);
    EXPECT_ERROR(with("@0" + std::string(most_descriptor_text, 'x')), ErrorCode::limit);
}

TEST(OutputDescriptor, RefusesOtherShapes)
{
    const auto refuse = [](const Value& value, ErrorCode code) { EXPECT_ERROR(decode(value), code); };
    const auto under = [](std::uint64_t tag, Value value) { return Value::tagged(tag, std::move(value)); };
    EXPECT_EQ(decode(under(403, key_item())).text(), "pkh(" + one_key + ")");
    EXPECT_EQ(decode(under(408, Bytes{0x6a})).text(), "raw(6a)");
    refuse(key_item(), ErrorCode::malformed);
    refuse(under(399, key_item()), ErrorCode::malformed);
    refuse(under(411, key_item()), ErrorCode::malformed);
    refuse(under(403, under(404, key_item())), ErrorCode::malformed);
    refuse(under(403, key_item().untagged("key")), ErrorCode::malformed);
    refuse(under(406, Value::map({{1, 1U}})), ErrorCode::malformed);
    refuse(under(406, Value::map({{1, 1U}, {2, Value::Array{key_item()}}, {3, 1U}})), ErrorCode::malformed);
    refuse(under(307, Value::map({{3, Bytes(20, 1)}})), ErrorCode::malformed);
    refuse(under(403, under(306, Value::map({{1, 1U}, {3, Bytes(33, 2)}}))), ErrorCode::malformed);
    refuse(under(403, under(306, Value::map({{2, true}, {3, Bytes(33, 2)}}))), ErrorCode::secret_source);
    refuse(under(403, under(306, Value::map({{3, Bytes(33, 0)}}))), ErrorCode::pubkey);
    refuse(under(403, under(306, Value::map({{3, Value{bare_key().key.compressed()}}, {4, 1U}}))), ErrorCode::malformed);
    refuse(Value::map({{2, Value::Array{key_item()}}}), ErrorCode::malformed);
    refuse(Value::map({{1, "pk(@0)"}, {2, Value::Array{key_item()}}, {5, 1U}}), ErrorCode::malformed);
}

TEST(OutputDescriptor, IsNestedNoDeeperThanSixteen)
{
    auto value = key_item(); // two levels
    for (int i = 0; i < 14; ++i)
        value = Value::tagged(401, std::move(value));
    EXPECT_EQ(decode(value).source, "wsh(wsh(wsh(wsh(wsh(wsh(wsh(wsh(wsh(wsh(wsh(wsh(wsh(wsh(@0))))))))))))))");
    EXPECT_ERROR(decode(Value::tagged(401, value)), ErrorCode::cbor_depth);
}

TEST(OutputDescriptor, VersionOneSaysOnlyWhatItHasTagsFor)
{
    const auto encode = [](std::string source) {
        return encode_output_descriptor({std::move(source), {bare_key()}, "", ""}, Naming::version_1);
    };
    EXPECT_EQ(encode("pkh(@0)"), Value::tagged(403, encode("pk(@0)").untagged("pk")));
    EXPECT_EQ(encode("raw(6a00)"), Value::tagged(408, Bytes{0x6a, 0x00}));
    for (const std::string_view source : {"", "pkh", "pkh(", "pkh()", "pkh(@0", "pkh(@0))", "pkh(@0)#12345678", "pkh(@1)", "pkh(@)", "pkh(@x)", "pkh(wpkh(@0))", "and_v(@0)",
                                          "multi(2,@0,)", "multi(,@0)", "multi(2,x)", "multi(x,@0)", "raw(6)", "wsh(@0", " pkh(@0)"}) {
        SCOPED_TRACE(source);
        EXPECT_ERROR(encode(std::string{source}), ErrorCode::malformed);
    }
    EXPECT_ERROR(encode_output_descriptor({"pkh(@0)", {bare_key()}, "name", ""}, Naming::version_1), ErrorCode::malformed);
    EXPECT_ERROR(encode_output_descriptor({"pkh(@0)", {bare_key()}, "", "note"}, Naming::version_1), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::ur
