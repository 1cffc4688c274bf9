#include "formats/bundle/bundle.h"

#include "core/encoding/hex.h"
#include "tests/support/decoding.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <functional>

namespace coffer::bundle {
namespace {

using artefacts::Artefact;
using artefacts::Kind;
using cbor::Value;

CarriedSignature signature(std::uint32_t payload)
{
    return {payload, {.input = 2, .public_key = Bytes(33, 2), .signature = Bytes(64, 9)}};
}

CarriedRequest carried(std::uint8_t mark)
{
    return {.submission = {.request = {mark, 1}, .payloads = {{mark, 2}, {mark, 3}}, .votes = {{mark, 4}}}, .signatures = {signature(1)}};
}

Bundle example()
{
    return {.header = test::example_header,
            .links = {{1, LinkHash{crypto::sha256(bytes_of("link"))}, {7}}, {2, LinkHash{}, {8, 9}}},
            .online_head = {5, 5},
            .heads = {{1}, {2}},
            .pool = {{3}},
            .requests = {carried(1), carried(2)}};
}

Review example_review()
{
    return {.header = test::example_header, .links = example().links, .heads = {{1}}, .request = carried(3)};
}

bool same(const CarriedRequest& a, const CarriedRequest& b)
{
    return a.submission.request == b.submission.request && a.submission.payloads == b.submission.payloads &&
           a.submission.votes == b.submission.votes && a.signatures == b.signatures;
}

Bundle with(const std::function<void(Value::Map&)>& edit)
{
    const auto body = cbor::decode(encode(example()).body());
    auto fields = body.map_entries("body");
    edit(fields);
    return decode_bundle({Kind::bundle, cbor::encode(Value::map(std::move(fields)))});
}

Value& field(Value::Map& fields, std::uint64_t key)
{
    return std::ranges::find(fields, key, &Value::Map::value_type::first)->second;
}

Value request_value(std::size_t payloads = 1)
{
    return Value::Array{Bytes{1}, Value::Array(payloads, Bytes{}), Value::Array{}, Value::Array{}};
}

TEST(Bundle, ComesBackAsItWas)
{
    auto bare = Bundle{.header = test::example_header, .links = {}, .online_head = {}, .heads = {}, .pool = {}, .requests = {}};
    for (const auto& bundle : {example(), bare}) {
        const auto back = decode_bundle(Artefact::decode(encode(bundle).encode(), Kind::bundle));
        EXPECT_EQ(back.header, bundle.header);
        EXPECT_EQ(back.online_head, bundle.online_head);
        EXPECT_EQ(back.heads, bundle.heads);
        EXPECT_EQ(back.pool, bundle.pool);
        ASSERT_EQ(back.links.size(), bundle.links.size());
        for (std::size_t i = 0; i < back.links.size(); ++i)
            EXPECT_EQ(back.links[i].artefact, bundle.links[i].artefact);
        ASSERT_EQ(back.requests.size(), bundle.requests.size());
        for (std::size_t i = 0; i < back.requests.size(); ++i)
            EXPECT_TRUE(same(back.requests[i], bundle.requests[i]));
        EXPECT_EQ(encode(back).encode(), encode(bundle).encode());
    }
}

TEST(Bundle, CarriesWhatARequestReplaces)
{
    auto bundle = example();
    auto& submission = bundle.requests[1].submission;
    submission.predecessors = {{{1, 1}, {{2}, {3}}, {{}, {signature(1).signature}}}, {{5}, {{6}}, {{}}}};
    const auto back = decode_bundle(encode(bundle)).requests[1].submission.predecessors;
    ASSERT_EQ(back.size(), 2U);
    EXPECT_EQ(back[0].request, (Bytes{1, 1}));
    EXPECT_EQ(back[0].payloads, (std::vector<Bytes>{{2}, {3}}));
    EXPECT_EQ(back[0].signatures, submission.predecessors[0].signatures);
    EXPECT_EQ(back[1].request, Bytes{5});
    EXPECT_EQ(back[1].signatures, submission.predecessors[1].signatures);

    submission.predecessors.assign(requests::most_predecessors + 1, {{1}, {}, {}});
    EXPECT_ERROR(decode_bundle(encode(bundle)), ErrorCode::limit);
    const auto parts_of_replaced = [](Value replaced) {
        return with([&](Value::Map& fields) {
            auto request = field(fields, 6).array("requests")[0].array("request");
            request.push_back(std::move(replaced));
            field(fields, 6) = Value::Array{Value{std::move(request)}};
        });
    };
    EXPECT_NO_THROW(parts_of_replaced(Value::Array{Value::Array{Bytes{1}, Value::Array{}, Value::Array{}}}));
    EXPECT_ERROR(parts_of_replaced(Value::Array{}), ErrorCode::malformed);
    EXPECT_ERROR(parts_of_replaced(Value::Array{Value::Array{Bytes{1}, Value::Array{}}}), ErrorCode::malformed);
    EXPECT_ERROR(parts_of_replaced(Bytes{1}), ErrorCode::malformed);
    EXPECT_ERROR(parts_of_replaced(Value::Array{Value::Array{Bytes{1}, Value::Array{}, Value::Array{signature(0).encode()}}}), ErrorCode::malformed);
}

TEST(Bundle, RefusesCutAndTrailing)
{
    test::expect_refuses_cut_and_trailing(encode(example()).body(), [](ByteView body) { return decode_bundle({Kind::bundle, to_bytes(body)}); });
    test::expect_refuses_cut_and_trailing(encode(example()).encode(),
                                          [](ByteView bytes) { return decode_bundle(Artefact::decode(bytes, Kind::bundle)); });
}

TEST(Bundle, RefusesMissingAndUnknownFields)
{
    for (std::uint64_t key = 0; key <= 6; ++key) {
        SCOPED_TRACE(key);
        const auto drop = [&] { return with([&](auto& fields) { fields.erase(std::ranges::find(fields, key, &Value::Map::value_type::first)); }); };
        if (key == 3)
            EXPECT_TRUE(drop().online_head.empty());
        else
            EXPECT_ERROR(drop(), ErrorCode::malformed);
    }
    EXPECT_ERROR(with([](auto& fields) { fields.emplace_back(7, 0); }), ErrorCode::malformed);
}

TEST(Bundle, RefusesOtherKinds) // F14
{
    EXPECT_ERROR(decode_bundle({Kind::review, encode(example()).body()}), ErrorCode::type);
    EXPECT_ERROR(decode_review({Kind::bundle, encode(example_review()).body()}), ErrorCode::type);
    EXPECT_ERROR(Artefact::decode(encode(example_review()).encode(), Kind::bundle), ErrorCode::type);
}

TEST(Bundle, AnEmptyHeadIsLeftOut)
{
    EXPECT_ERROR(with([](auto& fields) { field(fields, 3) = Bytes{}; }), ErrorCode::malformed);
}

TEST(Bundle, RefusesPartsOfAnotherCountOrSort)
{
    const auto with_request = [](Value request) {
        return with([&](auto& fields) { field(fields, 6) = Value::Array{request}; });
    };
    EXPECT_EQ(with_request(request_value()).requests.size(), 1U);
    EXPECT_ERROR(with_request(Value{1}), ErrorCode::malformed);
    EXPECT_ERROR(with_request(Value::Array{Bytes{}, Value::Array{}, Value::Array{}}), ErrorCode::malformed);
    EXPECT_ERROR(with_request(Value::Array{Bytes{}, Value::Array{}, Value::Array{}, Value::Array{}, 1}), ErrorCode::malformed);
    EXPECT_ERROR(with_request(Value::Array{"request", Value::Array{}, Value::Array{}, Value::Array{}}), ErrorCode::malformed);
    EXPECT_ERROR(with_request(Value::Array{Bytes{}, Bytes{}, Value::Array{}, Value::Array{}}), ErrorCode::malformed);
    EXPECT_ERROR(with_request(Value::Array{Bytes{}, Value::Array{1}, Value::Array{}, Value::Array{}}), ErrorCode::malformed);
    EXPECT_ERROR(with_request(Value::Array{Bytes{}, Value::Array{}, Value::Array{"vote"}, Value::Array{}}), ErrorCode::malformed);
    EXPECT_ERROR(with_request(Value::Array{Bytes{}, Value::Array{}, Value::Array{}, Value::Array{1}}), ErrorCode::malformed);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 2) = Value::Array{Value::Array{1, Bytes(32)}}; }), ErrorCode::malformed);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 4) = Value::Array{1}; }), ErrorCode::malformed);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 5) = Value::map({}); }), ErrorCode::malformed);
}

TEST(Bundle, LimitsRequestsAndPayloadsOverAll)
{
    const auto with_requests = [](std::size_t count, std::size_t payloads) {
        return with([&](auto& fields) { field(fields, 6) = Value::Array(count, request_value(payloads)); });
    };
    EXPECT_EQ(with_requests(most_requests, 1).requests.size(), most_requests);
    EXPECT_ERROR(with_requests(most_requests + 1, 0), ErrorCode::limit);
    EXPECT_EQ(with_requests(4, most_payloads / 4).requests.size(), 4U);
    EXPECT_ERROR(with_requests(4, most_payloads / 4 + 1), ErrorCode::limit);
}

TEST(Bundle, LimitsCarriedSignaturesOverAll)
{
    const auto with_signatures = [](std::size_t requests, std::size_t each) {
        const Value::Array signatures(each, CarriedSignature{}.encode());
        return with([&](auto& fields) {
            field(fields, 6) = Value::Array(requests, Value{Value::Array{Bytes{}, Value::Array{}, Value::Array{}, signatures}});
        });
    };
    EXPECT_EQ(with_signatures(2, most_carried_signatures / 2).requests.size(), 2U);
    EXPECT_ERROR(with_signatures(2, most_carried_signatures / 2 + 1), ErrorCode::limit);
    EXPECT_ERROR(with_signatures(1, most_carried_signatures + 1), ErrorCode::limit);
}

TEST(Bundle, LimitsLinksAndBlobs)
{
    EXPECT_EQ(with([](auto& fields) { field(fields, 5) = Value::Array(10'000, Bytes{}); }).pool.size(), 10'000U);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 5) = Value::Array(10'001, Bytes{}); }), ErrorCode::limit);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 4) = Value::Array(10'001, Bytes{}); }), ErrorCode::limit);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 2) = Value::Array(100'001, Value{}); }), ErrorCode::limit);
}

TEST(Bundle, RefusesDeclaredCountsThatTheInputDoesNotHold) // F11
{
    const auto refused = [](std::string_view hex, ErrorCode code) {
        SCOPED_TRACE(hex);
        EXPECT_ERROR(decode_bundle({Kind::bundle, encoding::decode_hex(hex)}), code);
    };
    const std::string head = "006474657374" "015820" + std::string(64, 'a'); // "test", a treasury
    refused("a6" + head + "029affffffff", ErrorCode::cbor_length);
    refused("a6" + head + "029bffffffffffffffff", ErrorCode::cbor_length);
    refused("a6" + head + "02800480" "055bffffffffffffffff", ErrorCode::cbor_length);
    refused("bbffffffffffffffff", ErrorCode::cbor_length);
}

TEST(Bundle, RefusesDeepNestingAndOtherEncodings) // F10, F12
{
    Value deep{1};
    for (int i = 0; i < 7; ++i)
        deep = Value{Value::Array{deep}};
    EXPECT_ERROR(with([&](auto& fields) { field(fields, 5) = deep; }), ErrorCode::malformed); // depth 8
    deep = Value{Value::Array{deep}};
    EXPECT_ERROR(with([&](auto& fields) { field(fields, 5) = deep; }), ErrorCode::cbor_depth);
    EXPECT_ERROR(decode_bundle({Kind::bundle, Bytes(30'000, 0x81)}), ErrorCode::cbor_depth);

    const auto good = encode({.header = test::example_header, .links = {}, .online_head = {}, .heads = {}, .pool = {}, .requests = {}}).body();
    ASSERT_EQ(good[good.size() - 8], 0x02); // 02 80, 04 80, 05 80, 06 80
    const auto change = [&](std::size_t from_end, Bytes replacement) {
        Bytes body(good.begin(), good.end() - static_cast<std::ptrdiff_t>(from_end));
        append(body, replacement);
        return decode_bundle({Kind::bundle, body});
    };
    EXPECT_NO_THROW(static_cast<void>(change(2, {0x06, 0x80})));
    EXPECT_ERROR(change(2, {0x06, 0x9f, 0xff}), ErrorCode::canon);  // indefinite
    EXPECT_ERROR(change(2, {0x06, 0x98, 0x00}), ErrorCode::canon);  // long count
    EXPECT_ERROR(change(2, {0x05, 0x80}), ErrorCode::canon);        // a key twice
    EXPECT_ERROR(change(2, {0x18, 0x06, 0x80}), ErrorCode::canon);  // long key
    EXPECT_ERROR(change(2, {0x06, 0xf9, 0x7e, 0x00}), ErrorCode::canon); // NaN
    EXPECT_ERROR(change(2, {0x06, 0xc0, 0x80}), ErrorCode::canon);  // tag
}

TEST(CarriedSignature, ComesBackAndHasFourParts)
{
    EXPECT_EQ(CarriedSignature::decode(signature(7).encode()), signature(7));
    const auto decode = [](Value value) { return CarriedSignature::decode(value); };
    EXPECT_NO_THROW(static_cast<void>(decode(Value::Array{0xffffffffU, 0xffffffffU, Bytes{}, Bytes{}})));
    EXPECT_ERROR(decode(Value::Array{0x100000000U, 0, Bytes{}, Bytes{}}), ErrorCode::malformed);
    EXPECT_ERROR(decode(Value::Array{0, 0x100000000U, Bytes{}, Bytes{}}), ErrorCode::malformed);
    EXPECT_ERROR(decode(Value::Array{0, 0, Bytes{}}), ErrorCode::malformed);
    EXPECT_ERROR(decode(Value::Array{0, 0, Bytes{}, Bytes{}, 0}), ErrorCode::malformed);
    EXPECT_ERROR(decode(Value::Array{0, 0, "key", Bytes{}}), ErrorCode::malformed);
}

TEST(Review, ComesBackAsItWas)
{
    const auto back = decode_review(Artefact::decode(encode(example_review()).encode(), Kind::review));
    EXPECT_EQ(back.header, test::example_header);
    EXPECT_EQ(back.links.size(), 2U);
    EXPECT_EQ(back.heads, example_review().heads);
    EXPECT_TRUE(same(back.request, example_review().request));
    EXPECT_EQ(encode(back).encode(), encode(example_review()).encode());
}

TEST(Review, RefusesCutTrailingMissingAndUnknown)
{
    test::expect_refuses_cut_and_trailing(encode(example_review()).body(), [](ByteView body) { return decode_review({Kind::review, to_bytes(body)}); });
    const auto body = cbor::decode(encode(example_review()).body());
    for (std::size_t i = 0; i < 5; ++i) {
        auto fields = body.map_entries("body");
        fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_ERROR(decode_review({Kind::review, cbor::encode(Value::map(fields))}), ErrorCode::malformed);
    }
    auto fields = body.map_entries("body");
    fields.emplace_back(5, 0);
    EXPECT_ERROR(decode_review({Kind::review, cbor::encode(Value::map(fields))}), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::bundle
