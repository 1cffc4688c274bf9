#include "core/requests/request.h"

#include "tests/support/decoding.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <functional>

namespace coffer::requests {
namespace {

using cbor::Value;

Request example()
{
    return {.header = test::example_header,
            .position = {3, LinkHash{crypto::sha256(bytes_of("link"))}},
            .id = make_request_id(test::founding_day, {1, 2, 3}),
            .kind = charter::RequestKind::transfer,
            .wallet = "eth-cold",
            .payloads = {PayloadDigest{crypto::sha256(bytes_of("one"))}, PayloadDigest{crypto::sha256(bytes_of("two"))}},
            .payment = PaymentDigest{crypto::sha256(bytes_of("payment"))},
            .replaces = RequestDigest{crypto::sha256(bytes_of("replaced"))},
            .height = 19'000'000,
            .order = EntryHash{crypto::sha256(bytes_of("standing order"))},
            .requester = "alice",
            .created = test::founding_day,
            .expires = test::founding_day + hours(24)};
}

Request with(const std::function<void(Value::Map&)>& edit)
{
    const auto body = cbor::decode(encode(example()).body());
    auto fields = body.map_entries("body");
    edit(fields);
    return decode_request({artefacts::Kind::request, cbor::encode(Value::map(std::move(fields)))});
}

Value& field(Value::Map& fields, std::uint64_t key)
{
    return std::ranges::find(fields, key, &Value::Map::value_type::first)->second;
}

TEST(Request, ComesBackAsItWas)
{
    auto bare = example();
    bare.replaces.reset();
    bare.height.reset();
    bare.order.reset();
    bare.payloads.resize(1);
    for (const auto& request : {example(), bare}) {
        EXPECT_EQ(decode_request(encode(request)), request);
        EXPECT_EQ(encode(decode_request(encode(request))).encode(), encode(request).encode());
    }
}

TEST(Request, EveryKindComesBack)
{
    for (int kind = 0; kind <= static_cast<int>(charter::RequestKind::key_ceremony); ++kind) {
        auto request = example();
        request.kind = static_cast<charter::RequestKind>(kind);
        EXPECT_EQ(decode_request(encode(request)), request);
    }
    EXPECT_ERROR(with([](auto& fields) { field(fields, 4) = "payment"; }), ErrorCode::malformed);
}

TEST(Request, RefusesCutAndTrailing)
{
    test::expect_refuses_cut_and_trailing(encode(example()).body(), [](ByteView body) {
        return decode_request({artefacts::Kind::request, to_bytes(body)});
    });
    test::expect_refuses_cut_and_trailing(encode(example()).encode(), [](ByteView bytes) {
        return decode_request(artefacts::Artefact::decode(bytes, artefacts::Kind::request));
    });
}

TEST(Request, RefusesMissingAndUnknownFieldsAndOtherKinds)
{
    for (std::uint64_t key = 0; key <= 13; ++key) {
        SCOPED_TRACE(key);
        const auto drop = [&] { return with([&](auto& fields) { fields.erase(std::ranges::find(fields, key, &Value::Map::value_type::first)); }); };
        if (key == 8 || key == 9 || key == 13)
            EXPECT_NO_THROW(static_cast<void>(drop()));
        else
            EXPECT_ERROR(drop(), ErrorCode::malformed);
    }
    EXPECT_ERROR(with([](auto& fields) { fields.emplace_back(14, 0); }), ErrorCode::malformed);
    EXPECT_ERROR(decode_request({artefacts::Kind::vote, encode(example()).body()}), ErrorCode::type);
}

TEST(Request, NamesBetweenOneAndAThousandDifferentPayloads)
{
    const auto with_payloads = [](std::size_t count) {
        return with([&](auto& fields) {
            Value::Array digests;
            for (std::size_t i = 0; i < count; ++i)
                digests.emplace_back(crypto::sha256(ByteArray<2>{static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}));
            field(fields, 6) = std::move(digests);
        });
    };
    EXPECT_ERROR(with_payloads(0), ErrorCode::malformed);
    EXPECT_EQ(with_payloads(1000).payloads.size(), 1000U);
    EXPECT_ERROR(with_payloads(1001), ErrorCode::limit);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 6) = Value::Array{Bytes(32, 1), Bytes(32, 2), Bytes(32, 1)}; }), ErrorCode::malformed);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 6) = Value::Array{Bytes(31, 1)}; }), ErrorCode::malformed);
}

TEST(Request, ItsIdIsAUuidOfVersion7)
{
    EXPECT_NO_THROW(static_cast<void>(with([](auto& fields) { field(fields, 3) = make_request_id({}, {}).bytes(); })));
    for (const auto& [byte, value] : std::vector<std::pair<std::size_t, std::uint8_t>>{{6, 0x40}, {6, 0x80}, {8, 0x00}, {8, 0xc0}}) {
        auto id = make_request_id(test::founding_day, {}).bytes();
        id[byte] = value;
        EXPECT_ERROR(with([&](auto& fields) { field(fields, 3) = id; }), ErrorCode::malformed);
    }
    EXPECT_ERROR(with([](auto& fields) { field(fields, 3) = Bytes(15); }), ErrorCode::malformed);
}

TEST(Request, ExpiresAfterItWasCreated)
{
    EXPECT_NO_THROW(static_cast<void>(with([](auto& fields) { field(fields, 11) = 5, field(fields, 12) = 6; })));
    EXPECT_ERROR(with([](auto& fields) { field(fields, 11) = 5, field(fields, 12) = 5; }), ErrorCode::malformed);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 11) = 6, field(fields, 12) = 5; }), ErrorCode::malformed);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 12) = 253402300800U; }), ErrorCode::malformed);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 11) = 0xffffffffffffffffU; }), ErrorCode::malformed);
}

TEST(Request, ItsDigestCoversEveryField)
{
    const std::vector<std::function<void(Request&)>> edits{
        [](auto& r) { r.header.environment = artefacts::Environment::production; },
        [](auto& r) { r.header.treasury = TreasuryId{crypto::sha256(bytes_of("x"))}; },
        [](auto& r) { r.position.number = 4; },
        [](auto& r) { r.position.link = LinkHash{}; },
        [](auto& r) { r.id = make_request_id(test::founding_day, {4}); },
        [](auto& r) { r.kind = charter::RequestKind::consolidate; },
        [](auto& r) { r.wallet = "eth-warm"; },
        [](auto& r) { std::swap(r.payloads[0], r.payloads[1]); },
        [](auto& r) { r.payloads.pop_back(); },
        [](auto& r) { r.payment = PaymentDigest{}; },
        [](auto& r) { r.replaces.reset(); },
        [](auto& r) { r.replaces = RequestDigest{}; },
        [](auto& r) { r.height.reset(); },
        [](auto& r) { r.height = 1; },
        [](auto& r) { r.requester = "bob"; },
        [](auto& r) { r.created = r.created + Duration{1}; },
        [](auto& r) { r.expires = r.expires + Duration{1}; },
    };
    std::vector<RequestDigest> digests{digest_of(encode(example()))};
    for (const auto& edit : edits) {
        auto request = example();
        edit(request);
        const auto digest = digest_of(encode(request));
        EXPECT_EQ(std::ranges::find(digests, digest), digests.end()) << "edit " << digests.size();
        digests.push_back(digest);
    }
    auto signed_one = encode(example());
    signed_one.sign(test::key_named("alice"));
    EXPECT_EQ(digest_of(signed_one), digests.front());
}

TEST(Fingerprint, IsSixWordsOfTheFirstSixtySixBits)
{
    EXPECT_EQ(fingerprint(RequestDigest{}), "abandon-abandon-abandon-abandon-abandon-abandon");
    ByteArray<32> bytes{};
    bytes[8] = 0x40; // bit 66: the last one that the words show
    EXPECT_EQ(fingerprint(RequestDigest{bytes}), "abandon-abandon-abandon-abandon-abandon-ability");
    bytes[8] = 0x3f;
    EXPECT_EQ(fingerprint(RequestDigest{bytes}), fingerprint(RequestDigest{}));
    bytes.fill(0xff);
    EXPECT_EQ(fingerprint(RequestDigest{bytes}), "zoo-zoo-zoo-zoo-zoo-zoo");
}

} // namespace
} // namespace coffer::requests
