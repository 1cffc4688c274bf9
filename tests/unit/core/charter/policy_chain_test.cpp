#include "core/charter/policy_chain.h"

#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

namespace coffer::charter {
namespace {

using test::amended;
using test::append;
using test::founded;
using test::founding_day;
using test::signed_by;

const std::vector<std::string> admins{"alice", "bob", "dave"};

PolicyChain example_chain()
{
    return founded(test::example_charter());
}

void no_change(Charter& /*charter*/) {}

void rename(Charter& charter)
{
    charter.name = "Renamed";
}

Bytes sealed(const Charter& charter, const std::vector<std::string>& signers)
{
    return signed_by(seal(charter), signers).encode();
}

artefacts::Artefact cancel_by(const std::string& officer, std::string_view request = "request", std::string reason = "typo")
{
    return encode_cancel({.header = test::example_header,
                          .request = RequestDigest{crypto::sha256(bytes_of(request))},
                          .officer = officer,
                          .time = founding_day,
                          .reason = std::move(reason)});
}

/// The chain is as it was: a refused link leaves no trace.
template <typename Work>
void expect_refused(PolicyChain& chain, ErrorCode code, Work work)
{
    const auto position = chain.position();
    const auto hash = chain.charter_hash();
    EXPECT_ERROR(work(), code);
    EXPECT_EQ(chain.position(), position);
    EXPECT_EQ(chain.charter_hash(), hash);
    EXPECT_EQ(chain.links().size(), position.number + 1);
}

TEST(PolicyChain, IsFoundedByACharterThatAllItsOfficersSigned)
{
    const auto charter = test::example_charter();
    const auto everybody = test::officer_ids(charter);
    const auto chain = PolicyChain::found(sealed(charter, everybody));
    EXPECT_EQ(chain.charter(), charter);
    EXPECT_EQ(chain.position().number, 0U);
    EXPECT_EQ(chain.charter_hash(), hash_of(seal(charter)));
    EXPECT_TRUE(chain.contains(chain.position()));
    for (std::size_t i = 0; i < everybody.size(); ++i) {
        auto some = everybody;
        some.erase(some.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_ERROR(PolicyChain::found(sealed(charter, some)), ErrorCode::appr_missing);
        some.emplace_back("mallory");
        EXPECT_ERROR(PolicyChain::found(sealed(charter, some)), ErrorCode::appr_missing);
    }
}

TEST(PolicyChain, IsNotFoundedByAnythingElse)
{
    auto charter = test::example_charter();
    charter.amendment = Quorum::parse("1 of admin");
    EXPECT_ERROR(founded(charter), ErrorCode::policy_invalid);

    charter = test::example_charter();
    charter.version = 2;
    charter.previous = CharterHash{};
    charter.adopt_before = founding_day;
    EXPECT_ERROR(founded(charter), ErrorCode::policy_gap);

    EXPECT_ERROR(PolicyChain::found(signed_by(cancel_by("alice"), {"alice"}).encode()), ErrorCode::type);
    EXPECT_ERROR(PolicyChain::found(Bytes{}), ErrorCode::malformed);
}

TEST(PolicyChain, OneSignatureOfAnOfficerWithTwoKeysIsEnough)
{
    auto charter = test::example_charter();
    charter.officers[0].keys.push_back(test::approval_key_named("alice's second"));
    auto names = test::officer_ids(charter);
    names[0] = "alice's second";
    EXPECT_NO_THROW(static_cast<void>(PolicyChain::found(sealed(charter, names))));
}

TEST(PolicyChain, FollowsAnAmendmentOfItsQuorum)
{
    auto chain = example_chain();
    const auto first = chain.charter_hash();
    append(chain, seal(amended(chain, rename)), admins);
    EXPECT_EQ(chain.charter().name, "Renamed");
    EXPECT_EQ(chain.charter().version, 2U);
    EXPECT_EQ(chain.position().number, 1U);
    EXPECT_TRUE(chain.has_charter(first));
    EXPECT_TRUE(chain.has_charter(chain.charter_hash()));
    append(chain, seal(amended(chain, no_change)), admins);
    EXPECT_EQ(chain.charter().version, 3U);
    EXPECT_EQ(chain.links().size(), 3U);
}

TEST(PolicyChain, RefusesAnAmendmentThatItsQuorumDidNotSign)
{
    auto chain = example_chain();
    const auto next = seal(amended(chain, rename));
    for (const auto& names : std::vector<std::vector<std::string>>{
             {}, {"alice", "bob"}, {"alice", "bob", "carol"}, {"alice", "bob", "vault-a"}, {"alice", "bob", "mallory", "erin", "olga"}})
        expect_refused(chain, ErrorCode::appr_missing, [&] { append(chain, next, names); });
    append(chain, next, admins);
}

TEST(PolicyChain, ThePredecessorsQuorumDecidesNotTheNewOne)
{
    auto chain = example_chain();
    const auto take_over = [](Charter& charter) {
        for (const auto* name : {"mallory", "malcolm", "maud"})
            charter.officers.push_back(test::officer(name, {"admin"}));
    };
    const auto next = seal(amended(chain, take_over));
    expect_refused(chain, ErrorCode::appr_missing, [&] { append(chain, next, {"mallory", "malcolm", "maud"}); });
    append(chain, next, admins);
    append(chain, seal(amended(chain, no_change)), {"mallory", "malcolm", "maud"});
}

TEST(PolicyChain, ASignatureOverAnotherCharterDoesNotCount)
{
    auto chain = example_chain();
    auto next = seal(amended(chain, rename));
    const auto other = signed_by(seal(amended(chain, no_change)), admins);
    for (const auto& signature : other.signatures())
        next.add_signature(signature);
    expect_refused(chain, ErrorCode::appr_missing, [&] { append(chain, next, {}); });
}

TEST(PolicyChain, ALinkAlreadyHeldIsANoOp)
{
    auto chain = example_chain();
    append(chain, seal(amended(chain, rename)), admins);
    append(chain, cancel_by("alice"), {"alice"});
    const auto position = chain.position();
    const auto links = chain.links();
    for (const auto& link : links)
        chain.apply(link, founding_day);
    // More signatures do not make it another link.
    auto more = links[2];
    more.artefact = signed_by(artefacts::Artefact::decode_any(more.artefact), {"bob"}).encode();
    chain.apply(more, founding_day);
    EXPECT_EQ(chain.position(), position);
    EXPECT_EQ(chain.cancels_of(RequestDigest{crypto::sha256(bytes_of("request"))}).size(), 1U);
}

TEST(PolicyChain, RefusesAGap) // E31
{
    auto whole = example_chain();
    append(whole, cancel_by("alice"), {"alice"});
    append(whole, seal(amended(whole, rename)), admins);
    auto chain = example_chain();
    expect_refused(chain, ErrorCode::policy_gap, [&] { chain.apply(whole.links()[2], founding_day); });
    // A number that is skipped, although the predecessor is right.
    auto skips = whole.links()[1];
    skips.number = 2;
    expect_refused(chain, ErrorCode::policy_gap, [&] { chain.apply(skips, founding_day); });
    chain.apply(whole.links()[1], founding_day);
    chain.apply(whole.links()[2], founding_day);
    EXPECT_EQ(chain.position(), whole.position());
}

TEST(PolicyChain, RefusesALinkThatContinuesAnother)
{
    auto chain = example_chain();
    auto link = chain.next(signed_by(cancel_by("alice"), {"alice"}).encode());
    link.previous = LinkHash{};
    expect_refused(chain, ErrorCode::policy_gap, [&] { chain.apply(link, founding_day); });
    link.previous = chain.position().link;
    chain.apply(link, founding_day);
}

TEST(PolicyChain, RefusesAnotherLinkAtANumberThatIsHeld) // E32
{
    auto chain = example_chain();
    auto other = chain;
    append(chain, cancel_by("alice"), {"alice"});
    append(other, cancel_by("bob"), {"bob"});
    expect_refused(chain, ErrorCode::charter_fork, [&] { chain.apply(other.links()[1], founding_day); });

    auto first = chain.links()[0];
    auto charter = test::example_charter();
    rename(charter);
    first.artefact = sealed(charter, test::officer_ids(charter));
    expect_refused(chain, ErrorCode::charter_fork, [&] { chain.apply(first, founding_day); });
    first = chain.links()[0];
    first.previous = chain.position().link;
    expect_refused(chain, ErrorCode::charter_fork, [&] { chain.apply(first, founding_day); });
}

TEST(PolicyChain, RefusesASecondSuccessorOfACharter) // E32
{
    auto chain = example_chain();
    const auto one = seal(amended(chain, rename));
    const auto two = seal(amended(chain, no_change));
    append(chain, one, admins);
    expect_refused(chain, ErrorCode::charter_fork, [&] { append(chain, two, admins); });

    // Another charter altogether, which nobody here has seen.
    const auto stranger = seal(amended(chain, [](Charter& charter) { charter.previous = CharterHash{crypto::sha256(bytes_of("x"))}; }));
    expect_refused(chain, ErrorCode::charter_fork, [&] { append(chain, stranger, admins); });
    append(chain, seal(amended(chain, no_change)), admins);
}

TEST(PolicyChain, RefusesARollback) // E06
{
    auto chain = example_chain();
    const auto first = chain.links()[0].artefact;
    const auto second = signed_by(seal(amended(chain, rename)), admins).encode();
    append(chain, artefacts::Artefact::decode_any(second), {});
    append(chain, seal(amended(chain, no_change)), admins);
    expect_refused(chain, ErrorCode::policy_rollback, [&] { chain.apply(chain.next(first), founding_day); });
    expect_refused(chain, ErrorCode::policy_rollback, [&] { chain.apply(chain.next(second), founding_day); });
    // Signed as a successor, but with an old number.
    for (const std::uint64_t version : {2U, 3U}) {
        const auto stale = seal(amended(chain, [&](Charter& charter) { charter.version = version; }));
        expect_refused(chain, ErrorCode::policy_rollback, [&] { append(chain, stale, admins); });
    }
    auto another_first = test::example_charter();
    rename(another_first);
    expect_refused(chain, ErrorCode::policy_rollback,
                   [&] { append(chain, seal(another_first), test::officer_ids(another_first)); });
}

TEST(PolicyChain, RefusesAVersionThatSkipsOne)
{
    auto chain = example_chain();
    const auto skips = seal(amended(chain, [](Charter& charter) { charter.version = 3; }));
    expect_refused(chain, ErrorCode::policy_gap, [&] { append(chain, skips, admins); });
}

TEST(PolicyChain, RefusesAStaleAmendmentAndOneWithALongTerm) // E32
{
    const auto apply = [](UtcTime adopt_before, std::optional<UtcTime> adopted_at) {
        auto chain = example_chain();
        const auto next = amended(chain, [&](Charter& charter) { charter.adopt_before = adopt_before; });
        chain.apply(chain.next(sealed(next, admins)), adopted_at);
    };
    EXPECT_NO_THROW(apply(founding_day, founding_day));
    EXPECT_ERROR(apply(founding_day, founding_day + Duration{1}), ErrorCode::charter_stale);
    EXPECT_NO_THROW(apply(founding_day + days(30), founding_day));
    EXPECT_ERROR(apply(founding_day + days(30) + Duration{1}, founding_day), ErrorCode::charter_stale);
    // Who follows what others adopted judges no term.
    EXPECT_NO_THROW(apply(founding_day, std::nullopt));
}

TEST(PolicyChain, AnAmendmentThatItsSuccessorFollowsIsNotStale) // a vault that is visited late
{
    auto online = example_chain();
    append(online, cancel_by("alice"), {"alice"});
    append(online, seal(amended(online, rename)), admins);
    append(online, cancel_by("bob"), {"bob"});
    const auto late = founding_day + days(60);
    const auto with_term = [&](UtcTime term) {
        auto chain = online;
        const auto next = amended(chain, [&](Charter& charter) { charter.adopt_before = term; });
        chain.apply(chain.next(sealed(next, admins)), std::nullopt);
        return chain;
    };

    auto vault = example_chain();
    expect_refused(vault, ErrorCode::charter_stale, [&] { vault.follow(online.links(), late); });
    expect_refused(vault, ErrorCode::charter_stale, [&] { vault.follow(with_term(late - Duration{1}).links(), late); });
    expect_refused(vault, ErrorCode::charter_stale, [&] { vault.follow(with_term(late + days(31)).links(), late); });
    const auto fresh = with_term(late + days(7));
    const auto followed = vault.follow(fresh.links(), late);
    EXPECT_EQ(vault.position(), fresh.position());
    EXPECT_FALSE(followed.is_other_branch);
    EXPECT_EQ(followed.links.size(), 4U);
    EXPECT_TRUE(vault.follow(fresh.links(), late).links.empty());

    // A later one does not make good what comes after it.
    auto stale_again = fresh;
    const auto next = amended(stale_again, [&](Charter& charter) { charter.adopt_before = late - Duration{1}; });
    stale_again.apply(stale_again.next(sealed(next, admins)), std::nullopt);
    vault = example_chain();
    expect_refused(vault, ErrorCode::charter_stale, [&] { vault.follow(stale_again.links(), late); });
}

/// Two cancels, which whoever carries them linked in either order.
struct Fork {
    PolicyChain online = example_chain();
    PolicyChain vault = example_chain();

    Fork()
    {
        append(online, cancel_by("alice"), {"alice"});
        append(online, cancel_by("bob", "other"), {"bob"});
        append(vault, cancel_by("bob", "other"), {"bob"});
    }
    /// The online chain with an amendment; `change` edits it before it is signed.
    template <typename Change>
    PolicyChain amended_online(Change change, const std::vector<std::string>& names = admins) const
    {
        auto chain = online;
        auto next = amended(chain, rename);
        change(next);
        append(chain, seal(next), names);
        return chain;
    }
    PolicyChain decided() const
    {
        return amended_online([&](Charter& charter) { charter.continues = online.position(); });
    }
};

TEST(PolicyChain, AnAmendmentThatSaysWhichLinkItContinuesEndsAFork) // E32
{
    Fork fork;
    expect_refused(fork.vault, ErrorCode::charter_fork, [&] { fork.vault.follow(fork.online.links(), founding_day); });
    expect_refused(fork.vault, ErrorCode::charter_fork,
                   [&] { fork.vault.follow(fork.amended_online(no_change).links(), founding_day); });
    const auto decided = fork.decided();
    const auto first = fork.vault.charter_hash();
    const auto followed = fork.vault.follow(decided.links(), founding_day);
    EXPECT_TRUE(followed.is_other_branch);
    EXPECT_EQ(followed.links.size(), 3U);
    EXPECT_EQ(followed.links.front().number, 1U);
    EXPECT_EQ(fork.vault.position(), decided.position());
    EXPECT_EQ(fork.vault.charter_hash(), decided.charter_hash());
    EXPECT_TRUE(fork.vault.has_ended_fork_since(first));
    EXPECT_FALSE(fork.vault.has_ended_fork_since(decided.charter_hash()));
    EXPECT_FALSE(fork.online.has_ended_fork_since(first));
}

TEST(PolicyChain, ABranchThatIsLeftKeepsItsCancels)
{
    Fork fork;
    append(fork.vault, cancel_by("dave", "third"), {"dave"});
    const auto third = RequestDigest{crypto::sha256(bytes_of("third"))};
    const auto other = RequestDigest{crypto::sha256(bytes_of("other"))};
    fork.vault.follow(fork.decided().links(), founding_day);
    EXPECT_EQ(fork.vault.cancels_of(third).size(), 1U);
    EXPECT_EQ(fork.vault.cancels_of(other).size(), 1U);
}

TEST(PolicyChain, AnAmendmentContinuesTheLinkThatItNames)
{
    Fork fork;
    EXPECT_ERROR(fork.amended_online([&](Charter& charter) { charter.continues = fork.vault.position(); }), ErrorCode::policy_gap);
    auto missed = fork.decided().links();
    missed.erase(missed.begin() + 2);
    expect_refused(fork.vault, ErrorCode::policy_gap, [&] { fork.vault.follow(missed, founding_day); });
    EXPECT_ERROR(fork.amended_online([&](Charter& charter) { charter.continues = fork.online.position(); }, {"alice", "bob"}),
                 ErrorCode::appr_missing);
}

TEST(PolicyChain, TheFirstCharterIsNeverExchanged)
{
    Fork fork;
    auto other = test::example_charter();
    rename(other);
    auto foreign = founded(other);
    auto next = amended(foreign, no_change);
    next.continues = foreign.position();
    append(foreign, seal(next), admins);
    expect_refused(fork.vault, ErrorCode::charter_fork, [&] { fork.vault.follow(foreign.links(), founding_day); });
}

TEST(PolicyChain, TwoSuccessorsAreDecidedByThoseWhoMayAmendBoth) // E32
{
    const auto replace_admins = [](Charter& charter) {
        for (const auto* name : {"mallory", "malcolm", "maud"})
            charter.officers.push_back(test::officer(name, {"admin"}));
    };
    auto vault = example_chain();
    append(vault, seal(amended(vault, rename)), admins);
    auto rival = example_chain();
    append(rival, seal(amended(rival, replace_admins)), admins);
    const auto decide = [&](const std::vector<std::string>& names) {
        auto chain = rival;
        auto next = amended(chain, no_change);
        next.continues = chain.position();
        append(chain, seal(next), names);
        return chain;
    };
    expect_refused(vault, ErrorCode::charter_fork, [&] { vault.follow(rival.links(), founding_day); });
    // Those whom the charter held here does not know decide nothing here.
    expect_refused(vault, ErrorCode::charter_fork,
                   [&] { vault.follow(decide({"mallory", "malcolm", "maud"}).links(), founding_day); });
    const auto decided = decide(admins);
    vault.follow(decided.links(), founding_day);
    EXPECT_EQ(vault.charter_hash(), decided.charter_hash());
}

TEST(PolicyChain, AnOlderVersionEndsNoFork)
{
    // The branch held here has been amended twice; the other one ends with an amendment of the same age.
    auto vault = example_chain();
    auto rival = example_chain();
    append(rival, cancel_by("alice"), {"alice"});
    auto next = amended(rival, no_change);
    next.continues = rival.position();
    append(rival, seal(next), admins);
    append(vault, seal(amended(vault, rename)), admins);
    expect_refused(vault, ErrorCode::charter_fork, [&] { vault.follow(rival.links(), founding_day); });
}

TEST(PolicyChain, RefusesAnInvalidAmendment)
{
    auto chain = example_chain();
    const auto weak = seal(amended(chain, [](Charter& charter) { charter.amendment = Quorum::parse("1 of admin"); }));
    expect_refused(chain, ErrorCode::policy_invalid, [&] { append(chain, weak, admins); });
    const auto shared = seal(amended(chain, [](Charter& charter) { charter.officers[5].keys = charter.officers[4].keys; }));
    expect_refused(chain, ErrorCode::policy_dupkey, [&] { append(chain, shared, admins); });
}

TEST(PolicyChain, RefusesAnotherTreasuryOrEnvironment) // E23
{
    auto chain = example_chain();
    for (const auto environment : {artefacts::Environment::production, artefacts::Environment::rehearsal}) {
        const auto other = seal(amended(chain, [&](Charter& charter) { charter.header.environment = environment; }));
        expect_refused(chain, ErrorCode::env, [&] { append(chain, other, admins); });
    }
    const auto other = seal(amended(chain, [](Charter& charter) { charter.header.treasury = TreasuryId{crypto::sha256(bytes_of("other"))}; }));
    expect_refused(chain, ErrorCode::env, [&] { append(chain, other, admins); });
    auto cancel = cancel_by("alice");
    const artefacts::Artefact foreign{artefacts::Kind::entry,
                                      encode_cancel({.header = {artefacts::Environment::production, test::example_header.treasury},
                                                     .request = {},
                                                     .officer = "alice",
                                                     .time = founding_day,
                                                     .reason = ""})
                                          .body()};
    expect_refused(chain, ErrorCode::env, [&] { append(chain, foreign, {"alice"}); });
    append(chain, cancel, {"alice"});
}

TEST(PolicyChain, AWalletIsGovernedOrPersonalForEver)
{
    auto chain = example_chain();
    const auto make = [](std::string_view wallet, Mode mode) {
        return [=](Charter& charter) {
            const auto place = std::ranges::find(charter.wallets, wallet, &Wallet::id);
            place->mode = mode;
            for (auto& rule : charter.rules)
                if (rule.wallets)
                    std::erase(*rule.wallets, wallet);
            std::erase_if(charter.rules, [](const Rule& rule) { return rule.wallets && rule.wallets->empty(); });
        };
    };
    const auto tame = seal(amended(chain, make("eth-hot", Mode::governed)));
    const auto personal = seal(amended(chain, make("eth-hot", Mode::personal)));
    expect_refused(chain, ErrorCode::policy_invalid, [&] { append(chain, personal, admins); });
    const auto governed = seal(amended(chain, make("purse", Mode::governed)));
    expect_refused(chain, ErrorCode::policy_invalid, [&] { append(chain, governed, admins); });
    append(chain, tame, admins);
}

TEST(PolicyChain, AKeyOfAGovernedWalletNeverServesAPersonalOne)
{
    auto chain = example_chain();
    const auto remove_hot = [](Charter& charter) {
        std::erase_if(charter.wallets, [](const Wallet& wallet) { return wallet.id == "eth-hot"; });
        for (auto& rule : charter.rules)
            if (rule.wallets)
                std::erase(*rule.wallets, "eth-hot");
        std::erase_if(charter.rules, [](const Rule& rule) { return rule.wallets && rule.wallets->empty(); });
    };
    append(chain, seal(amended(chain, remove_hot)), admins);
    append(chain, seal(amended(chain, rename)), admins);
    const auto add = [](std::string path, Mode mode) {
        return [=](Charter& charter) {
            charter.wallets.push_back(test::account("new", "ethereum", Tier::hot, path));
            charter.wallets.back().mode = mode;
        };
    };
    // Two charters ago 0/2 was in a governed wallet.
    const auto old_key = seal(amended(chain, add("0/2", Mode::personal)));
    expect_refused(chain, ErrorCode::policy_sharedkey, [&] { append(chain, old_key, admins); });
    auto twin = chain;
    append(twin, seal(amended(twin, add("0/2", Mode::governed))), admins);
    append(chain, seal(amended(chain, add("0/8", Mode::personal))), admins);
}

TEST(PolicyChain, RecordsACancelOfAnOfficerWithTheirRoles)
{
    auto chain = example_chain();
    append(chain, cancel_by("erin"), {"erin"});
    const auto& cancels = chain.cancels_of(RequestDigest{crypto::sha256(bytes_of("request"))});
    ASSERT_EQ(cancels.size(), 1U);
    EXPECT_EQ(cancels[0].cancel.officer, "erin");
    EXPECT_EQ(cancels[0].roles, (std::vector<std::string>{"finance", "compliance"}));
    EXPECT_TRUE(chain.cancels_of(RequestDigest{}).empty());
    append(chain, cancel_by("alice"), {"alice"});
    EXPECT_EQ(cancels.size(), 2U);
}

TEST(PolicyChain, RefusesACancelOfAStrangerOrUnderAnothersName)
{
    auto chain = example_chain();
    expect_refused(chain, ErrorCode::appr_role, [&] { append(chain, cancel_by("mallory"), {"mallory"}); });
    expect_refused(chain, ErrorCode::appr_role, [&] { append(chain, cancel_by("alice"), {}); });
    expect_refused(chain, ErrorCode::appr_role, [&] { append(chain, cancel_by("alice"), {"bob"}); });
    expect_refused(chain, ErrorCode::appr_role, [&] { append(chain, cancel_by("vault-a"), {"vault-a"}); });
    append(chain, cancel_by("alice"), {"alice", "bob"});
}

TEST(PolicyChain, RefusesACancelOfAnOfficerWhomAnAmendmentRemoved) // E08
{
    auto chain = example_chain();
    append(chain, seal(amended(chain, [](Charter& charter) {
               std::erase_if(charter.officers, [](const Officer& officer) { return officer.id == "olga"; });
           })), admins);
    expect_refused(chain, ErrorCode::appr_role, [&] { append(chain, cancel_by("olga"), {"olga"}); });
}

TEST(PolicyChain, RefusesTheSameEntryTwice)
{
    auto chain = example_chain();
    append(chain, cancel_by("alice"), {"alice"});
    expect_refused(chain, ErrorCode::policy_rollback, [&] { append(chain, cancel_by("alice"), {"alice", "bob"}); });
    append(chain, cancel_by("alice", "request", "again"), {"alice"});
}

TEST(PolicyChain, RefusesWhatIsNeitherCharterNorEntry)
{
    auto chain = example_chain();
    const artefacts::Artefact vote{artefacts::Kind::vote, artefacts::encode_body(test::example_header, {})};
    expect_refused(chain, ErrorCode::type, [&] { append(chain, vote, {"alice"}); });
    expect_refused(chain, ErrorCode::malformed, [&] { chain.apply(chain.next(Bytes{}), founding_day); });
    const artefacts::Artefact freeze{artefacts::Kind::entry, artefacts::encode_body(test::example_header, {{2, "unheard_of"}})};
    expect_refused(chain, ErrorCode::type, [&] { append(chain, freeze, {"alice"}); });
}

TEST(PolicyChain, ContainsOnlyItsOwnPositions)
{
    auto chain = example_chain();
    const auto first = chain.position();
    append(chain, cancel_by("alice"), {"alice"});
    EXPECT_TRUE(chain.contains(first));
    EXPECT_TRUE(chain.contains(chain.position()));
    EXPECT_FALSE(chain.contains({1, first.link}));
    EXPECT_FALSE(chain.contains({0, chain.position().link}));
    EXPECT_FALSE(chain.contains({2, chain.position().link}));
    EXPECT_FALSE(chain.contains({0xffffffffffffffffU, first.link}));
}

TEST(PolicyChain, TheOrderOfEntriesIsPartOfThePosition)
{
    auto one = example_chain();
    auto two = example_chain();
    append(one, cancel_by("alice"), {"alice"});
    append(one, cancel_by("bob"), {"bob"});
    append(two, cancel_by("bob"), {"bob"});
    append(two, cancel_by("alice"), {"alice"});
    EXPECT_NE(one.position(), two.position());
}

} // namespace
} // namespace coffer::charter
