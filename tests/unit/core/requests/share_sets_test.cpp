#include "core/requests/share_sets.h"

#include "core/base/error.h"
#include "tests/support/test_environment.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::requests {
namespace {

constexpr UtcTime day{1'700'000'000};

Hash256 hash(std::uint8_t number)
{
    ByteArray<32> bytes{};
    bytes[0] = number;
    return Hash256{bytes};
}

ShareSet example(std::uint8_t first = 1, std::string key = "k1")
{
    return {.key = std::move(key), .identifier = static_cast<std::uint16_t>(100 + first), .group_threshold = 1,
            .groups = {{2, {{hash(first), "Ada"}, {hash(static_cast<std::uint8_t>(first + 1)), "Bo"}}}}, .has_passphrase = true,
            .request = RequestDigest{hash(9).bytes()}};
}

TEST(ShareSet, ComesBackFromItsBytes)
{
    EXPECT_EQ(decode_share_set(encode(example())), example());
    auto plain = example();
    plain.request.reset();
    plain.has_passphrase = false;
    plain.groups.push_back({1, {{hash(7), "Cy"}}});
    plain.group_threshold = 2;
    EXPECT_EQ(decode_share_set(encode(plain)), plain);
    EXPECT_EQ(describe_shape(plain), "2 of 2 groups: 2 of 2, 1 of 1");
    EXPECT_EQ(describe_shape(example()), "2 of 2");
    EXPECT_EQ(plain.size(), 3U);
    EXPECT_NE(hash_of(plain), hash_of(example()));
}

TEST(ShareSet, RefusesWhatNoSetIs)
{
    const auto refused = [](const std::function<void(ShareSet&)>& change) {
        auto set = example();
        change(set);
        EXPECT_ERROR(decode_share_set(encode(set)), ErrorCode::malformed);
    };
    refused([](auto& s) { s.group_threshold = 2; });
    refused([](auto& s) { s.group_threshold = 0; });
    refused([](auto& s) { s.groups = {}; });
    refused([](auto& s) { s.groups[0].threshold = 3; });
    refused([](auto& s) { s.groups[0].holdings = {}; });
    refused([](auto& s) { s.groups[0].holdings = std::vector<ShareSet::Holding>(17); });
    refused([](auto& s) { s.identifier = 0x8000; });
}

TEST(ShareSet, RehearsalsAreToldFromOthers)
{
    test::ScriptedRandom random{5};
    keys::Share share{{}, SecretBytes{16}};
    for (int i = 0; i < 200; ++i) {
        share.header.identifier = make_share_set_identifier(artefacts::Environment::rehearsal, random);
        EXPECT_TRUE(is_of_rehearsal(share.header.identifier));
        EXPECT_LE(share.header.identifier, 0x7fff);
        EXPECT_NO_THROW(require_environment(share, artefacts::Environment::rehearsal));
        EXPECT_ERROR(require_environment(share, artefacts::Environment::production), ErrorCode::env);
        share.header.identifier = make_share_set_identifier(artefacts::Environment::production, random);
        EXPECT_FALSE(is_of_rehearsal(share.header.identifier));
        EXPECT_NO_THROW(require_environment(share, artefacts::Environment::production));
        EXPECT_ERROR(require_environment(share, artefacts::Environment::rehearsal), ErrorCode::env);
    }
}

TEST(ShareSet, AShareIsKnownByHeaderAndValue)
{
    keys::Share share{{.identifier = 5}, SecretBytes::copy_of(Bytes(16, 1))};
    const auto known = hash_of(share);
    share.header.member_index = 1;
    EXPECT_NE(hash_of(share), known);
    share.header.member_index = 0;
    EXPECT_EQ(hash_of(share), known);
    share.value.reveal_mutable()[15] ^= 1;
    EXPECT_NE(hash_of(share), known);
}

TEST(ShareSets, TheLastOneThatWasKeptIsInUse)
{
    ShareSets sets;
    sets.begin(day, example(1));
    EXPECT_EQ(sets.current_of("k1"), nullptr);
    sets.keep(day, hash_of(example(1)));
    ASSERT_NE(sets.current_of("k1"), nullptr);
    EXPECT_EQ(sets.current_of("k1")->set, example(1));
    sets.begin(day + hours(1), example(3));
    EXPECT_EQ(sets.current_of("k1")->set, example(1)) << "until the new one is confirmed";
    sets.begin(day + hours(1), example(5, "k2"));
    sets.keep(day + hours(2), hash_of(example(5, "k2")));
    EXPECT_EQ(sets.current_of("k1")->set, example(1)) << "another key's";
    sets.keep(day + hours(3), hash_of(example(3)));
    EXPECT_EQ(sets.current_of("k1")->set, example(3));
    EXPECT_EQ(sets.find(hash(1))->set->retired, day + hours(3));
    EXPECT_EQ(sets.find(hash(4))->member, 1U);
    EXPECT_EQ(sets.find(hash(4))->holding().label, "Bo");
    EXPECT_FALSE(sets.find(hash(77)));
    EXPECT_TRUE(sets.has_kept("k1", 103));
    EXPECT_FALSE(sets.has_kept("k2", 103));
    sets.begin(day + hours(4), example(7));
    EXPECT_FALSE(sets.has_kept("k1", 107)) << "begun alone";
}

TEST(ShareSets, RefuseRecordsThatDoNotFit)
{
    ShareSets sets;
    EXPECT_ERROR(sets.keep(day, hash_of(example())), ErrorCode::malformed);
    sets.begin(day, example());
    EXPECT_ERROR(sets.see(day, hash_of(example()), {}), ErrorCode::malformed);
    sets.keep(day, hash_of(example()));
    EXPECT_ERROR(sets.keep(day, hash_of(example())), ErrorCode::malformed);
}

TEST(ShareSets, AreSeenWholeWhenTheLastShareWas)
{
    ShareSets sets;
    sets.begin(day, example());
    sets.keep(day, hash_of(example()));
    const auto seen = [&] { return sets.current_of("k1")->last_seen_whole(); };
    EXPECT_EQ(seen(), day);
    const std::vector<Hash256> first = {hash(1)};
    sets.see(day + days(300), hash_of(example()), first);
    EXPECT_EQ(seen(), day);
    const std::vector<Hash256> second = {hash(2)};
    sets.see(day + days(310), hash_of(example()), second);
    EXPECT_EQ(seen(), day + days(300));
}

TEST(ShareSets, OneThatIsBegunAgainIsTheSame)
{
    ShareSets sets;
    const auto set = example();
    sets.begin(UtcTime{1}, set);
    sets.begin(UtcTime{2}, set);
    sets.keep(UtcTime{3}, hash_of(set));
    ASSERT_EQ(sets.all().size(), 1U);
    EXPECT_TRUE(sets.find(set.groups[0].holdings[0].share)->set->is_current());
}

} // namespace
} // namespace coffer::requests
