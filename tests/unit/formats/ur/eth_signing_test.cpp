#include "formats/ur/eth_signing.h"

#include "core/encoding/hex.h"
#include "formats/ur/body.h"
#include "tests/support/decoding.h"
#include "tests/support/vectors.h"

#include <algorithm>

namespace coffer::ur {
namespace {

using cbor::Value;

std::vector<test::Vector> vectors_of(std::string_view kind)
{
    auto vectors = test::load_vectors("ur_registry.json");
    std::erase_if(vectors, [&](const auto& vector) { return vector.kind() != kind; });
    EXPECT_FALSE(vectors.empty());
    return vectors;
}

std::string without_hyphens(std::string uuid)
{
    std::erase(uuid, '-');
    return uuid;
}

std::string optional_text(const test::Vector& vector, std::string_view field)
{
    return vector.has(field) ? vector.text(field) : "";
}

TEST(EthSignRequest, FollowsTheVectors)
{
    for (const auto& vector : vectors_of("eth-sign-request")) {
        SCOPED_TRACE(vector.name());
        const auto message = vector.bytes("cbor");
        const auto request = decode_eth_sign_request(message);
        EXPECT_EQ(encoding::encode_hex(*request.id), without_hyphens(vector.text("fields.request_id")));
        EXPECT_EQ(request.data, vector.bytes("fields.sign_data"));
        EXPECT_EQ(static_cast<unsigned>(request.type), vector.number("fields.data_type"));
        EXPECT_EQ(request.chain_id, vector.number("fields.chain_id"));
        auto path = vector.text("fields.path").substr(1);
        std::ranges::replace(path, '\'', 'h');
        EXPECT_EQ(request.path.key_origin()->format(), "[" + vector.text("fields.source_fingerprint") + path + "]");
        EXPECT_EQ(request.address ? "0x" + encoding::encode_hex(*request.address) : "", optional_text(vector, "fields.address"));
        EXPECT_EQ(request.origin, optional_text(vector, "fields.origin"));
        EXPECT_EQ(encode_eth_sign_request(request), message);
        EXPECT_EQ(decode_eth_sign_request(encode_eth_sign_request(request, Naming::version_2)), request);
        test::expect_refuses_cut_and_trailing(message, decode_eth_sign_request);
    }
}

TEST(EthSignature, FollowsTheVectors)
{
    for (const auto& vector : vectors_of("eth-signature")) {
        SCOPED_TRACE(vector.name());
        const auto message = vector.bytes("cbor");
        const auto signature = decode_eth_signature(message);
        EXPECT_EQ(encoding::encode_hex(*signature.id), without_hyphens(vector.text("fields.request_id")));
        const auto bytes = vector.bytes("fields.signature");
        EXPECT_TRUE(equal(signature.compact, ByteView{bytes}.first(64)));
        EXPECT_EQ(signature.v, bytes.back());
        EXPECT_EQ(signature.origin, optional_text(vector, "fields.origin"));
        EXPECT_EQ(encode_eth_signature(signature), message);
        test::expect_refuses_cut_and_trailing(message, decode_eth_signature);
    }
}

/// The fields of a good message, one of them replaced or, by none, left out.
Bytes with(const Bytes& message, std::uint64_t field, std::optional<Value> value)
{
    auto fields = cbor::decode(message, body_limits).map_entries("message");
    std::erase_if(fields, [&](const auto& entry) { return entry.first == field; });
    if (value)
        fields.emplace_back(field, std::move(*value));
    return cbor::encode(Value::map(std::move(fields)));
}

TEST(EthSignRequest, RefusesOtherShapes)
{
    const auto good = vectors_of("eth-sign-request").front().bytes("cbor");
    const auto changed = [&](std::uint64_t field, std::optional<Value> value) { return decode_eth_sign_request(with(good, field, std::move(value))); };
    EXPECT_EQ(changed(1, std::nullopt).id, std::nullopt);
    EXPECT_EQ(changed(4, std::nullopt).chain_id, 1U);
    EXPECT_EQ(changed(6, std::nullopt).address, std::nullopt);
    for (const std::uint64_t field : {2U, 3U, 5U})
        EXPECT_ERROR(changed(field, std::nullopt), ErrorCode::malformed);
    EXPECT_ERROR(changed(1, Value{Bytes(16, 1)}), ErrorCode::malformed);
    EXPECT_ERROR(changed(1, Value::tagged(38, Bytes(16, 1))), ErrorCode::malformed);
    EXPECT_ERROR(changed(1, Value::tagged(37, Bytes(15, 1))), ErrorCode::malformed);
    EXPECT_ERROR(changed(2, Value{Bytes{}}), ErrorCode::malformed);
    EXPECT_ERROR(changed(3, 0U), ErrorCode::malformed);
    EXPECT_ERROR(changed(3, 5U), ErrorCode::malformed);
    EXPECT_ERROR(changed(6, Value{Bytes(19, 1)}), ErrorCode::malformed);
    EXPECT_ERROR(changed(7, Value{Bytes(19, 1)}), ErrorCode::malformed);
    EXPECT_ERROR(changed(8, 1U), ErrorCode::malformed);
    const auto path = [](KeyPath steps) { return Value::tagged(304, encode_key_path(steps)); };
    EXPECT_EQ(changed(5, path({{{PathStep::Kind::index, 7, 0}}, std::nullopt, std::nullopt})).path.format_steps(), "/7");
    EXPECT_ERROR(changed(5, path({{{PathStep::Kind::wildcard, 0, 0}}, std::nullopt, std::nullopt})), ErrorCode::malformed);
    EXPECT_ERROR(changed(5, path({{}, std::nullopt, std::nullopt}).untagged("path")), ErrorCode::malformed);
}

TEST(EthSignRequest, TakesDataUpToAWholeMessage)
{
    auto request = decode_eth_sign_request(vectors_of("eth-sign-request").front().bytes("cbor"));
    request.data = Bytes(most_message_bytes - 200, 1);
    EXPECT_EQ(decode_eth_sign_request(encode_eth_sign_request(request)), request);
    request.data = Bytes(most_message_bytes, 1);
    EXPECT_ERROR(decode_eth_sign_request(encode_eth_sign_request(request)), ErrorCode::limit);
}

TEST(EthSignature, ANumberThatHoldsTheChainIsLonger)
{
    EthSignature signature{std::nullopt, {}, 0, ""};
    for (const std::uint64_t v : {0ULL, 1ULL, 27ULL, 255ULL, 256ULL, 2ULL * 11155111 + 36, 0xffffffffffffffffULL}) {
        signature.v = v;
        EXPECT_EQ(decode_eth_signature(encode_eth_signature(signature)), signature);
    }
    const auto with_v = [](const Bytes& v) {
        Bytes bytes(64, 1);
        append(bytes, v);
        return decode_eth_signature(cbor::encode(Value::map({{2, std::move(bytes)}}))).v;
    };
    EXPECT_EQ(with_v({0x01, 0x00}), 256U);
    EXPECT_ERROR(with_v({}), ErrorCode::malformed);
    EXPECT_ERROR(with_v({0x00, 0x1b}), ErrorCode::malformed);
    EXPECT_ERROR(with_v(Bytes(9, 1)), ErrorCode::malformed);
    EXPECT_ERROR(decode_eth_signature(cbor::encode(Value::map({{2, Bytes(63, 1)}}))), ErrorCode::malformed);
    EXPECT_ERROR(decode_eth_signature(cbor::encode(Value::map({{2, Bytes(65, 1)}, {4, 1U}}))), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::ur
