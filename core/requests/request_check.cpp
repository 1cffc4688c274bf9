#include "core/requests/request_check.h"

#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "core/payments/ceremony.h"
#include "core/payments/message.h"
#include "core/requests/outflow.h"
#include "core/requests/recipient.h"

#include <algorithm>
#include <array>
#include <map>

namespace coffer::requests {

namespace {

using artefacts::Artefact;
using artefacts::Kind;
using charter::PolicyChain;

constexpr std::size_t most_summary_bytes = 40; // of a message
constexpr UtcTime end_of_time{253'402'300'799}; // of the year 9999, as in artefacts::read_time()

std::string name(const StoredRequest& stored)
{
    return "request " + format_uuid(stored.row.id);
}

[[noreturn]] void throw_tampered(const StoredRequest& stored, const std::string& what)
{
    throw Error{ErrorCode::db_tamper, name(stored) + ": " + what,
                "the database was changed by something else than coffer; nothing was done; run `coffer audit verify` and tell compliance"};
}

/// What was stored had been decoded and verified before, so that a fault in it is somebody's hand.
template <typename Work>
auto as_stored(const StoredRequest& stored, const std::string& what, Work work)
{
    try {
        return work();
    } catch (const Error& error) {
        if (error.exit_status() == ExitStatus::malformed || error.code() == ErrorCode::appr_binding ||
            error.code() == ErrorCode::appr_dup)
            throw_tampered(stored, what + ": " + error.message());
        throw;
    }
}

void require_column(const StoredRequest& stored, bool is_equal, const std::string& column)
{
    if (!is_equal)
        throw_tampered(stored, "column `" + column + "` does not say what the signed bytes say");
}

void require_request_columns(const StoredRequest& stored, const Artefact& artefact, const Request& request)
{
    const auto& row = stored.row;
    require_column(stored, row.digest == digest_of(artefact), "requests.digest");
    require_column(stored, row.id == request.id, "requests.id");
    require_column(stored, row.wallet == request.wallet, "requests.wallet");
    require_column(stored, row.kind == charter::name_of(request.kind), "requests.kind");
    require_column(stored, row.created == request.created, "requests.created_at");
    require_column(stored, row.expires == request.expires, "requests.expires_at");
    require_column(stored, row.replaces == request.replaces, "requests.replaces");
    require_column(stored, row.expired.has_value() == (row.status == Status::expired), "requests.expired_at");
    require_column(stored, !row.expired || row.expires <= *row.expired, "requests.expired_at");
    require_column(stored, stored.payloads.size() == request.payloads.size(), "payloads.position");
    for (std::size_t i = 0; i < stored.payloads.size(); ++i)
        require_column(stored, stored.payloads[i].digest == request.payloads[i], "payloads.digest");
}

void require_vote_columns(const StoredRequest& stored)
{
    for (const auto& row : stored.votes) {
        const auto vote = decode_vote(Artefact::decode(row.artefact, Kind::vote));
        require_column(stored, row.officer == vote.officer, "votes.officer");
        require_column(stored, row.decision == vote.decision, "votes.decision");
        require_column(stored, row.time == vote.time, "votes.at");
        require_column(stored, row.comment.empty() || vote.comment == hash_comment(row.comment), "votes.comment");
    }
}

/// Among the steps of a ladder one that was mined decides, then one that is on its way: the others take nothing from it.
int ladder_rank(Status status)
{
    switch (status) {
    case Status::success: return 4;
    case Status::failed: return 3;
    case Status::broadcast: return 2;
    case Status::replaced:
    case Status::voided: return 1;
    default: return 0;
    }
}

bool is_ended(Status status)
{
    return status == Status::rejected || status == Status::expired || status == Status::cancelled;
}

void require_slots(const StoredRequest& stored, const OpenRequest& open, std::vector<PayloadSlot> held)
{
    auto expected = is_ended(stored.row.status) ? std::vector<PayloadSlot>{} : open.slots();
    std::ranges::sort(expected);
    std::ranges::sort(held);
    require_column(stored, expected == held, "slots");
}

/// The earliest that it could have got the last vote it needed; none without the votes.
std::optional<UtcTime> approved_at(const Judgement& judgement)
{
    if (!judgement.approvals.reached)
        return std::nullopt;
    std::vector<charter::Quorum::Voter> approvers;
    for (const auto& counted : judgement.votes) { // in the order of time
        if (counted.vote.decision != VoteDecision::approve)
            continue;
        approvers.push_back({counted.vote.officer, counted.roles});
        if (policy::tally(judgement.decision, approvers, judgement.open.request.requester).reached)
            return counted.vote.time;
    }
    return judgement.open.request.created;
}

/// A bump may have been counted whole or with its increase, as what it replaces was counted or not.
bool is_outflow_of(ByteView outflow, const OpenRequest& open, const charter::Charter& charter)
{
    return std::ranges::any_of(std::array{Replaced::counted, Replaced::not_counted}, [&](Replaced replaced) {
        return equal(outflow, cbor::encode(encode_outflow(outflow_of(open, charter, replaced))));
    });
}

/// What limits count of it stands in the database from its last needed vote on, whatever the limits are.
void require_charge(const StoredRequest& stored, const Judgement& judgement, const charter::Charter& charter, bool is_policy_changed)
{
    const auto& charge = stored.charge;
    const bool may_lack_votes = stored.row.status == Status::pending_review && stored.row.exported;
    if (!may_lack_votes)
        require_column(stored, charge.has_value() == !(is_ended(stored.row.status) || stored.row.status == Status::pending_review), "charges");
    if (!charge)
        return;
    if (charge->outflow.empty()) { // of before there were charges
        require_column(stored, charge->at == judgement.open.request.created, "charges.at");
        return;
    }
    require_column(stored, is_policy_changed || is_outflow_of(charge->outflow, judgement.open, charter), "charges.outflow");
    const auto approved = approved_at(judgement);
    require_column(stored, is_policy_changed || !approved || *approved - tolerated_ahead <= charge->at, "charges.at");
}

/// What finalize() puts into place it has verified; where more signatures are needed, those that came are
/// verified all the same.
std::optional<payments::SignedTransaction> finalize(const payments::Payload& payload, const std::vector<payments::TaskSignature>& signatures)
{
    if (signatures.empty())
        return std::nullopt;
    try {
        return payload.finalize(signatures);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::state)
            throw;
    }
    for (const auto& signature : signatures)
        payload.verify(signature);
    return std::nullopt;
}

std::vector<std::optional<payments::SignedTransaction>> finalize_all(const StoredRequest& stored, const OpenRequest& open)
{
    std::vector<std::optional<payments::SignedTransaction>> transactions;
    for (std::size_t i = 0; i < stored.payloads.size(); ++i) {
        try {
            transactions.push_back(finalize(*open.payloads[i], stored.payloads[i].signatures));
        } catch (const Error& error) {
            throw_tampered(stored, "signature of payload " + std::to_string(i) + ": " + error.message());
        }
    }
    return transactions;
}

/// A message or a ceremony is done once it is signed, and no chain knows it.
void require_columns_without_chain(const CheckedRequest& checked, const StoredPayload& payload)
{
    const auto& stored = checked.stored;
    require_column(stored, !payload.change_index && !payload.sent && !payload.seen && !payload.block_number && !payload.block_hash &&
                               payload.confirmations == 0,
                   "payloads.signed");
    require_column(stored, checked.is_signed() ? payload.status == Status::success : is_open(payload.status) || is_ended(payload.status),
                   "payloads.status");
}

/// The columns that tell of the chain, as far as they can contradict each other or the signatures.
void require_payload_columns(const CheckedRequest& checked)
{
    const auto& stored = checked.stored;
    for (std::size_t i = 0; i < stored.payloads.size(); ++i) {
        const auto& payload = stored.payloads[i];
        const auto& final = checked.signed_transactions[i];
        if (!checked.judgement.open.payloads[i]->goes_to_chain()) {
            require_columns_without_chain(checked, payload);
            continue;
        }
        require_column(stored, payload.change_index == highest_change(*checked.judgement.open.payloads[i]), "payloads.change_index");
        const bool was_sent = !is_open(payload.status) && !is_ended(payload.status) && payload.status != Status::pending_broadcast;
        if (checked.is_signed() != (was_sent || payload.status == Status::pending_broadcast))
            throw_tampered(stored, "payload " + std::to_string(i) + " is " + std::string{name_of(payload.status)} +
                                       " in the column `payloads.status`, and its signatures are " +
                                       (checked.is_signed() ? "complete" : "not complete"));
        require_column(stored, payload.sent.has_value() == was_sent, "payloads.signed");
        if (payload.sent) {
            if (!final || payload.sent->bytes != final->bytes)
                throw Error{ErrorCode::tx_changed, name(stored) + ", payload " + std::to_string(i) +
                                                       ": the transaction to send is not the one that was approved and signed",
                            "nothing was sent; the database was changed by something else than coffer: tell compliance"};
            require_column(stored, payload.sent->txid == final->txid, "payloads.txid");
        }
        const bool is_mined = payload.block_number.has_value();
        require_column(stored, is_mined == payload.block_hash.has_value(), "payloads.block_hash");
        require_column(stored, is_mined == (payload.confirmations > 0), "payloads.confirmations");
        require_column(stored, was_sent || (!payload.seen && !is_mined), "payloads.seen");
        const bool is_settled = payload.status == Status::success || payload.status == Status::failed;
        require_column(stored, !is_settled || is_mined, "payloads.status");
    }
}

std::optional<Error> find_ahead(const Judgement& judgement, UtcTime now)
{
    auto newest = judgement.open.request.created;
    for (const auto& counted : judgement.votes)
        newest = std::max(newest, counted.vote.time);
    if (newest <= now + tolerated_ahead)
        return std::nullopt;
    return Error{ErrorCode::appr_future, "request " + format_uuid(judgement.open.request.id) + " or a vote on it is dated " + format_time(newest) +
                                             ", more than 10 minutes after " + format_time(now),
                 "compare this machine's clock with a watch"};
}

/// An end that was recorded stays, although an amendment or a suspension would let its votes count no more, or the clock was set back.
bool is_recorded_end(const CheckedRequest& checked, const PolicyChain& chain)
{
    const auto& stored = checked.stored;
    switch (stored.row.status) {
    case Status::rejected:
        return std::ranges::any_of(stored.votes, [](const StoredVote& vote) { return vote.decision == VoteDecision::reject; }) &&
               (checked.judgement.rejected || checked.is_policy_changed);
    case Status::cancelled: return !chain.cancels_of(stored.row.digest).empty();
    case Status::expired: return true; // its columns are compared
    default: return false;
    }
}

Status unsigned_status(const CheckedRequest& checked, const PolicyChain& chain)
{
    if (checked.is_released())
        return Status::pending_signature;
    if (is_recorded_end(checked, chain))
        return checked.stored.row.status;
    const auto& judgement = checked.judgement;
    if (judgement.rejected)
        return Status::rejected;
    if (judgement.cancelled)
        return Status::cancelled;
    if (judgement.expired)
        return Status::expired;
    return judgement.approvals.reached ? Status::pending_signature : Status::pending_review;
}

void require_status(const CheckedRequest& checked)
{
    const auto& stored = checked.stored;
    for (const auto& payload : stored.payloads)
        if (!checked.is_signed() && payload.status != stored.row.status)
            require_column(stored, false, "payloads.status");
    const auto column = stored.row.status;
    const auto computed = checked.status;
    const bool is_time = is_open(column) && (computed == Status::expired || computed == Status::cancelled);
    const bool is_of_policy = checked.is_policy_changed && is_open(column) && (is_open(computed) || computed == Status::rejected);
    if (column != computed && !is_time && !is_of_policy)
        throw_tampered(stored, "column `requests.status` says " + std::string{name_of(column)} + ", the signed bytes say " +
                                   std::string{name_of(computed)});
}

/// A payload that was understood when it was proposed still is, unless the policy changed. What was stored was of no future then: the clock
/// may have been set back since.
Judgement judge_stored(const PolicyChain& chain, const StoredRequest& stored, bool is_policy_changed, UtcTime now,
                       artefacts::VerifiedSignatures* verified)
{
    try {
        return examine(
            chain, stored.submission(),
            {.clock = end_of_time, .latest = now, .known_for = {}, .earlier_rejections = {}, .verified = verified});
    } catch (const Error& error) {
        if (error.exit_status() != ExitStatus::policy || is_policy_changed)
            throw;
        throw_tampered(stored, error.message());
    }
}

} // namespace

const StoredPayload& CheckedRequest::deciding_payload() const
{
    const auto& payloads = stored.payloads;
    if (!judgement.open.is_ladder)
        return *std::ranges::min_element(payloads, {}, [](const auto& payload) { return std::pair{rank(payload.status), payload.confirmations}; });
    // The first before anything was sent; else the highest of those that got furthest.
    const auto progress = [](const StoredPayload& payload) {
        return std::tuple{payload.sent.has_value(), ladder_rank(payload.status), payload.confirmations};
    };
    const auto* furthest = &payloads.front();
    for (const auto& payload : payloads)
        if (payload.sent && progress(payload) >= progress(*furthest))
            furthest = &payload;
    return *furthest;
}

std::optional<std::uint32_t> CheckedRequest::next_step() const
{
    if (!judgement.open.is_ladder)
        return std::nullopt;
    auto next = static_cast<std::uint32_t>(stored.payloads.size());
    while (next > 0 && !stored.payloads[next - 1].sent)
        --next;
    return next < stored.payloads.size() ? std::optional{next} : std::nullopt;
}

bool CheckedRequest::is_signed() const
{
    return std::ranges::any_of(signed_transactions, [](const auto& transaction) { return transaction.has_value(); });
}

bool CheckedRequest::is_released() const
{
    for (std::size_t i = 0; i < stored.payloads.size(); ++i) {
        const auto& payload = *judgement.open.payloads[i];
        const auto have = payload.count_signers(stored.payloads[i].signatures);
        if (have > 0 && have + payload.count_free_signers(stored.payloads[i].signatures) >= payload.signers_needed())
            return true;
    }
    return false;
}

CheckedRequest::Signatures CheckedRequest::signatures() const
{
    Signatures count;
    for (std::size_t i = 0; i < stored.payloads.size(); ++i) {
        const auto& payload = *judgement.open.payloads[i];
        count.need += payload.signers_needed();
        count.have += std::min(payload.signers_needed(), payload.count_signers(stored.payloads[i].signatures));
    }
    return count;
}

std::optional<std::uint32_t> highest_change(const payments::Payload& payload)
{
    std::optional<std::uint32_t> highest;
    for (const auto& change : payload.description().change)
        highest = std::max(highest.value_or(0), change.index);
    return highest;
}

std::string summarize(const OpenRequest& open, const charter::Charter& charter)
{
    const auto& payments = open.description.payments;
    if (const auto* ceremony = open.ceremony())
        return "ceremony " + std::string{name_of(ceremony->operation)} + ", key " + ceremony->key + " of " + ceremony->appliance;
    if (!open.goes_to_chain())
        return "message " + quoted(text_of(open.payloads.front()->message()->text), most_summary_bytes);
    if (payments.empty())
        return "no payment";
    std::map<AssetId, Uint256> totals;
    for (const auto& payment : payments) {
        auto& total = totals.try_emplace(payment.amount.asset()).first->second;
        total = total + payment.amount.base_units();
    }
    std::vector<std::string> amounts;
    for (const auto& [asset, total] : totals)
        amounts.push_back(format_decimal(total, charter.decimals(asset)) + " " + asset.symbol);
    const auto to_one = std::ranges::all_of(payments, [&](const auto& payment) { return payment.destination == payments[0].destination; });
    if (!to_one)
        return join(amounts, ", ") + " in " + std::to_string(payments.size()) + " payments";
    const auto recipient = name_recipient(charter, *open.wallet, payments[0].destination);
    return join(amounts, ", ") + " to " + (recipient.name.empty() ? recipient.address : recipient.name);
}

CheckedRequest check(const PolicyChain& chain, StoredRequest stored, const std::vector<PayloadSlot>& slots, UtcTime now,
                     artefacts::VerifiedSignatures* verified)
{
    const auto request = as_stored(stored, "the request", [&] {
        const auto artefact = Artefact::decode(stored.artefact, Kind::request);
        auto decoded = decode_request(artefact);
        require_request_columns(stored, artefact, decoded);
        return decoded;
    });
    as_stored(stored, "a vote", [&] { require_vote_columns(stored); });

    const bool is_policy_changed = chain.has_changed_since(request.position.number);
    auto judgement =
        as_stored(stored, "its signed bytes", [&] { return judge_stored(chain, stored, is_policy_changed, now, verified); });
    require_slots(stored, judgement.open, slots);
    if (!is_policy_changed)
        require_column(stored, stored.row.summary == summarize(judgement.open, chain.charter()), "requests.summary");
    auto transactions = finalize_all(stored, judgement.open);
    CheckedRequest checked{.stored = std::move(stored),
                           .judgement = std::move(judgement),
                           .signed_transactions = std::move(transactions),
                           .is_policy_changed = is_policy_changed};
    checked.ahead = find_ahead(checked.judgement, now);
    require_payload_columns(checked);
    checked.status = checked.is_signed() ? checked.deciding_payload().status : unsigned_status(checked, chain);
    require_status(checked);
    require_charge(checked.stored, checked.judgement, chain.charter(), is_policy_changed);
    return checked;
}

void require_approved(const CheckedRequest& checked)
{
    const auto& judgement = checked.judgement;
    if (checked.is_signed()) {
        // The vault has judged it; only a missing vote under the same policy is somebody's hand.
        if (judgement.refused || judgement.approvals.reached || (checked.is_policy_changed && (judgement.discounted || judgement.order)))
            return;
        throw_tampered(checked.stored, "it is signed, and votes for it are missing");
    }
    require_of_today(checked);
    if (!checked.is_released()) // another vault may still add its signature
        require_open(checked);
    require_approved(judgement);
}

void require_of_today(const CheckedRequest& checked)
{
    if (checked.ahead)
        throw *checked.ahead;
}

void require_open(const CheckedRequest& checked)
{
    const auto& judgement = checked.judgement;
    if (checked.is_released() && !checked.is_signed())
        throw Error{ErrorCode::state, name(checked.stored) + " carries signatures that an outside key could complete",
                    "collect the others, or make it unusable with `coffer void`"};
    switch (checked.status) {
    case Status::pending_review:
    case Status::pending_signature: return;
    case Status::rejected:
        throw judgement.rejected ? *judgement.rejected : Error{ErrorCode::appr_rejected, name(checked.stored) + " was rejected"};
    case Status::cancelled:
        throw judgement.cancelled ? *judgement.cancelled : Error{ErrorCode::request_cancelled, name(checked.stored) + " was cancelled"};
    case Status::expired:
        throw Error{ErrorCode::appr_expired, name(checked.stored) + " expired " + format_time(checked.stored.row.expires),
                    "propose it anew"};
    case Status::pending_broadcast:
    case Status::broadcast:
    case Status::success:
    case Status::failed:
    case Status::replaced:
    case Status::voided:
        if (checked.judgement.open.ceremony() != nullptr)
            throw Error{ErrorCode::state, name(checked.stored) + " is a ceremony that is done already"};
        if (!checked.judgement.open.goes_to_chain())
            throw Error{ErrorCode::state, name(checked.stored) + " is a message that is signed already", "nothing takes back a signature that was handed out"};
        throw Error{ErrorCode::state, name(checked.stored) + " is signed already (" + std::string{name_of(checked.status)} + ")",
                    "a signed transaction ends only on its chain; `coffer void` makes it unusable"};
    }
    fatal("request of an unknown status");
}

} // namespace coffer::requests
