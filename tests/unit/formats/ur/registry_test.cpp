#include "formats/ur/registry.h"

#include "core/encoding/cbor.h"
#include "formats/ur/session.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/ur/messages.h"

#include <set>

namespace coffer::ur {
namespace {

using test_messages::wolf;
using test_messages::wolf_cbor;

const std::vector<std::pair<Type, std::pair<std::string_view, std::string_view>>> names = {
    {Type::bytes, {"bytes", "bytes"}},
    {Type::psbt, {"crypto-psbt", "psbt"}},
    {Type::hdkey, {"crypto-hdkey", "hdkey"}},
    {Type::account_descriptor, {"crypto-account", "account-descriptor"}},
    {Type::output_descriptor, {"crypto-output", "output-descriptor"}},
    {Type::eth_sign_request, {"eth-sign-request", "eth-sign-request"}},
    {Type::eth_signature, {"eth-signature", "eth-signature"}},
    {Type::coffer_bundle, {"coffer-bundle", "coffer-bundle"}},
    {Type::coffer_receipt, {"coffer-receipt", "coffer-receipt"}},
    {Type::coffer_charter, {"coffer-charter", "coffer-charter"}},
    {Type::coffer_entry, {"coffer-entry", "coffer-entry"}},
};

Message received(std::string_view text)
{
    Session session;
    session.add(text);
    return session.message();
}

TEST(Registry, FollowsTheVectors)
{
    std::set<std::string> kinds;
    for (const auto& vector : test::load_vectors("ur_registry.json")) {
        SCOPED_TRACE(vector.name());
        if (vector.is_invalid()) {
            EXPECT_ERROR(unwrap(received(vector.text("ur"))), vector.error_code());
            continue;
        }
        const auto message = received(vector.text("ur"));
        EXPECT_EQ(message, (Message{vector.kind(), vector.bytes("cbor")}));
        EXPECT_EQ(format_message(message), vector.text("ur"));
        const auto type = find_type(vector.kind());
        if (!type) {
            EXPECT_ERROR(unwrap(message), ErrorCode::type);
            continue;
        }
        kinds.insert(vector.kind());
        const auto content = unwrap(message);
        EXPECT_EQ(content.type, *type);
        EXPECT_EQ(content.payload, vector.kind() == "crypto-psbt" ? vector.bytes("fields.psbt") : message.cbor);
        EXPECT_EQ(wrap(content.type, content.payload), message);
    }
    EXPECT_EQ(kinds, (std::set<std::string>{"crypto-account", "crypto-hdkey", "crypto-output", "crypto-psbt", "eth-sign-request", "eth-signature", "hdkey"}));
}

TEST(Registry, FindsEveryTypeUnderBothNames)
{
    for (const auto& [type, both] : names) {
        const auto& [old_name, new_name] = both;
        EXPECT_EQ(name_of(type, Naming::version_1), old_name);
        EXPECT_EQ(name_of(type, Naming::version_2), new_name);
        EXPECT_EQ(find_type(new_name), (NamedType{type, Naming::version_2}));
        EXPECT_EQ(find_type(old_name), (NamedType{type, old_name == new_name ? Naming::version_2 : Naming::version_1}));
    }
    for (const std::string_view name : {"", "crypto-bytes", "crypto-eth-signature", "crypto-seed", "PSBT", "psbt ", "hdkey\n", "crypto-output-descriptor"})
        EXPECT_EQ(find_type(name), std::nullopt) << name;
}

TEST(Registry, OnlyBytesAndPsbtAreWrappedInAByteString)
{
    const auto body = wolf_cbor(30);
    for (const auto& [type, both] : names) {
        const bool is_wrapped = type == Type::bytes || type == Type::psbt;
        EXPECT_EQ(wrapping_of(type), is_wrapped ? Wrapping::byte_string : Wrapping::none);
        for (const auto naming : {Naming::version_1, Naming::version_2}) {
            const auto message = wrap({type, naming}, body);
            EXPECT_EQ(message.cbor, is_wrapped ? cbor::encode(cbor::Value{body}) : body);
            EXPECT_EQ(unwrap_as(type, message), body);
        }
    }
}

TEST(Registry, AnotherTypeThanExpectedIsRefused)
{
    const auto charter = wrap({Type::coffer_charter, Naming::version_2}, wolf_cbor(30));
    EXPECT_EQ(unwrap_as(Type::coffer_charter, charter), wolf_cbor(30));
    EXPECT_ERROR(unwrap_as(Type::coffer_bundle, charter), ErrorCode::type);
    EXPECT_ERROR(unwrap_as(Type::psbt, wrap({Type::bytes, Naming::version_2}, wolf(30))), ErrorCode::type);
    EXPECT_ERROR(unwrap({"crypto-seed", wolf_cbor(30)}), ErrorCode::type);
}

TEST(Registry, AByteStringIsOneAndNothingElse)
{
    const auto content = [](Bytes cbor) { return unwrap_as(Type::bytes, {"bytes", std::move(cbor)}); };
    EXPECT_EQ(content({0x41, 0x07}), Bytes{0x07});
    EXPECT_EQ(content({0x40}), Bytes{});
    EXPECT_ERROR(content({0x07}), ErrorCode::malformed);
    EXPECT_ERROR(content({0x61, 0x61}), ErrorCode::malformed);
    EXPECT_ERROR(content({0x81, 0x40}), ErrorCode::malformed);
    EXPECT_ERROR(content({0x41}), ErrorCode::cbor_length);
    EXPECT_ERROR(content({0x41, 0x07, 0x07}), ErrorCode::malformed);
    EXPECT_ERROR(content({0x58, 0x01, 0x07}), ErrorCode::canon);
    EXPECT_ERROR(content({0x5f, 0x41, 0x07, 0xff}), ErrorCode::canon);
    EXPECT_ERROR(content({0xd8, 0x18, 0x41, 0x07}), ErrorCode::canon);
    EXPECT_ERROR(content({0x81, 0x81, 0x40}), ErrorCode::cbor_depth);
    EXPECT_ERROR(content({0x9a, 0xff, 0xff, 0xff, 0xff}), ErrorCode::cbor_length);
}

} // namespace
} // namespace coffer::ur
