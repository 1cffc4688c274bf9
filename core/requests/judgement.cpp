#include "core/requests/judgement.h"

#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "core/requests/ceremony.h"
#include "core/requests/head.h"
#include "core/requests/kind_check.h"
#include "core/requests/recipient.h"

#include <algorithm>
#include <map>
#include <set>

namespace coffer::requests {

namespace {

using artefacts::Artefact;
using artefacts::Kind;
using charter::PolicyChain;

constexpr std::size_t most_votes = 1000;

void require_not_future(UtcTime time, UtcTime clock, const std::string& what)
{
    if (clock + tolerated_ahead < time)
        throw Error{ErrorCode::appr_future, what + " is dated " + format_time(time) + ", more than 10 minutes after " +
                                                format_time(clock),
                    "compare the clocks of both machines"};
}

bool is_signed_by(const Artefact& artefact, const artefacts::ApprovalKey& key, artefacts::VerifiedSignatures* verified)
{
    return verified != nullptr ? verified->is_signed_by(artefact, key) : artefact.is_signed_by(key);
}

/// How the requester signed: a suspended key is told apart, so that what it opened can still be taken back.
enum class SignedBy { key, suspended_key };

SignedBy require_signed_by_requester(const Artefact& artefact, const Request& request, const charter::Charter& charter,
                                     artefacts::VerifiedSignatures* verified)
{
    const auto* requester = charter.find_officer(request.requester);
    if (requester == nullptr)
        throw Error{ErrorCode::appr_requester, "requester " + quoted(request.requester) + " is no officer of the charter in force"};
    const auto signs = [&](const auto& key) { return is_signed_by(artefact, key, verified); };
    if (std::ranges::any_of(requester->keys, signs))
        return SignedBy::key;
    if (std::ranges::any_of(requester->suspended, signs))
        return SignedBy::suspended_key;
    throw Error{ErrorCode::appr_requester, "request is not signed by its requester " + requester->id};
}

Payloads decode_payloads(const Submission& submission, const Request& request,
                                                                      const chains::PayloadContext& context)
{
    if (submission.payloads.size() != request.payloads.size())
        throw Error{ErrorCode::tx_changed, "request names " + std::to_string(request.payloads.size()) + " payloads, " +
                                               std::to_string(submission.payloads.size()) + " came along"};
    Payloads payloads;
    for (std::size_t i = 0; i < submission.payloads.size(); ++i) {
        payloads.push_back(decode_payload(submission.payloads[i], context));
        if (payloads.back()->digest() != request.payloads[i])
            throw Error{ErrorCode::tx_changed, "payload " + std::to_string(i) + " is not the one that the request names: expected " +
                                                   encoding::encode_hex(request.payloads[i].bytes()) + ", found " +
                                                   encoding::encode_hex(payloads.back()->digest().bytes()),
                        "nothing was signed; the payload differs from what the officers saw: keep the file and tell compliance"};
    }
    return payloads;
}

/// One officer's votes on the request, in the order of decision: a rejection outranks.
struct Ballot {
    std::optional<CountedVote> approval;
    std::optional<CountedVote> rejection;
};

/// Verifies every vote first, then counts those that the deciding rules ask for (PROTOCOL 6).
class Counting {
public:
    Counting(const PolicyChain& chain, const OpenRequest& open, const Circumstances& circumstances)
        : m_chain{chain}, m_charter{chain.charter()}, m_open{open}, m_clock{circumstances.clock}, m_verified{circumstances.verified}
    {
    }

    void verify(ByteView bytes)
    {
        const auto artefact = Artefact::decode(bytes, Kind::vote);
        auto vote = decode_vote(artefact);
        require_header(vote.header, m_charter.header, "vote");
        if (vote.request != m_open.digest)
            throw Error{ErrorCode::appr_binding, "vote of " + quoted(vote.officer) + " is on request " +
                                                     encoding::encode_hex(vote.request.bytes()) + ", not on this one"};
        require_not_future(vote.time, m_clock, "vote of " + quoted(vote.officer));
        if (vote.time < m_open.request.created - tolerated_ahead)
            throw Error{ErrorCode::appr_binding, "vote of " + quoted(vote.officer) + " is dated before the request"};
        const auto* officer = m_charter.find_officer(vote.officer);
        if (officer != nullptr && !names_one_of(artefact, officer->keys) && names_one_of(artefact, officer->suspended)) {
            discount(ErrorCode::appr_role, "vote of " + officer->id + ": the key that signed it is suspended");
            return;
        }
        if (officer == nullptr || !names_one_of(artefact, officer->keys)) {
            discount(ErrorCode::appr_role, "vote of " + quoted(vote.officer) + ": the charter in force has no such officer or key");
            return;
        }
        if (std::ranges::none_of(officer->keys, [&](const auto& key) { return is_signed_by(artefact, key, m_verified); }))
            throw Error{ErrorCode::appr_binding, "vote of " + officer->id + ": the signature does not cover this vote"};
        // A vote of an earlier charter counts nothing, and may show the head of an appliance that is gone.
        if (!is_current(vote))
            return;
        require_heads(vote);
        place(CountedVote{std::move(vote), to_bytes(bytes), officer->roles});
    }

    /// At most one vote an officer. Without a deciding rule only rejections count.
    std::vector<CountedVote> count(const policy::Decision& decision)
    {
        std::vector<CountedVote> votes;
        for (auto& [officer, ballot] : m_ballots)
            if (ballot.rejection)
                votes.push_back(*ballot.rejection);
            else if (ballot.approval && may_approve(*ballot.approval, decision))
                votes.push_back(*ballot.approval);
        std::ranges::stable_sort(votes, {}, [](const CountedVote& counted) { return counted.vote.time; });
        return votes;
    }

    const std::optional<Error>& discounted() const { return m_discounted; }

private:
    static bool names_one_of(const Artefact& artefact, const std::vector<artefacts::ApprovalKey>& keys)
    {
        return std::ranges::any_of(artefact.signatures(), [&](const artefacts::Signature& signature) {
            return std::ranges::any_of(keys, [&](const auto& key) { return key.id() == signature.key; });
        });
    }

    /// A carried head that its appliance did not sign makes the vote invalid (PROTOCOL 3).
    void require_heads(const Vote& vote) const
    {
        for (const auto& bytes : vote.heads) {
            const auto artefact = Artefact::decode(bytes, Kind::head);
            const auto head = decode_head(artefact);
            require_header(head.header, m_charter.header, "head");
            const auto* appliance = m_charter.find_appliance(head.source);
            if (appliance == nullptr || !is_signed_by(artefact, appliance->key, m_verified))
                throw Error{ErrorCode::appr_binding, "vote of " + vote.officer + " carries a head that appliance " +
                                                         quoted(head.source) + " did not sign"};
        }
    }

    void place(CountedVote verified)
    {
        const auto& vote = verified.vote;
        auto& ballot = m_ballots[vote.officer];
        auto& same = vote.decision == VoteDecision::approve ? ballot.approval : ballot.rejection;
        if (same && !(same->vote == vote))
            throw Error{ErrorCode::appr_dup, vote.officer + " voted twice: " + std::string{name_of(vote.decision)} + " on " +
                                                 format_time(same->vote.time) + " and on " + format_time(vote.time)};
        same = std::move(verified);
    }

    /// A vote judged by another charter, or from a position that this side lacks, counts nothing.
    bool is_current(const Vote& vote)
    {
        if (!m_chain.contains(vote.position)) {
            discount(ErrorCode::policy_behind, "vote of " + vote.officer + " was made at position " +
                                                   std::to_string(vote.position.number) + " of the policy chain, this side knows " +
                                                   std::to_string(m_chain.position().number));
            return false;
        }
        if (vote.charter != m_chain.charter_hash()) {
            discount(ErrorCode::policy_mismatch, "vote of " + vote.officer + " names charter " +
                                                     encoding::encode_hex(vote.charter.bytes()) + ", in force is " +
                                                     encoding::encode_hex(m_chain.charter_hash().bytes()));
            return false;
        }
        return true;
    }

    bool may_approve(const CountedVote& approval, const policy::Decision& decision)
    {
        const auto& name = approval.vote.officer;
        if (!vote_counts(decision, {name, approval.roles, {}})) {
            discount(ErrorCode::appr_role, "vote of " + name + ": " + join(approval.roles, ", ") +
                                               " is no role that the deciding rule asks for");
            return false;
        }
        if (name == m_open.request.requester &&
            std::ranges::none_of(decision.rules(), [](const auto* rule) { return rule->requester_may_approve; })) {
            discount(ErrorCode::appr_self, "vote of " + name + ", who requested it, does not count");
            return false;
        }
        return true;
    }

    /// Keeps the gravest reason: a withheld policy before an old one before a person's mistake.
    void discount(ErrorCode code, std::string message)
    {
        const auto gravity = [](ErrorCode of) {
            return of == ErrorCode::policy_behind ? 3 : of == ErrorCode::policy_mismatch ? 2 : of == ErrorCode::appr_self ? 1 : 0;
        };
        if (!m_discounted || gravity(m_discounted->code()) < gravity(code))
            m_discounted = Error{code, std::move(message)};
    }

    const PolicyChain& m_chain;
    const charter::Charter& m_charter;
    const OpenRequest& m_open;
    UtcTime m_clock;
    artefacts::VerifiedSignatures* m_verified;
    std::map<std::string, Ballot> m_ballots;
    std::optional<Error> m_discounted;
};

/// Who takes back what they could have approved does so for ever: the roles are those of the charter
/// that was in force when the cancel was linked.
std::optional<Error> find_cancel(const PolicyChain& chain, const OpenRequest& open, const policy::Decision& decision)
{
    for (const auto& [cancel, roles] : chain.cancels_of(open.digest))
        if (cancel.officer == open.request.requester || vote_counts(decision, {cancel.officer, roles, {}}))
            return Error{ErrorCode::request_cancelled, "request was cancelled by " + cancel.officer + " on " +
                                                           format_time(cancel.time)};
    return std::nullopt;
}

/// Those of its standing order, and no votes: where the order does not cover it, nothing does.
policy::Approvals order_approvals(const Judgement& judgement)
{
    return judgement.order ? judgement.order->approvals : policy::Approvals{.reached = false, .have = 0, .need = {"a standing order that covers it"}};
}

/// What is paid without votes needs no majority against it: whoever could have approved it, or the order, stops it.
bool is_rejected_by(const std::vector<std::string>& rejecters, const Judgement& judgement, const charter::Charter& charter)
{
    const auto& open = judgement.open;
    const auto counts = [&](const std::string& name) {
        const auto* officer = charter.find_officer(name);
        return officer != nullptr && vote_counts(judgement.deciding(), *officer);
    };
    return policy::is_rejected(charter, judgement.decision, rejecters, open.request.requester) ||
           (open.request.order && std::ranges::any_of(rejecters, counts));
}

bool is_replacement(charter::RequestKind kind)
{
    return kind == charter::RequestKind::bump || kind == charter::RequestKind::void_;
}

/// The replaced request, proved by the digest that names it, and that every payload excludes what it replaces.
class Replacement {
public:
    Replacement(const PolicyChain& chain, const Submission& submission, const Request& request, const charter::Wallet& wallet)
        : m_submission{submission}, m_request{request}, m_context{chain.charter(), wallet}
    {
        if (!request.replaces)
            throw Error{ErrorCode::replaces, "request is of kind " + std::string{name_of(request.kind)} + ", and names nothing that it replaces"};
        if (submission.predecessors.size() > most_predecessors)
            throw Error{ErrorCode::limit, std::to_string(submission.predecessors.size()) + " replaced requests are over the limit of 20"};
    }

    /// The digests of what came along, each named by the one before.
    std::vector<RequestDigest> digests() const
    {
        std::vector<RequestDigest> proved;
        auto expected = m_request.replaces;
        for (const auto& predecessor : m_submission.predecessors) {
            const auto artefact = Artefact::decode(predecessor.request, Kind::request);
            const auto digest = digest_of(artefact);
            if (!expected || digest != *expected)
                throw Error{ErrorCode::replaces, "request " + encoding::encode_hex(digest.bytes()) + " came along as replaced, and is not"};
            proved.push_back(digest);
            expected = decode_request(artefact).replaces;
        }
        if (proved.empty())
            throw Error{ErrorCode::replaces, "request " + encoding::encode_hex(m_request.replaces->bytes()) + ", which it replaces, did not come along"};
        return proved;
    }

    /// Every payload takes all slots of exactly one payload that it replaces, and no two of the same: so neither what is replaced nor
    /// what that had replaced can be paid beside it, and nothing is paid twice. The highest fees of what is replaced, added up.
    Uint256 require_excludes(const Payloads& payloads) const
    {
        const auto& predecessor = m_submission.predecessors.front();
        const auto replaced = decode_request(Artefact::decode(predecessor.request, Kind::request));
        if (replaced.wallet != m_request.wallet)
            throw Error{ErrorCode::replaces, "what it replaces is of wallet " + quoted(replaced.wallet) + ", not of " + quoted(m_request.wallet)};
        const auto before = decode_payloads({.request = predecessor.request, .payloads = predecessor.payloads, .votes = {}}, replaced, m_context);
        const bool is_ladder = require_ladder_or_apart(before); // its steps count as one: what excludes the first excludes all
        std::map<payments::SpendSlot, std::size_t> users;
        for (std::size_t i = 0; i < before.size(); ++i)
            for (auto& slot : before[i]->slots())
                users.emplace(std::move(slot), i);
        std::set<std::size_t> excluded;
        Uint256 fees;
        for (std::size_t i = 0; i < payloads.size(); ++i) {
            const auto one = find_excluded(*payloads[i], i, users, before);
            if (!excluded.insert(one).second)
                throw Error{ErrorCode::replaces, "payload " + std::to_string(i) + " replaces the same payload as another one: both could be paid"};
            const auto& highest = is_ladder ? *before.back() : *before[one];
            fees = fees + highest.description().fee.maximum.base_units();
            if (m_request.kind == charter::RequestKind::bump) {
                require_signed_by_appliance(*before[one], one < predecessor.signatures.size() ? predecessor.signatures[one] : no_signatures);
                require_only_fee_grows(*payloads[i], highest, "payload " + std::to_string(i));
            }
        }
        return fees;
    }

private:
    static std::size_t find_excluded(const payments::Payload& payload, std::size_t number, const std::map<payments::SpendSlot, std::size_t>& users,
                                     const Payloads& before)
    {
        std::optional<std::size_t> excluded;
        std::size_t shared = 0;
        for (const auto& slot : payload.slots()) {
            const auto user = users.find(slot);
            if (user == users.end())
                continue;
            if (excluded && *excluded != user->second)
                throw Error{ErrorCode::replaces, "payload " + std::to_string(number) + " replaces two payloads at once"};
            excluded = user->second;
            ++shared;
        }
        if (!excluded || shared != before[*excluded]->slots().size())
            throw Error{ErrorCode::replaces, "payload " + std::to_string(number) +
                                                 " does not use all that a payload of the replaced request uses: both could be paid"};
        return *excluded;
    }

    /// An appliance signs what was approved, and nothing else: its signature proves that, whatever became of votes, charter and time since.
    static void require_signed_by_appliance(const payments::Payload& replaced, const std::vector<payments::TaskSignature>& signatures)
    {
        std::set<std::pair<std::uint32_t, Bytes>> verified;
        for (const auto& signature : signatures) {
            replaced.verify(signature);
            verified.emplace(signature.input, signature.public_key);
        }
        std::map<std::pair<std::string, std::string>, bool> complete; // by appliance and key
        for (const auto& task : replaced.signing_tasks()) {
            const auto whose = complete.try_emplace({task.appliance, task.key}, true).first;
            whose->second = whose->second && verified.contains({task.input, task.public_key});
        }
        if (std::ranges::none_of(complete, [](const auto& one) { return one.second; }))
            throw Error{ErrorCode::replaces, "nothing shows that what it replaces was approved: no appliance has signed it",
                        "what is not signed yet is cancelled and proposed anew"};
    }

    inline static const std::vector<payments::TaskSignature> no_signatures{};

    const Submission& m_submission;
    const Request& m_request;
    chains::PayloadContext m_context;
};

/// Every payload of a replacement must exclude what it replaces, or both are paid (PROTOCOL 6). A slot that the
/// replaced request holds is all that proves it: a request that is unknown here holds none.
void require_conflicts(const OpenRequest& open, const Circumstances& circumstances)
{
    const auto& replaced = open.request.replaces;
    if (!replaced || !open.replaced.empty())
        return; // Replacement has compared a bump or void with what came along
    for (std::size_t i = 0; i < open.payloads.size(); ++i) {
        const auto slots = open.payloads[i]->slots();
        const auto is_held = [&](const payments::SpendSlot& slot) { return circumstances.holder_of(slot) == replaced; };
        if (!circumstances.holder_of || std::ranges::none_of(slots, is_held))
            throw Error{ErrorCode::replaces, "payload " + std::to_string(i) + " uses nothing that is known to be held by request " +
                                                 encoding::encode_hex(replaced->bytes()) + ", which it says to replace: both could be paid"};
    }
}

/// Destinations that an entry added too short a while ago to count.
std::set<std::string> find_cooling(const PolicyChain& chain, const Request& request, const Circumstances& circumstances)
{
    std::set<std::string> cooling;
    for (const auto& [id, added] : chain.added()) {
        const auto known_for = circumstances.entry_known_for ? circumstances.entry_known_for(added.entry) : request.created - added.time;
        if (known_for < chain.charter().cooldown_in_force())
            cooling.insert(id);
    }
    return cooling;
}

OrderCircumstances order_circumstances(const policy::Facts& facts, const EntryHash& order, const Circumstances& circumstances)
{
    OrderCircumstances made{.cooling = facts.cooling, .appliance = circumstances.appliance, .known_for = {}};
    if (circumstances.known_for)
        made.known_for = circumstances.entry_known_for ? circumstances.entry_known_for(order) : Duration{};
    return made;
}

/// Selects the rules into the judgement and applies their restrictions and that of a replacement; what fails is reported, so that the
/// votes that came along are judged all the same.
void apply_rules(Judgement& judgement, const PolicyChain& chain, const Circumstances& circumstances)
{
    const auto& open = judgement.open;
    const auto& charter = chain.charter();
    const policy::Facts facts{.kind = open.request.kind,
                              .wallet = open.wallet,
                              .description = &open.description,
                              .created = open.request.created,
                              .expires = open.request.expires,
                              .known_for = circumstances.known_for,
                              .cooling = find_cooling(chain, open.request, circumstances),
                              .words = words_of(charter, *open.wallet)};
    try {
        require_kind_fits(open, facts.words);
        judgement.decision = select_rules_of(charter, deciding_wallets(charter, *open.wallet, *open.payloads.front()), facts);
        require_restrictions(charter, facts, judgement.decision);
        if (const auto* ceremony = open.ceremony())
            require_share_limits(charter, *ceremony);
        require_conflicts(open, circumstances);
        if (open.request.order)
            judgement.order = require_covered(chain, open.request, open.description, judgement.decision,
                                              order_circumstances(facts, *open.request.order, circumstances));
        judgement.delayed = judgement.order ? judgement.order->delayed : find_delay(facts, judgement.decision);
    } catch (const Error& error) {
        judgement.refused = error;
    }
    if (open.is_by_suspended)
        judgement.refused = Error{ErrorCode::appr_role, "request is by " + open.request.requester + ", whose key is suspended"};
}

/// By the earlier of the clocks, since a freeze ends by time.
std::optional<Error> find_freeze(const PolicyChain& chain, const std::string& wallet, const Circumstances& circumstances)
{
    const auto now = std::min(circumstances.clock, circumstances.latest);
    std::optional<Error> frozen;
    UtcTime until = now;
    if (const auto* freeze = chain.find_freeze(wallet, now)) {
        until = freeze->until;
        frozen = Error{ErrorCode::frozen, "wallet " + wallet + " is frozen until " + format_time(until) + " by " + freeze->by,
                       "an unfreeze by the amendment quorum lifts it: coffer unfreeze"};
    }
    const auto here = circumstances.frozen_here ? circumstances.frozen_here(wallet) : std::nullopt;
    if (here && until < *here)
        frozen = Error{ErrorCode::frozen, "wallet " + wallet + " was frozen at this vault until " + format_time(*here),
                       "an unfreeze of the amendment quorum lifts it, once the freeze is part of the policy chain"};
    return frozen;
}

} // namespace

OpenRequest open_request(const PolicyChain& chain, const Submission& submission, UtcTime clock, artefacts::VerifiedSignatures* verified)
{
    auto artefact = Artefact::decode(submission.request, Kind::request);
    auto request = decode_request(artefact);
    const auto& charter = chain.charter();
    require_header(request.header, charter.header, "request");
    if (!chain.contains(request.position))
        throw Error{ErrorCode::policy_behind, "request was made at position " + std::to_string(request.position.number) +
                                                  " of the policy chain, this side knows " +
                                                  std::to_string(chain.position().number),
                    "entries of the policy chain were left out; export again from an up-to-date home"};
    const auto signed_by = require_signed_by_requester(artefact, request, charter, verified);
    require_not_future(request.created, clock, "request");
    const auto& wallet = charter.wallet(request.wallet);
    auto payloads = decode_payloads(submission, request, {charter, wallet});

    for (const auto& payload : payloads)
        payload->require_timely(request.height);
    const bool is_ladder = require_ladder_or_apart(payloads);
    auto description = describe(payloads, is_ladder);
    if (payment_digest(description) != request.payment)
        throw Error{ErrorCode::tx_changed, "the payments of the payloads are not those that the request names"};
    std::vector<RequestDigest> replaced;
    Uint256 replaced_fee;
    if (is_replacement(request.kind)) {
        const Replacement replacement{chain, submission, request, wallet};
        replaced = replacement.digests();
        replaced_fee = replacement.require_excludes(payloads);
    }
    const auto digest = digest_of(artefact);
    return {std::move(artefact), std::move(request), digest, &wallet, std::move(payloads), std::move(description), is_ladder, std::move(replaced), replaced_fee,
            signed_by == SignedBy::suspended_key};
}

std::uint32_t OpenRequest::require_change_near(std::uint32_t highest) const
{
    auto reached = highest;
    for (const auto& payload : payloads)
        reached = std::max(reached, payments::require_change_near(payload->description(), highest));
    return reached;
}

std::vector<PayloadSlot> OpenRequest::slots() const
{
    std::vector<PayloadSlot> used;
    for (std::uint32_t i = 0; i < (is_ladder ? 1 : payloads.size()); ++i)
        for (auto& slot : payloads[i]->slots())
            used.push_back({i, std::move(slot)});
    return used;
}

void count_votes(Judgement& judgement, const PolicyChain& chain, std::span<const Bytes> votes, const Circumstances& circumstances)
{
    if (votes.size() > most_votes)
        throw Error{ErrorCode::limit, std::to_string(votes.size()) + " votes are over the limit of 1000"};
    const auto& open = judgement.open;
    Counting counting{chain, open, circumstances};
    for (const auto& vote : votes)
        counting.verify(vote);
    judgement.votes = counting.count(judgement.decision);
    judgement.discounted = counting.discounted();

    auto rejecters = circumstances.earlier_rejections;
    std::vector<charter::Quorum::Voter> approvers;
    for (const auto& [vote, bytes, roles] : judgement.votes)
        if (vote.decision == VoteDecision::reject && std::ranges::find(rejecters, vote.officer) == rejecters.end())
            rejecters.push_back(vote.officer);
    for (const auto& [vote, bytes, roles] : judgement.votes)
        if (vote.decision == VoteDecision::approve && std::ranges::find(rejecters, vote.officer) == rejecters.end())
            approvers.push_back({vote.officer, roles});
    judgement.approvals = open.request.order ? order_approvals(judgement) : policy::tally(judgement.decision, approvers, open.request.requester);
    judgement.rejected.reset();
    if (!rejecters.empty() && is_rejected_by(rejecters, judgement, chain.charter()))
        judgement.rejected = Error{ErrorCode::appr_rejected, "request was rejected by " + join(rejecters, ", ")};
}

Judgement examine(const PolicyChain& chain, const Submission& submission, const Circumstances& circumstances)
{
    Judgement judgement{.open = open_request(chain, submission, circumstances.clock, circumstances.verified)};
    const auto& open = judgement.open;
    apply_rules(judgement, chain, circumstances);
    for (const auto* wallet : deciding_wallets(chain.charter(), *open.wallet, *open.payloads.front()))
        if (auto frozen = find_freeze(chain, wallet->id, circumstances); frozen && !judgement.frozen)
            judgement.frozen = std::move(frozen);
    count_votes(judgement, chain, submission.votes, circumstances);
    judgement.cancelled = find_cancel(chain, open, judgement.deciding());
    if (open.request.expires <= circumstances.latest)
        judgement.expired = Error{ErrorCode::appr_expired, "request expired " + format_time(open.request.expires) + ", it is " +
                                                               format_time(circumstances.latest)};
    return judgement;
}

Judgement judge(const PolicyChain& chain, const Submission& submission, const Circumstances& circumstances)
{
    auto judgement = examine(chain, submission, circumstances);
    if (judgement.refused)
        throw *judgement.refused;
    return judgement;
}

void require_takes_approvals(const Judgement& judgement)
{
    if (judgement.order)
        throw Error{ErrorCode::state, "request " + format_uuid(judgement.open.request.id) + " is paid under standing order \"" +
                                          judgement.order->order->id + "\", and takes no approvals",
                    "who is against it rejects it: coffer reject"};
}

void require_not_frozen(const Judgement& judgement)
{
    if (judgement.frozen)
        throw *judgement.frozen;
}

void require_approved(const Judgement& judgement)
{
    for (const auto& ending : {judgement.rejected, judgement.cancelled, judgement.expired, judgement.refused, judgement.frozen})
        if (ending)
            throw *ending;
    if (judgement.order)
        require_votes(*judgement.order);
    if (!judgement.approvals.reached && judgement.discounted)
        throw *judgement.discounted;
    if (!judgement.approvals.reached)
        throw Error{ErrorCode::appr_missing, "votes are missing: " + join(judgement.approvals.need, ", ")};
    if (judgement.delayed)
        throw *judgement.delayed;
}

} // namespace coffer::requests
