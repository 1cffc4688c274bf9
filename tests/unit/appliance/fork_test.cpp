// Two histories of the policy: what the appliance does when a carrier has linked entries in another order.

#include "core/encoding/hex.h"
#include "core/storage/file.h"
#include "tests/support/vault/test_vault.h"

#include <gtest/gtest.h>

namespace coffer::test {
namespace {

const std::vector<std::string> admins{"alice", "bob", "dave"};

artefacts::Artefact cancel_of(std::string_view request)
{
    return charter::encode_cancel({.header = example_header,
                                   .request = RequestDigest{crypto::sha256(bytes_of(request))},
                                   .officer = "alice",
                                   .time = founding_day,
                                   .reason = "typo"});
}

/// A vault that has latched one cancel, while the treasury linked another one before it.
struct ForkedVault : TestVault {
    ForkedVault()
    {
        const auto founded = chain();
        append(chain(), cancel_of("other"), {"alice"});
        EXPECT_EQ(show(bundle({})).status, 0);
        chain() = founded;
        append(chain(), cancel_of("one"), {"alice"});
        append(chain(), cancel_of("other"), {"alice"});
    }

    Run show(const Bytes& carried)
    {
        storage::write_file_atomically(file("shown"), carried, 0600, storage::Overwrite::yes);
        return run({"verify", file("shown").string(), "--json"});
    }
    void amend(const std::function<void(charter::Charter&)>& change)
    {
        append(chain(), seal(amended(chain(), change)), admins);
    }
    void end_fork()
    {
        amend([this](charter::Charter& next) { next.continues = chain().position(); });
    }
    Run pay()
    {
        const auto carried = bundle({approved({.payloads = {transfer("exchange", ether(5))}})});
        expect_agreement({{"exchange", "5"}});
        return sign(carried);
    }
};

TEST(Fork, RefusesEveryBundleAndLatchesNothing)
{
    ForkedVault vault;
    const auto log = vault.log_types();
    const auto refused = vault.show(vault.bundle({}));
    EXPECT_EQ(refused.status, 9);
    EXPECT_EQ(json_text(refused.out, "code"), "charter_fork");
    vault.amend([](charter::Charter& next) { next.name = "Renamed"; });
    EXPECT_EQ(json_text(vault.show(vault.bundle({})).out, "code"), "charter_fork");
    EXPECT_EQ(std::ranges::count(vault.log_types(), "linked"), std::ranges::count(log, "linked"));
    EXPECT_EQ(std::ranges::count(vault.log_types(), "branch_taken"), 0);
}

TEST(Fork, EndsWithTheAmendmentThatSaysWhichLinkItContinues)
{
    ForkedVault vault;
    vault.end_fork();
    const auto run = vault.pay();
    EXPECT_EQ(run.status, 0) << run.out << run.err << run.screen;
    EXPECT_EQ(vault.receipt().position, vault.chain().position());
    EXPECT_EQ(std::ranges::count(vault.log_types(), "branch_taken"), 1);

    // The next session replays the log.
    vault.amend([](charter::Charter& next) { next.name = "Renamed"; });
    EXPECT_EQ(vault.show(vault.bundle({})).status, 0);
    const auto shown = vault.run({"log", "show", "--json"});
    EXPECT_NE(shown.out.find("branch_taken"), std::string::npos);
    EXPECT_EQ(vault.run({"log", "verify", "--json"}).status, 0);
}

TEST(Fork, ThatHasEndedIsPartOfABackup)
{
    ForkedVault vault;
    vault.end_fork();
    ASSERT_EQ(vault.show(vault.bundle({})).status, 0);
    const auto file = vault.file("backup").string();
    ASSERT_EQ(vault.run({"backup", file}).status, 0);
    std::filesystem::remove_all(vault.home());
    EXPECT_EQ(vault.run({"restore", file, "--hash", encoding::encode_hex(vault.chain().charter_hash().bytes())}).status, 0);
}

TEST(Fork, IsNotEndedByFewerThanTheAmendmentQuorum)
{
    ForkedVault vault;
    auto next = amended(vault.chain(), [](charter::Charter&) {});
    next.continues = vault.chain().position();
    auto carried = vault.draft_bundle({});
    carried.links.push_back(vault.chain().next(signed_by(seal(next), {"alice", "bob"}).encode()));
    const auto refused = vault.show(encode(carried).encode());
    EXPECT_EQ(refused.status, 10);
    EXPECT_EQ(json_text(refused.out, "code"), "appr_missing");
}

TEST(LateVisit, FollowsAnAmendmentWhoseTermIsOverWhenItsSuccessorMayBeAdopted)
{
    TestVault vault;
    append(vault.chain(), seal(amended(vault.chain(), [](charter::Charter& next) { next.name = "Renamed"; })), admins);
    vault.set_now(founding_day + days(20)); // its term was seven days
    const auto show = [&] {
        storage::write_file_atomically(vault.file("shown"), vault.bundle({}), 0600, storage::Overwrite::yes);
        return vault.run({"verify", vault.file("shown").string(), "--json"});
    };
    EXPECT_EQ(json_text(show().out, "code"), "charter_stale");
    const auto renewed = amended(vault.chain(), [](charter::Charter& next) { next.adopt_before = founding_day + days(25); });
    vault.chain().apply(vault.chain().next(signed_by(seal(renewed), admins).encode()), std::nullopt);
    const auto run = show();
    EXPECT_EQ(run.status, 0) << run.out;
    EXPECT_EQ(std::ranges::count(vault.log_types(), "linked"), 2);
    EXPECT_EQ(show().status, 0);
}

} // namespace
} // namespace coffer::test
