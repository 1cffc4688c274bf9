#include "core/requests/vote.h"

#include "tests/support/decoding.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <functional>

namespace coffer::requests {
namespace {

using cbor::Value;

Vote example()
{
    return {.header = test::example_header,
            .request = RequestDigest{crypto::sha256(bytes_of("request"))},
            .decision = VoteDecision::approve,
            .officer = "alice",
            .time = test::founding_day,
            .comment = hash_comment("looks right"),
            .charter = CharterHash{crypto::sha256(bytes_of("charter"))},
            .position = {2, LinkHash{crypto::sha256(bytes_of("link"))}},
            .heads = {{1, 2}, {3}}};
}

Vote with(const std::function<void(Value::Map&)>& edit)
{
    const auto body = cbor::decode(encode(example()).body());
    auto fields = body.map_entries("body");
    edit(fields);
    return decode_vote({artefacts::Kind::vote, cbor::encode(Value::map(std::move(fields)))});
}

Value& field(Value::Map& fields, std::uint64_t key)
{
    return std::ranges::find(fields, key, &Value::Map::value_type::first)->second;
}

TEST(Vote, ComesBackAsItWas)
{
    auto bare = example();
    bare.decision = VoteDecision::reject;
    bare.comment.reset();
    bare.heads.clear();
    for (const auto& vote : {example(), bare}) {
        EXPECT_EQ(decode_vote(encode(vote)), vote);
        EXPECT_EQ(encode(decode_vote(encode(vote))).encode(), encode(vote).encode());
    }
}

TEST(Vote, RefusesCutAndTrailing)
{
    test::expect_refuses_cut_and_trailing(encode(example()).body(), [](ByteView body) {
        return decode_vote({artefacts::Kind::vote, to_bytes(body)});
    });
}

TEST(Vote, RefusesMissingAndUnknownFieldsAndOtherKinds)
{
    for (std::uint64_t key = 0; key <= 9; ++key) {
        SCOPED_TRACE(key);
        const auto drop = [&] { return with([&](auto& fields) { fields.erase(std::ranges::find(fields, key, &Value::Map::value_type::first)); }); };
        if (key == 6)
            EXPECT_NO_THROW(static_cast<void>(drop()));
        else
            EXPECT_ERROR(drop(), ErrorCode::malformed);
    }
    EXPECT_ERROR(with([](auto& fields) { fields.emplace_back(10, 0); }), ErrorCode::malformed);
    EXPECT_ERROR(decode_vote({artefacts::Kind::request, encode(example()).body()}), ErrorCode::type);
}

TEST(Vote, IsYesOrNo)
{
    EXPECT_EQ(name_of(VoteDecision::approve), "approve");
    EXPECT_EQ(name_of(VoteDecision::reject), "reject");
    for (const auto* text : {"", "Approve", "approved", "abstain"})
        EXPECT_ERROR(with([&](auto& fields) { field(fields, 3) = text; }), ErrorCode::malformed);
}

TEST(Vote, RefusesTimesThatNoCalendarHas)
{
    EXPECT_ERROR(with([](auto& fields) { field(fields, 5) = 253402300800U; }), ErrorCode::malformed);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 5) = 0x7fffffffffffffffU; }), ErrorCode::malformed);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 5) = 0xffffffffffffffffU; }), ErrorCode::malformed);
}

TEST(Vote, LimitsItsHeads)
{
    EXPECT_EQ(with([](auto& fields) { field(fields, 9) = Value::Array(64, Bytes{1}); }).heads.size(), 64U);
    EXPECT_ERROR(with([](auto& fields) { field(fields, 9) = Value::Array(65, Bytes{1}); }), ErrorCode::limit);
}

TEST(Vote, ItsHashCoversEveryField)
{
    const std::vector<std::function<void(Vote&)>> edits{
        [](auto& v) { v.header.environment = artefacts::Environment::rehearsal; },
        [](auto& v) { v.header.treasury = TreasuryId{crypto::sha256(bytes_of("x"))}; },
        [](auto& v) { v.request = RequestDigest{}; },
        [](auto& v) { v.decision = VoteDecision::reject; },
        [](auto& v) { v.officer = "bob"; },
        [](auto& v) { v.time = v.time + Duration{1}; },
        [](auto& v) { v.comment.reset(); },
        [](auto& v) { v.comment = hash_comment(""); },
        [](auto& v) { v.charter = CharterHash{}; },
        [](auto& v) { v.position.number = 3; },
        [](auto& v) { v.position.link = LinkHash{}; },
        [](auto& v) { v.heads.pop_back(); },
        [](auto& v) { v.heads = {{1}, {2, 3}}; },
    };
    std::vector<ByteArray<32>> hashes{encode(example()).hash()};
    for (const auto& edit : edits) {
        auto vote = example();
        edit(vote);
        const auto hash = encode(vote).hash();
        EXPECT_EQ(std::ranges::find(hashes, hash), hashes.end()) << "edit " << hashes.size();
        hashes.push_back(hash);
    }
}

TEST(HashComment, HasADomainOfItsOwn)
{
    auto message = to_bytes(bytes_of("coffer/v1/comment"));
    message.push_back(0);
    append(message, bytes_of("looks right"));
    EXPECT_EQ(hash_comment("looks right").bytes(), crypto::sha256(message));
}

} // namespace
} // namespace coffer::requests
