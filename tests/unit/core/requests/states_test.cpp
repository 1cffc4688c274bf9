#include "core/requests/states.h"

#include "tests/support/vectors.h"

#include <map>
#include <set>

namespace coffer::requests {
namespace {

using enum Status;

const std::vector<Status> all{pending_review,    pending_signature, rejected, expired, cancelled, pending_broadcast,
                              broadcast, success, failed, replaced, voided};

/// PROTOCOL 6, word for word.
const std::map<std::string, std::set<std::string>> protocol{
    {"pending_review", {"pending_signature", "rejected", "expired", "cancelled"}},
    {"pending_signature", {"pending_review", "rejected", "pending_broadcast", "expired", "cancelled"}},
    {"pending_broadcast", {"broadcast", "success", "failed", "replaced", "void"}},
    {"broadcast", {"success", "failed", "replaced", "void"}},
    {"success", {"broadcast"}},
    {"failed", {"broadcast"}},
    {"replaced", {"broadcast"}},
    {"void", {"broadcast"}},
    {"rejected", {}},
    {"expired", {}},
    {"cancelled", {}},
};

TEST(States, EveryPairIsAsTheProtocolSays)
{
    EXPECT_EQ(protocol.size(), all.size());
    for (const auto from : all)
        for (const auto to : all) {
            const bool expected = protocol.at(std::string{name_of(from)}).contains(std::string{name_of(to)});
            EXPECT_EQ(may_become(from, to), expected) << name_of(from) << " to " << name_of(to);
            if (expected)
                EXPECT_NO_THROW(require_may_become(from, to));
            else
                EXPECT_ERROR(require_may_become(from, to), ErrorCode::state);
        }
}

TEST(States, NamesComeBack)
{
    for (const auto status : all)
        EXPECT_EQ(parse_status(name_of(status)), status);
    for (const auto* name : {"", "voided", "Success", "pending"})
        EXPECT_ERROR(parse_status(name), ErrorCode::db_corrupt);
}

TEST(States, WhatIsSignedIsNeverOpenAgain) // E40
{
    std::set<Status> reached{pending_broadcast};
    for (std::size_t before = 0; before != reached.size();) {
        before = reached.size();
        for (const auto from : std::set<Status>{reached})
            for (const auto to : all)
                if (may_become(from, to))
                    reached.insert(to);
    }
    EXPECT_EQ(reached, (std::set<Status>{pending_broadcast, broadcast, success, failed, replaced, voided}));
    for (const auto status : reached)
        EXPECT_FALSE(is_open(status));
}

TEST(States, OpenAndFinalAreAsTheirNamesSay)
{
    for (const auto status : all) {
        const bool is_waiting = status == pending_review || status == pending_signature;
        const bool is_moving = status == pending_broadcast || status == broadcast;
        EXPECT_EQ(is_open(status), is_waiting) << name_of(status);
        EXPECT_EQ(is_final(status), !is_waiting && !is_moving) << name_of(status);
    }
}

TEST(States, TheRankTellsWhichPayloadIsTheLeastAdvanced)
{
    const std::vector<Status> order{cancelled, pending_review, pending_signature, pending_broadcast, broadcast, failed, voided, replaced, success};
    for (std::size_t i = 1; i < order.size(); ++i)
        EXPECT_LT(rank(order[i - 1]), rank(order[i])) << name_of(order[i]);
    EXPECT_EQ(rank(rejected), rank(cancelled));
    EXPECT_EQ(rank(expired), rank(cancelled));
}

} // namespace
} // namespace coffer::requests
