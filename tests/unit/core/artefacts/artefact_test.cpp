#include "core/artefacts/artefact.h"

#include "core/encoding/hex.h"
#include "tests/support/decoding.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

namespace coffer::artefacts {
namespace {

using cbor::Value;
using test::example_header;

constexpr std::array all_kinds = {Kind::export_, Kind::charter, Kind::entry,   Kind::request, Kind::vote,
                                  Kind::review,  Kind::bundle,  Kind::receipt, Kind::head,    Kind::transcript};

Artefact example(Kind kind = Kind::vote)
{
    return {kind, encode_body(example_header, {{2, "content"}})};
}

Value::Array signature_pair(std::uint8_t id, Bytes signature = Bytes(64, 1))
{
    return {Bytes(16, id), std::move(signature)};
}

/// An envelope put together by hand.
Bytes envelope(Value type, Value version, Value body, Value signatures)
{
    return cbor::encode(Value::map({{0, std::move(type)}, {1, std::move(version)}, {2, std::move(body)}, {3, std::move(signatures)}}));
}

TEST(Artefact, ComesBackAsItWasEncoded)
{
    for (const auto kind : all_kinds) {
        const auto artefact = test::signed_by(example(kind), {"alice", "bob", "carol"});
        const auto bytes = artefact.encode();
        const auto back = Artefact::decode(bytes, kind);
        EXPECT_EQ(back.kind(), kind);
        EXPECT_EQ(back.body(), artefact.body());
        EXPECT_EQ(back.signatures(), artefact.signatures());
        EXPECT_EQ(back.encode(), bytes);
        EXPECT_TRUE(Artefact::looks_like_one(bytes));
    }
}

TEST(Artefact, HasTheEnvelopeOfTheProtocol)
{
    EXPECT_EQ(encoding::encode_hex(Artefact{Kind::vote, {0xa0}}.encode()), "a4" "00" "6b" "636f666665722d766f7465" "01" "01" "02" "41" "a0" "03" "80");
}

TEST(Artefact, RefusesCutAndTrailing)
{
    test::expect_refuses_cut_and_trailing(test::signed_by(example(), {"alice"}).encode(),
                                          [](ByteView bytes) { return Artefact::decode(bytes, Kind::vote); });
}

TEST(Artefact, RefusesAnotherKindThanExpected) // F14
{
    for (const auto expected : all_kinds)
        for (const auto found : all_kinds)
            if (expected == found)
                EXPECT_NO_THROW(static_cast<void>(Artefact::decode(example(found).encode(), expected)));
            else
                EXPECT_ERROR(Artefact::decode(example(found).encode(), expected), ErrorCode::type);
}

TEST(Artefact, RefusesUnknownTypesAndVersions)
{
    EXPECT_NO_THROW(static_cast<void>(Artefact::decode_any(envelope("coffer-vote", 1, Bytes{}, Value::Array{}))));
    for (const auto* type : {"coffer-", "coffer-key", "coffer-Vote", "vote", "coffer-votes", "koffer-vote", ""}) {
        SCOPED_TRACE(type);
        EXPECT_ERROR(Artefact::decode_any(envelope(type, 1, Bytes{}, Value::Array{})), ErrorCode::type);
    }
    EXPECT_ERROR(Artefact::decode_any(envelope("coffer-vote", 0, Bytes{}, Value::Array{})), ErrorCode::type);
    EXPECT_ERROR(Artefact::decode_any(envelope("coffer-vote", 2, Bytes{}, Value::Array{})), ErrorCode::type);
}

TEST(Artefact, RefusesFieldsOfAnotherSortMissingAndUnknownOnes)
{
    EXPECT_ERROR(Artefact::decode_any(envelope(Bytes{1}, 1, Bytes{}, Value::Array{})), ErrorCode::malformed);
    EXPECT_ERROR(Artefact::decode_any(envelope("coffer-vote", "1", Bytes{}, Value::Array{})), ErrorCode::malformed);
    EXPECT_ERROR(Artefact::decode_any(envelope("coffer-vote", 1, "text", Value::Array{})), ErrorCode::malformed);
    EXPECT_ERROR(Artefact::decode_any(envelope("coffer-vote", 1, Value::map({}), Value::Array{})), ErrorCode::malformed);
    EXPECT_ERROR(Artefact::decode_any(envelope("coffer-vote", 1, Bytes{}, Value::map({}))), ErrorCode::malformed);
    for (std::uint64_t missing = 0; missing < 4; ++missing) {
        Value::Map fields{{0, "coffer-vote"}, {1, 1}, {2, Bytes{}}, {3, Value::Array{}}};
        fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(missing));
        EXPECT_ERROR(Artefact::decode_any(cbor::encode(Value::map(fields))), ErrorCode::malformed);
    }
    EXPECT_ERROR(Artefact::decode_any(cbor::encode(Value::map(
                     {{0, "coffer-vote"}, {1, 1}, {2, Bytes{}}, {3, Value::Array{}}, {4, 0}}))),
                 ErrorCode::malformed);
    EXPECT_ERROR(Artefact::decode_any(cbor::encode(Value{Value::Array{}})), ErrorCode::malformed);
}

TEST(Artefact, RefusesEncodingsThatAreNotTheOne) // E22, F12
{
    const auto refused = [](std::string_view hex, ErrorCode code) {
        SCOPED_TRACE(hex);
        EXPECT_ERROR(Artefact::decode_any(encoding::decode_hex(hex)), code);
    };
    const std::string type = "006b636f666665722d766f7465";
    EXPECT_NO_THROW(static_cast<void>(Artefact::decode_any(encoding::decode_hex("a4" + type + "01010241a00380"))));
    refused("bf" + type + "01010241a00380ff", ErrorCode::canon);     // indefinite map
    refused("a4" + type + "0118010241a00380", ErrorCode::canon);     // long integer
    refused("a4" + type + "01f93c000241a00380", ErrorCode::canon);   // 1.0
    refused("a4" + type + "01f97e000241a00380", ErrorCode::canon);   // NaN
    refused("a4" + type + "c101010241a00380", ErrorCode::canon);     // tag
    refused("a4" + type + "0241a001010380", ErrorCode::canon);       // keys out of order
    refused("a5" + type + "010101010241a00380", ErrorCode::canon);   // a key twice
    refused("a4" + type + "0101025f41a0ff0380", ErrorCode::canon);   // indefinite bytes
    refused("a4" + type + "010102580141a00380", ErrorCode::canon);   // long length
    refused("a4" + type + "010102" "9b0000000100000000" "0380", ErrorCode::cbor_length); // F11
}

TEST(Artefact, RefusesDeepNestingAndHugeCounts) // F10, F11
{
    EXPECT_ERROR(Artefact::decode_any(Bytes(30'000, 0x81)), ErrorCode::cbor_depth);
    EXPECT_ERROR(Artefact::decode_any(encoding::decode_hex("9affffffff")), ErrorCode::cbor_length);
    EXPECT_ERROR(Artefact::decode_any(encoding::decode_hex("5bffffffffffffffff")), ErrorCode::cbor_length);

    const auto deep_body = [](std::size_t depth) {
        Value value{1};
        for (std::size_t i = 1; i < depth; ++i) // the map of the body is the first
            value = Value{Value::Array{value}};
        return Artefact{Kind::vote, encode_body(example_header, {{2, value}})};
    };
    EXPECT_NO_THROW((BodyReader{deep_body(8), Kind::vote}));
    EXPECT_ERROR((BodyReader{deep_body(9), Kind::vote}), ErrorCode::cbor_depth);
}

TEST(Artefact, OnlyBundlesAndReviewsMayBeLargerThanOneMebibyte)
{
    const std::size_t mebibyte = 1024 * 1024;
    for (const auto kind : all_kinds) {
        const bool is_large = kind == Kind::bundle || kind == Kind::review;
        const auto most = is_large ? 64 * mebibyte : mebibyte;
        const auto overhead = Artefact{kind, Bytes(most - 1000)}.encode().size() - (most - 1000);
        const auto largest = Artefact{kind, Bytes(most - overhead)}.encode();
        ASSERT_EQ(largest.size(), most);
        EXPECT_NO_THROW(static_cast<void>(Artefact::decode(largest, kind)));
        EXPECT_NO_THROW(static_cast<void>(Artefact::decode_any(largest)));
        // Nobody writes what nobody reads.
        const Artefact too_large{kind, Bytes(most - overhead + 1)};
        EXPECT_ERROR(too_large.encode(), ErrorCode::limit);
        if (!is_large) {
            const auto bytes = envelope("coffer-" + std::string{name_of(kind)}, 1, Bytes(most - overhead + 1), Value::Array{});
            EXPECT_ERROR(Artefact::decode(bytes, kind), ErrorCode::limit);
            EXPECT_ERROR(Artefact::decode_any(bytes), ErrorCode::limit);
        }
    }
    EXPECT_ERROR(Artefact::decode(Bytes(64 * mebibyte + 1), Kind::bundle), ErrorCode::limit);
}

TEST(Artefact, SignaturesAreSortedByKeyIdOneEntryAKey)
{
    const auto decode = [](Value::Array signatures) {
        return Artefact::decode_any(envelope("coffer-vote", 1, Bytes{}, std::move(signatures)));
    };
    EXPECT_EQ(decode({signature_pair(1), signature_pair(2)}).signatures().size(), 2U);
    EXPECT_ERROR(decode({signature_pair(2), signature_pair(1)}), ErrorCode::canon);
    EXPECT_ERROR(decode({signature_pair(1), signature_pair(1)}), ErrorCode::canon);
    EXPECT_ERROR(decode({signature_pair(1, {}), signature_pair(1, {1})}), ErrorCode::canon);
}

TEST(Artefact, RefusesSignaturesOfAnotherShapeAndTooMany)
{
    const auto decode = [](Value::Array signatures) {
        return Artefact::decode_any(envelope("coffer-vote", 1, Bytes{}, std::move(signatures)));
    };
    EXPECT_ERROR(decode({Value{1}}), ErrorCode::malformed);
    EXPECT_ERROR(decode({Value::Array{Bytes(16)}}), ErrorCode::malformed);
    EXPECT_ERROR(decode({Value::Array{Bytes(16), Bytes(64), 1}}), ErrorCode::malformed);
    EXPECT_ERROR(decode({Value::Array{Bytes(15), Bytes(64)}}), ErrorCode::malformed);
    EXPECT_ERROR(decode({Value::Array{Bytes(17), Bytes(64)}}), ErrorCode::malformed);
    EXPECT_ERROR(decode({Value::Array{Bytes(16), "signature"}}), ErrorCode::malformed);

    const auto many = [](std::size_t count) {
        Value::Array signatures;
        for (std::size_t i = 0; i < count; ++i) {
            Bytes id(16);
            id[0] = static_cast<std::uint8_t>(i >> 8);
            id[1] = static_cast<std::uint8_t>(i);
            signatures.push_back(Value::Array{id, Bytes(64)});
        }
        return signatures;
    };
    EXPECT_EQ(decode(many(1024)).signatures().size(), 1024U);
    EXPECT_ERROR(decode(many(1025)), ErrorCode::limit);
}

TEST(Artefact, TheHashIsOverDomainAndBodyAndNotOverSignatures)
{
    auto artefact = example();
    const auto before = artefact.hash();
    auto message = to_bytes(bytes_of("coffer/v1/vote"));
    message.push_back(0);
    append(message, artefact.body());
    EXPECT_EQ(artefact.signed_message(), message);
    EXPECT_EQ(before, crypto::sha256(message));
    artefact.sign(test::key_named("alice"));
    EXPECT_EQ(artefact.hash(), before);
    EXPECT_NE((Artefact{Kind::request, artefact.body()}).hash(), before);
}

TEST(Artefact, ASignatureCountsForItsKeyBodyAndKindOnly)
{
    auto artefact = example();
    artefact.sign(test::key_named("alice"));
    EXPECT_TRUE(artefact.is_signed_by(test::approval_key_named("alice")));
    EXPECT_FALSE(artefact.is_signed_by(test::approval_key_named("bob")));

    const auto signature = artefact.signatures().front();
    for (auto other : {Artefact{Kind::request, artefact.body()}, Artefact{Kind::vote, encode_body(example_header, {{2, "Content"}})}}) {
        other.add_signature(signature);
        EXPECT_FALSE(other.is_signed_by(test::approval_key_named("alice")));
    }
    // alice's signature under bob's key id
    auto forged = example();
    forged.add_signature({test::approval_key_named("bob").id(), signature.signature});
    EXPECT_FALSE(forged.is_signed_by(test::approval_key_named("bob")));
    EXPECT_FALSE(forged.is_signed_by(test::approval_key_named("alice")));
}

TEST(Artefact, ADamagedSignatureDoesNotCount)
{
    const auto good = test::signed_by(example(), {"alice"});
    for (std::size_t bit = 0; bit < 512; bit += 7) {
        auto signature = good.signatures().front();
        signature.signature[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        auto damaged = example();
        damaged.add_signature(signature);
        EXPECT_FALSE(damaged.is_signed_by(test::approval_key_named("alice"))) << "bit " << bit;
    }
}

/// Adds the group order to s: the same equation, another 64 bytes.
Bytes with_large_s(Bytes signature)
{
    const auto order = encoding::decode_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        const unsigned sum = signature[32 + i] + order[i] + carry;
        signature[32 + i] = static_cast<std::uint8_t>(sum);
        carry = sum >> 8;
    }
    return signature;
}

TEST(Artefact, AMalleatedSignatureDoesNotCount) // E21
{
    const auto good = test::signed_by(example(), {"alice"});
    auto malleated = example();
    malleated.add_signature({good.signatures().front().key, with_large_s(good.signatures().front().signature)});
    EXPECT_TRUE(good.is_signed_by(test::approval_key_named("alice")));
    EXPECT_FALSE(malleated.is_signed_by(test::approval_key_named("alice")));
}

TEST(Artefact, AddingASignatureKeepsTheOrderAndReplacesTheSameKeys)
{
    auto one = example();
    auto two = example();
    for (const auto* name : {"alice", "bob", "carol", "dave"})
        one.sign(test::key_named(name));
    for (const auto* name : {"dave", "alice", "carol", "bob", "alice"})
        two.sign(test::key_named(name));
    EXPECT_EQ(one.encode(), two.encode());
    EXPECT_EQ(one.signatures().size(), 4U);
    one.add_signature({one.signatures()[1].key, {1, 2, 3}});
    EXPECT_EQ(one.signatures().size(), 4U);
    EXPECT_EQ(one.signatures()[1].signature, (Bytes{1, 2, 3}));
}

TEST(Artefact, LooksLikeOneTellsOursFromOtherBytes)
{
    EXPECT_FALSE(Artefact::looks_like_one({}));
    EXPECT_FALSE(Artefact::looks_like_one(Bytes(17)));
    EXPECT_FALSE(Artefact::looks_like_one(bytes_of("0x02f86b0180843b9aca00")));
    for (const std::size_t changed : {0U, 1U, 2U, 3U, 9U}) {
        auto bytes = example().encode();
        bytes[changed] ^= 0x40;
        EXPECT_FALSE(Artefact::looks_like_one(bytes)) << changed;
    }
    EXPECT_FALSE(Artefact::looks_like_one(ByteView{example().encode()}.first(16)));
}

TEST(BodyReader, ReadsTheHeaderAndInsistsOnEveryField)
{
    const auto artefact = example();
    BodyReader reader{artefact, Kind::vote};
    EXPECT_EQ(reader.header(), example_header);
    EXPECT_ERROR(reader.finish(), ErrorCode::malformed);
    EXPECT_EQ(reader.take(2, "content").text("content"), "content");
    EXPECT_EQ(reader.take_optional(3), nullptr);
    EXPECT_NO_THROW(reader.finish());
    EXPECT_ERROR(reader.take(3, "missing"), ErrorCode::malformed);
}

TEST(BodyReader, RefusesAnotherKind)
{
    EXPECT_ERROR((BodyReader{example(Kind::request), Kind::vote}), ErrorCode::type);
}

TEST(BodyReader, KnowsThreeEnvironments)
{
    for (const auto environment : {Environment::production, Environment::test, Environment::rehearsal}) {
        const Artefact artefact{Kind::vote, encode_body({environment, example_header.treasury}, {})};
        EXPECT_EQ((BodyReader{artefact, Kind::vote}).header().environment, environment);
    }
    for (const auto* name : {"Test", "", "staging", "production "}) {
        SCOPED_TRACE(name);
        const Artefact artefact{Kind::vote, cbor::encode(Value::map({{0, name}, {1, Bytes(32, 1)}}))};
        EXPECT_ERROR((BodyReader{artefact, Kind::vote}), ErrorCode::malformed);
    }
    const Artefact short_treasury{Kind::vote, cbor::encode(Value::map({{0, "test"}, {1, Bytes(31, 1)}}))};
    EXPECT_ERROR((BodyReader{short_treasury, Kind::vote}), ErrorCode::malformed);
}

TEST(BodyReader, OnlyExportsAndTranscriptsMayBeOfNoTreasury)
{
    for (const auto kind : all_kinds) {
        const Artefact artefact{kind, encode_body({Environment::test, TreasuryId{}}, {})};
        if (kind == Kind::export_ || kind == Kind::transcript)
            EXPECT_TRUE((BodyReader{artefact, kind}).header().treasury.is_zero());
        else
            EXPECT_ERROR((BodyReader{artefact, kind}), ErrorCode::malformed);
    }
}

TEST(BodyReader, RefusesTextThatIsNotInNormalFormC) // E22
{
    const std::string composed = "Zo\xc3\xab";      // ë as one character
    const std::string decomposed = "Zoe\xcc\x88";   // e and a combining diaeresis
    const auto with = [](Value value) { return Artefact{Kind::vote, encode_body(example_header, {{2, std::move(value)}})}; };
    EXPECT_NO_THROW((BodyReader{with(composed), Kind::vote}));
    EXPECT_ERROR((BodyReader{with(decomposed), Kind::vote}), ErrorCode::canon);
    EXPECT_ERROR((BodyReader{with(Value::Array{1, decomposed}), Kind::vote}), ErrorCode::canon);
    EXPECT_ERROR((BodyReader{with(Value::map({{0, Value::Array{decomposed}}})), Kind::vote}), ErrorCode::canon);
    EXPECT_NO_THROW((BodyReader{with(to_bytes(bytes_of(decomposed))), Kind::vote}));
}

TEST(ReadTime, EndsWithTheYear9999)
{
    EXPECT_EQ(read_time(Value{253402300799U}, "time"), parse_time("9999-12-31T23:59:59Z"));
    EXPECT_EQ(read_time(Value{0}, "time"), UtcTime{});
    EXPECT_ERROR(read_time(Value{253402300800U}, "time"), ErrorCode::malformed);
    EXPECT_ERROR(read_time(Value{0xffffffffffffffffU}, "time"), ErrorCode::malformed);
    EXPECT_ERROR(read_time(Value{"0"}, "time"), ErrorCode::malformed);
}

TEST(RequireHeader, TellsEnvironmentsAndTreasuriesApart) // E23
{
    auto other = example_header;
    EXPECT_NO_THROW(require_header(other, example_header, "vote"));
    other.environment = Environment::rehearsal;
    EXPECT_ERROR(require_header(other, example_header, "vote"), ErrorCode::env);
    other = example_header;
    other.treasury = TreasuryId{crypto::sha256(bytes_of("another treasury"))};
    EXPECT_ERROR(require_header(other, example_header, "vote"), ErrorCode::env);
}

} // namespace
} // namespace coffer::artefacts
