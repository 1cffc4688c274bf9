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
    const artefacts::Artefact freeze{artefacts::Kind::entry, artefacts::encode_body(test::example_header, {{2, "freeze"}})};
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
