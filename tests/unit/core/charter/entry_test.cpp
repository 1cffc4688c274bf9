#include "core/charter/entry.h"

#include "core/base/error.h"
#include "tests/support/decoding.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

namespace coffer::charter {
namespace {

using cbor::Value;

Cancel example()
{
    return {.header = test::example_header,
            .request = RequestDigest{crypto::sha256(bytes_of("request"))},
            .officer = "alice",
            .time = test::founding_day,
            .reason = "typo in the amount"};
}

TEST(Cancel, ComesBackAsItWas)
{
    const auto back = decode_cancel(encode_cancel(example()));
    EXPECT_EQ(back.header, example().header);
    EXPECT_EQ(back.request, example().request);
    EXPECT_EQ(back.officer, "alice");
    EXPECT_EQ(back.time, test::founding_day);
    EXPECT_EQ(back.reason, example().reason);
    EXPECT_EQ(encode_cancel(back).encode(), encode_cancel(example()).encode());
}

TEST(Cancel, RefusesCutAndTrailing)
{
    test::expect_refuses_cut_and_trailing(encode_cancel(example()).body(), [](ByteView body) {
        return decode_cancel({artefacts::Kind::entry, to_bytes(body)});
    });
}

TEST(Cancel, RefusesOtherEntriesAndKinds)
{
    EXPECT_ERROR(decode_cancel({artefacts::Kind::vote, encode_cancel(example()).body()}), ErrorCode::type);
    EXPECT_ERROR(decode_cancel({artefacts::Kind::entry, artefacts::encode_body(test::example_header, {{2, "unheard_of"}})}), ErrorCode::type);
    EXPECT_ERROR(decode_cancel({artefacts::Kind::entry, artefacts::encode_body(test::example_header, {{2, 1}})}), ErrorCode::malformed);
}

TEST(Cancel, RefusesUnknownFields)
{
    const auto good = cbor::decode(encode_cancel(example()).body());
    auto fields = good.map_entries("body");
    fields.emplace_back(7, 0);
    EXPECT_ERROR(decode_cancel({artefacts::Kind::entry, cbor::encode(Value::map(fields))}), ErrorCode::malformed);
}

TEST(Cancel, LimitsItsReasonAndTime)
{
    auto cancel = example();
    cancel.reason = std::string(1000, 'x');
    EXPECT_EQ(decode_cancel(encode_cancel(cancel)).reason.size(), 1000U);
    cancel.reason += 'x';
    EXPECT_ERROR(decode_cancel(encode_cancel(cancel)), ErrorCode::limit);
    cancel = example();
    cancel.time = {-1}; // 2^64-1 in the encoding
    EXPECT_ERROR(decode_cancel(encode_cancel(cancel)), ErrorCode::malformed);
}

TEST(Link, ComesBackAndHasThreeParts)
{
    const Link link{3, LinkHash{crypto::sha256(bytes_of("link"))}, encode_cancel(example()).encode()};
    const auto back = Link::decode(link.encode());
    EXPECT_EQ(back.number, 3U);
    EXPECT_EQ(back.previous, link.previous);
    EXPECT_EQ(back.artefact, link.artefact);
    EXPECT_EQ(back.position(), link.position());
    EXPECT_ERROR(Link::decode(Value{Value::Array{3, Bytes(32)}}), ErrorCode::malformed);
    EXPECT_ERROR(Link::decode(Value{Value::Array{3, Bytes(32), Bytes{}, 1}}), ErrorCode::malformed);
    EXPECT_ERROR(Link::decode(Value{Value::Array{3, Bytes(33), Bytes{}}}), ErrorCode::malformed);
}

TEST(Link, ItsHashCoversNumberPredecessorAndEntryButNoSignature)
{
    const auto entry = encode_cancel(example());
    const Link link{3, LinkHash{crypto::sha256(bytes_of("link"))}, entry.encode()};
    const Value body{Value::Array{3, link.previous.bytes(), entry.hash()}};
    EXPECT_EQ(link.hash().bytes(), crypto::sha256(artefacts::domain_separated("link", cbor::encode(body))));

    auto other = link;
    other.artefact = test::signed_by(entry, {"alice"}).encode();
    EXPECT_EQ(other.hash(), link.hash());
    other.number = 4;
    EXPECT_NE(other.hash(), link.hash());
    other = link;
    other.previous = LinkHash{};
    EXPECT_NE(other.hash(), link.hash());
    auto cancel = example();
    cancel.officer = "bob";
    other = link;
    other.artefact = encode_cancel(cancel).encode();
    EXPECT_NE(other.hash(), link.hash());
}

} // namespace
} // namespace coffer::charter
