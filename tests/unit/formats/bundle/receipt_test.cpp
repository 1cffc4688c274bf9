#include "formats/bundle/receipt.h"

#include "tests/support/decoding.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <functional>

namespace coffer::bundle {
namespace {

using artefacts::Artefact;
using artefacts::Kind;
using cbor::Value;

RequestDigest digest(std::string_view name)
{
    return RequestDigest{crypto::sha256(bytes_of(name))};
}

Receipt example()
{
    return {.header = test::example_header,
            .bundle = BundleDigest{crypto::sha256(bytes_of("bundle"))},
            .appliance = "vault-a",
            .time = test::founding_day,
            .results = {{digest("one"), Outcome::signed_, "", {{0, {0, Bytes(33, 2), Bytes(64, 9)}}, {1, {0, Bytes(33, 2), Bytes(64, 8)}}}},
                        {digest("two"), Outcome::refused, "fee_cap", {}},
                        {digest("three"), Outcome::declined, "declined", {}}},
            .position = {4, LinkHash{crypto::sha256(bytes_of("link"))}},
            .findings = {"the clock was set"},
            .log_size = 12,
            .log_root = Hash256{crypto::sha256(bytes_of("root"))},
            .consistency = Consistency{7, {Hash256{crypto::sha256(bytes_of("path"))}}},
            .head = {1, 2, 3}};
}

Receipt with(const std::function<void(Value::Map&)>& edit)
{
    const auto body = cbor::decode(encode(example()).body());
    auto fields = body.map_entries("body");
    edit(fields);
    return decode_receipt({Kind::receipt, cbor::encode(Value::map(std::move(fields)))});
}

Value& field(Value::Map& fields, std::uint64_t key)
{
    return std::ranges::find(fields, key, &Value::Map::value_type::first)->second;
}

Receipt with_result(Value result)
{
    return with([&](auto& fields) { field(fields, 5) = Value::Array{result}; });
}

const Value one_signature{Value::Array{Value::Array{0, 0, Bytes(33), Bytes(64)}}};
const Value no_signature{Value::Array{}};

TEST(Receipt, ComesBackAsItWas)
{
    auto bare = example();
    bare.results.clear();
    bare.findings.clear();
    bare.consistency.reset();
    bare.head.clear();
    for (const auto& receipt : {example(), bare}) {
        const auto back = decode_receipt(Artefact::decode(encode(receipt).encode(), Kind::receipt));
        EXPECT_EQ(back.bundle, receipt.bundle);
        EXPECT_EQ(back.appliance, "vault-a");
        EXPECT_EQ(back.time, receipt.time);
        EXPECT_EQ(back.position, receipt.position);
        EXPECT_EQ(back.findings, receipt.findings);
        EXPECT_EQ(back.log_size, receipt.log_size);
        EXPECT_EQ(back.log_root, receipt.log_root);
        EXPECT_EQ(back.consistency.has_value(), receipt.consistency.has_value());
        EXPECT_EQ(back.head, receipt.head);
        ASSERT_EQ(back.results.size(), receipt.results.size());
        for (std::size_t i = 0; i < back.results.size(); ++i) {
            EXPECT_EQ(back.results[i].request, receipt.results[i].request);
            EXPECT_EQ(back.results[i].outcome, receipt.results[i].outcome);
            EXPECT_EQ(back.results[i].code, receipt.results[i].code);
            EXPECT_EQ(back.results[i].signatures, receipt.results[i].signatures);
        }
        EXPECT_EQ(encode(back).encode(), encode(receipt).encode());
    }
}

TEST(Receipt, RefusesCutAndTrailing)
{
    test::expect_refuses_cut_and_trailing(encode(example()).body(), [](ByteView body) { return decode_receipt({Kind::receipt, to_bytes(body)}); });
}

TEST(Receipt, RefusesMissingAndUnknownFieldsAndOtherKinds)
{
    for (std::uint64_t key = 0; key <= 11; ++key) {
        SCOPED_TRACE(key);
        const auto drop = [&] { return with([&](auto& fields) { fields.erase(std::ranges::find(fields, key, &Value::Map::value_type::first)); }); };
        if (key == 10 || key == 11)
            EXPECT_NO_THROW(static_cast<void>(drop()));
        else
            EXPECT_ERROR(drop(), ErrorCode::malformed);
    }
    EXPECT_ERROR(with([](auto& fields) { fields.emplace_back(12, 0); }), ErrorCode::malformed);
    EXPECT_ERROR(decode_receipt({Kind::bundle, encode(example()).body()}), ErrorCode::type);
}

TEST(Receipt, AResultHasSignaturesOrACodeNeverBothNorNeither) // F23
{
    EXPECT_NO_THROW(static_cast<void>(with_result(Value::Array{Bytes(32, 5), "signed", "", one_signature})));
    EXPECT_NO_THROW(static_cast<void>(with_result(Value::Array{Bytes(32, 5), "refused", "fee_cap", no_signature})));
    for (const auto* outcome : {"refused", "declined"}) {
        EXPECT_ERROR(with_result(Value::Array{Bytes(32, 5), outcome, "fee_cap", one_signature}), ErrorCode::malformed);
        EXPECT_ERROR(with_result(Value::Array{Bytes(32, 5), outcome, "", no_signature}), ErrorCode::malformed);
        EXPECT_ERROR(with_result(Value::Array{Bytes(32, 5), outcome, "", one_signature}), ErrorCode::malformed);
    }
    EXPECT_ERROR(with_result(Value::Array{Bytes(32, 5), "signed", "fee_cap", one_signature}), ErrorCode::malformed);
    EXPECT_ERROR(with_result(Value::Array{Bytes(32, 5), "signed", "", no_signature}), ErrorCode::malformed);
    EXPECT_ERROR(with_result(Value::Array{Bytes(32, 5), "signed", "fee_cap", no_signature}), ErrorCode::malformed);
    EXPECT_ERROR(with_result(Value::Array{Bytes(32, 5), "Signed", "", one_signature}), ErrorCode::malformed);
    EXPECT_ERROR(with_result(Value::Array{Bytes(32, 5), "signed", ""}), ErrorCode::malformed);
    EXPECT_ERROR(with_result(Value::Array{Bytes(31), "signed", "", one_signature}), ErrorCode::malformed);
}

TEST(Receipt, HasOneResultARequest)
{
    const Value refused{Value::Array{Bytes(32, 5), "refused", "fee_cap", no_signature}};
    const Value signed_one{Value::Array{Bytes(32, 5), "signed", "", one_signature}};
    EXPECT_ERROR(with([&](auto& fields) { field(fields, 5) = Value::Array{refused, signed_one}; }), ErrorCode::malformed);
}

TEST(Receipt, HoldsSeveralRequestsThatCouldNotBeRead)
{
    auto receipt = example();
    receipt.results.push_back({RequestDigest{}, Outcome::refused, "malformed", {}});
    receipt.results.push_back({RequestDigest{}, Outcome::refused, "canon", {}});
    EXPECT_EQ(decode_receipt(encode(receipt)).results.size(), 5u);
    receipt.results.back() = {RequestDigest{}, Outcome::declined, "declined", {}};
    EXPECT_ERROR(decode_receipt(encode(receipt)), ErrorCode::malformed);
}

TEST(Receipt, RefusesProofsOfAnotherShapeEmptyHeadsAndImpossibleTimes)
{
    EXPECT_ERROR(with([](auto& fields) { field(fields, 10) = Value::Array{1}; }), ErrorCode::malformed);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 10) = Value::Array{1, Value::Array{}, 1}; }), ErrorCode::malformed);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 10) = Value::Array{1, Value::Array{Bytes(31)}}; }), ErrorCode::malformed);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 11) = Bytes{}; }), ErrorCode::malformed);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 4) = 253402300800U; }), ErrorCode::malformed);
}

TEST(Receipt, OutcomesHaveNames)
{
    EXPECT_EQ(name_of(Outcome::signed_), "signed");
    EXPECT_EQ(name_of(Outcome::refused), "refused");
    EXPECT_EQ(name_of(Outcome::declined), "declined");
}

TEST(Receipt, TheLargestBundleHasAReceiptThatFits)
{
    auto receipt = example();
    receipt.results.clear();
    for (std::size_t i = 0; i < most_requests; ++i)
        receipt.results.push_back({digest(std::to_string(i)), Outcome::signed_, "", {{0, {0, Bytes(33, 2), Bytes(64, 9)}}}});
    EXPECT_NO_THROW(static_cast<void>(test::signed_by(encode(receipt), {"vault-a"}).encode()));
}

} // namespace
} // namespace coffer::bundle
