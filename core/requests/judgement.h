#pragma once

#include "core/artefacts/verified_signatures.h"
#include "core/chains/payload_format.h"
#include "core/charter/policy_chain.h"
#include "core/policy/evaluator.h"
#include "core/requests/ladder.h"
#include "core/requests/request.h"
#include "core/requests/standing_orders.h"
#include "core/requests/vote.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace coffer::requests {

/// A request that is replaced, as evidence: the digest that its successor names proves it.
struct Predecessor {
    Bytes request;
    std::vector<Bytes> payloads;
    /// Of each payload. That of an appliance shows that it was approved: else a bump would be a way round what a transfer needs.
    std::vector<std::vector<payments::TaskSignature>> signatures;
};

/// A request as it is carried or stored: signed bytes, none of them trusted yet.
struct Submission {
    Bytes request;
    std::vector<Bytes> payloads;
    std::vector<Bytes> votes;
    /// Of a `bump` or `void`: what it replaces, then what that replaced, and so on.
    std::vector<Predecessor> predecessors{};
};

/// A request can be replaced by one that is replaced, and so on.
constexpr std::size_t most_predecessors = 20;

/// How far another machine's clock may be ahead of this one's.
constexpr Duration tolerated_ahead = minutes(10);

/// What the judging side knows besides the submission.
struct Circumstances {
    UtcTime clock;  ///< for what is dated in the future
    UtcTime latest; ///< the latest of clock and last session: for what has expired
    std::optional<Duration> known_for;        ///< since this appliance first saw the request
    std::vector<std::string> earlier_rejections; ///< officers whose rejection was seen before
    /// What this side has verified before; null where every signature is to be verified anew.
    artefacts::VerifiedSignatures* verified = nullptr;
    /// The request that holds a slot by this side's books or ledger; none where this side keeps neither, so that it
    /// can tell of no replacement whether it conflicts.
    std::function<std::optional<RequestDigest>(const payments::SpendSlot&)> holder_of{};
    /// Since when this side knows an entry, for its cool-down; none where it keeps no such record: then the time that its signers wrote
    /// and that of the request decide, so that what is stored is judged tomorrow as it is today.
    std::function<Duration(const EntryHash&)> entry_known_for{};
    /// Of the appliance that judges; none online.
    std::optional<artefacts::ApprovalKey> appliance{};
    /// Until when this side itself has frozen a wallet, beside the freezes of the policy chain.
    std::function<std::optional<UtcTime>(const std::string& wallet)> frozen_here{};
};

/// What a payload of a request uses up; that of a ladder's steps, which use the same, is the first one's.
struct PayloadSlot {
    std::uint32_t payload = 0;
    payments::SpendSlot slot;
    auto operator<=>(const PayloadSlot&) const = default;
};

/// A request whose signature, payloads and payments have been verified against the charter in force.
/// It points into the policy chain that it was judged by: applying a link to that chain voids it.
struct OpenRequest {
    artefacts::Artefact artefact;
    Request request;
    RequestDigest digest;
    const charter::Wallet* wallet = nullptr;
    Payloads payloads;
    payments::Description description;
    /// True when the payloads are steps of which one at most is mined: then the description is that of the last one.
    bool is_ladder = false;
    /// What a `bump` or `void` replaces, proved: the newest first. It may take their slots.
    std::vector<RequestDigest> replaced{};
    /// The highest fees of the payloads that it replaces, added up.
    Uint256 replaced_fee{};

    /// By a key that is suspended: it counts nothing.
    bool is_by_suspended = false;

    /// False where it signs messages, or is a ceremony with a key: what is signed is all there is to it.
    bool goes_to_chain() const { return payloads.front()->goes_to_chain(); }
    /// Of a ceremony with a key; else null.
    const payments::Ceremony* ceremony() const { return payloads.front()->ceremony(); }
    /// Everything that it uses up, each once, in the order of the payloads.
    std::vector<PayloadSlot> slots() const;
    /// The highest change index after it, of whichever payload. Throws what payments::require_change_near() does.
    std::uint32_t require_change_near(std::uint32_t highest) const;
};

/// A vote that verified and counts.
struct CountedVote {
    Vote vote;
    Bytes artefact;
    std::vector<std::string> roles;
};

struct Judgement {
    OpenRequest open;
    policy::Decision decision{};
    /// Of a request under a standing order which covers it: then its approvals are those of the order.
    std::optional<OrderCover> order{};
    std::vector<CountedVote> votes{};
    policy::Approvals approvals{};
    /// Why the quorum is not reached although votes came along, if one of them counted nothing.
    std::optional<Error> discounted{};
    /// By the rules; without a deciding rule the decision is empty and nothing is approved.
    std::optional<Error> refused{};
    std::optional<Error> rejected{};
    std::optional<Error> cancelled{};
    std::optional<Error> expired{};
    std::optional<Error> delayed{};
    /// The wallet is frozen: nothing of it is approved or signed. Votes stand for when that ends.
    std::optional<Error> frozen{};

    /// Whose vote counts: of a payment under a standing order the rules over its whole sum decide, too.
    const policy::Decision& deciding() const { return order ? order->decision : decision; }
};

/// Verifies the requester's signature and everything derived from the payloads.
/// Errors: those of decoding; `env`, `policy_behind`, `appr_requester`, `appr_future`,
/// `wallet_unknown`, `tx_changed`, and what the chain's format refuses; for a `bump` or `void` `replaces` when it does not exclude what
/// it replaces, or nothing shows that this was approved, `rbf_output` when it pays something else.
OpenRequest open_request(const charter::PolicyChain& chain, const Submission& submission, UtcTime clock,
                         artefacts::VerifiedSignatures* verified = nullptr);

/// The one judgement that officers, the online side and the appliance make (PROTOCOL 6): throws
/// what makes the request or a vote invalid; reports votes, what the rules refuse, cancel and expiry.
/// The appliance calls this one, so that it remembers a rejection of a request that no rule allows today.
Judgement examine(const charter::PolicyChain& chain, const Submission& submission, const Circumstances& circumstances);

/// Judges an open request by these votes instead of those that came with it. Circumstances and errors as for examine().
void count_votes(Judgement& judgement, const charter::PolicyChain& chain, std::span<const Bytes> votes, const Circumstances& circumstances);

/// The same as examine(), but throws what the rules refuse; a freeze is reported.
Judgement judge(const charter::PolicyChain& chain, const Submission& submission, const Circumstances& circumstances);

/// Throws Error{state} for what is paid under a standing order: an approval would say nothing.
void require_takes_approvals(const Judgement& judgement);

/// Throws while the wallet is frozen.
void require_not_frozen(const Judgement& judgement);

/// Throws unless it may be signed now: `appr_rejected`, `request_cancelled`, `appr_expired`, what the
/// rules refuse, `frozen`, what discounted votes, or `appr_missing`; then `delay`.
void require_approved(const Judgement& judgement);

} // namespace coffer::requests
