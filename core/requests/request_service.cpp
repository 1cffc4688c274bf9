#include "core/requests/request_service.h"

#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <algorithm>
#include <array>

namespace coffer::requests {

namespace {

using artefacts::Artefact;
using artefacts::Kind;

constexpr std::size_t least_prefix = 4;
constexpr std::size_t most_comment_bytes = 1000;

audit::Detail detail(std::string name, ByteView value)
{
    return {std::move(name), to_bytes(value)};
}

audit::Detail detail(std::string name, std::string_view value)
{
    return {std::move(name), std::string{value}};
}

StoredRequest to_store(const Submission& submission, const Judgement& judgement, const charter::Charter& charter,
                       const std::vector<std::string>& memos)
{
    const auto& request = judgement.open.request;
    const auto status = judgement.approvals.reached ? Status::pending_signature : Status::pending_review;
    StoredRequest stored{.row = {.id = request.id,
                                 .digest = judgement.open.digest,
                                 .status = status,
                                 .wallet = request.wallet,
                                 .kind = std::string{charter::name_of(request.kind)},
                                 .created = request.created,
                                 .expires = request.expires,
                                 .replaces = request.replaces,
                                 .summary = summarize(judgement.open, charter),
                                 .exported = {}},
                         .artefact = submission.request,
                         .payloads = {},
                         .votes = {}};
    for (std::size_t i = 0; i < submission.payloads.size(); ++i)
        stored.payloads.push_back({.digest = request.payloads[i],
                                   .bytes = submission.payloads[i],
                                   .status = status,
                                   .change_index = highest_change(*judgement.open.payloads[i]),
                                   .memo = i < memos.size() ? memos[i] : std::string{}});
    stored.predecessors = submission.predecessors;
    return stored;
}

std::vector<Bytes> artefacts_of(const std::vector<StoredVote>& votes)
{
    std::vector<Bytes> artefacts;
    for (const auto& vote : votes)
        artefacts.push_back(vote.artefact);
    return artefacts;
}

} // namespace

Circumstances RequestService::circumstances()
{
    return {.clock = m_books.now(),
            .latest = m_books.now(),
            .known_for = {},
            .earlier_rejections = {},
            .verified = &m_verified,
            .holder_of = [this](const auto& slot) { return requests().digest_of_holder(slot); }};
}

CheckedRequest RequestService::load(storage::Transaction& transaction, const RequestId& id)
{
    const auto& chain = m_books.chain(transaction);
    auto stored = requests().find(id);
    if (!stored)
        throw Error{ErrorCode::not_found, "there is no request " + format_uuid(id)};
    return check(chain, std::move(*stored), requests().slots_of(id), m_books.now(), &m_verified);
}

void RequestService::change_status(storage::Transaction& transaction, CheckedRequest& checked, Status status)
{
    const auto from = checked.stored.row.status;
    if (from == status)
        return;
    require_may_become(from, status);
    follow_charge(checked, m_books.chain(transaction), status);
    requests().set_status_of_all(checked.id(), status);
    if (status == Status::expired)
        requests().set_expired(checked.id(), m_books.now());
    if (!is_open(status) && status != Status::pending_broadcast)
        requests().release_slots(checked.id());
    m_books.record(transaction, {.type = "request." + std::string{name_of(status)},
                                 .subject = checked.id(),
                                 .actor = {},
                                 .details = {detail("digest", checked.stored.row.digest.bytes()), detail("was", name_of(from))}});
    checked.stored.row.status = status;
    for (auto& payload : checked.stored.payloads)
        payload.status = status;
    checked.status = status;
}

void RequestService::settle(storage::Transaction& transaction, CheckedRequest& checked)
{
    // What left for the vault may have been signed in time: only the vault's answer, or a cancel, ends it.
    if (checked.status == Status::expired && checked.stored.row.exported)
        return;
    change_status(transaction, checked, checked.status);
}

void RequestService::take_slots(const CheckedRequest& checked)
{
    const auto& replaced = checked.judgement.open.replaced;
    for (const auto& used : checked.judgement.open.slots()) {
        const auto holder = requests().holder_of(used.slot);
        if (holder && std::ranges::find(replaced, requests().digest_of_holder(used.slot)) == replaced.end())
            throw Error{ErrorCode::nonce_used, "payload " + std::to_string(used.payload) + " needs " +
                                                   (used.slot.sequence ? "nonce " + std::to_string(*used.slot.sequence) : "an outpoint") +
                                                   ", which request " + format_uuid(*holder) + " holds",
                        "propose again: the next free one is found"};
        requests().take_slot(checked.id(), used);
    }
}

CheckedRequest RequestService::open(const Submission& submission, const std::vector<std::string>& memos)
{
    auto transaction = m_books.database().begin_immediate();
    const auto& chain = m_books.chain(transaction);
    const auto artefact = Artefact::decode(submission.request, Kind::request);
    const auto id = decode_request(artefact).id;
    if (const auto stored = requests().find(id)) {
        if (stored->row.digest != digest_of(artefact))
            throw Error{ErrorCode::exists, "request " + format_uuid(id) + " exists with another digest: " +
                                               encoding::encode_hex(stored->row.digest.bytes())};
        return load(transaction, id);
    }
    auto judgement = judge(chain, submission, circumstances());
    if (judgement.expired)
        throw *judgement.expired;
    require_not_frozen(judgement);
    if (judgement.order)
        require_votes(*judgement.order);
    static_cast<void>(judgement.open.require_change_near(requests().highest_signed_change(judgement.open.request.wallet)));
    require_ever_within_limits(judgement.open, chain);
    auto stored = to_store(submission, judgement, chain.charter(), memos);
    const auto status = stored.row.status;
    CheckedRequest opened{.stored = std::move(stored),
                          .judgement = std::move(judgement),
                          .status = status,
                          .signed_transactions = std::vector<std::optional<payments::SignedTransaction>>(submission.payloads.size())};
    if (status == Status::pending_signature) // no vote is needed
        require_within_limits(opened, chain);
    requests().insert(opened.stored);
    take_slots(opened);
    follow_charge(opened, chain, status);
    m_books.record(transaction, {.type = "request.proposed",
                                 .subject = id,
                                 .actor = opened.judgement.open.request.requester,
                                 .details = {detail("digest", opened.stored.row.digest.bytes()),
                                             detail("wallet", opened.stored.row.wallet),
                                             detail("summary", opened.stored.row.summary)}});
    add_window_uses(opened, chain);
    transaction.commit();
    return opened;
}

CheckedRequest RequestService::find(const RequestId& id)
{
    auto transaction = m_books.database().begin_read();
    auto checked = load(transaction, id);
    add_window_uses(checked, m_books.chain(transaction));
    return checked;
}

std::vector<CheckedRequest> RequestService::find_all(std::span<const RequestId> ids)
{
    auto transaction = m_books.database().begin_read();
    std::vector<CheckedRequest> found;
    for (const auto& id : ids)
        found.push_back(load(transaction, id));
    return found;
}

CheckedRequest RequestService::refresh(const RequestId& id)
{
    auto transaction = m_books.database().begin_immediate();
    auto checked = load(transaction, id);
    settle(transaction, checked);
    transaction.commit();
    return checked;
}

RequestId RequestService::find_id(std::string_view text)
{
    const auto digits = to_lower_ascii([&] {
        std::string kept{text};
        std::erase(kept, '-');
        return kept;
    }());
    const auto is_hex = std::ranges::all_of(digits, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    if (!is_hex || digits.size() < least_prefix || digits.size() > 2 * RequestId::size)
        throw Error{ErrorCode::usage, quoted(text) + " is no request id: give it whole, or at least its first " +
                                          std::to_string(least_prefix) + " characters",
                    "`coffer list` shows the ids"};
    auto transaction = m_books.database().begin_read();
    const auto found = requests().find_by_prefix(digits, 2);
    if (found.empty())
        throw Error{ErrorCode::not_found, "there is no request " + quoted(text), "`coffer list` shows the ids"};
    if (found.size() > 1)
        throw Error{ErrorCode::usage, "several requests begin with " + quoted(text) + ": " + format_uuid(found[0]) + ", " +
                                          format_uuid(found[1]),
                    "give more of its characters"};
    return found.front();
}

std::vector<RequestRow> RequestService::list(std::optional<Status> status)
{
    auto transaction = m_books.database().begin_read();
    const auto now = m_books.now();
    // Time may have moved on what the column calls open.
    auto rows = requests().list(status && status != Status::expired ? status : std::nullopt);
    for (auto& row : rows)
        if (is_open(row.status) && row.expires <= now)
            row.status = Status::expired;
    if (status)
        std::erase_if(rows, [&](const RequestRow& row) { return row.status != *status; });
    return rows;
}

std::vector<RequestId> RequestService::all_ids()
{
    auto transaction = m_books.database().begin_read();
    return requests().all_ids();
}

std::vector<RequestId> RequestService::ids_in(const std::vector<Status>& statuses)
{
    auto transaction = m_books.database().begin_read();
    return requests().ids_in(statuses);
}

std::uint32_t RequestService::next_change(const std::string& wallet)
{
    auto transaction = m_books.database().begin_read();
    return requests().next_change(wallet);
}

std::vector<payments::SpendSlot> RequestService::held_slots()
{
    auto transaction = m_books.database().begin_read();
    return requests().held_slots();
}

bool RequestService::has_voted(const Judgement& judgement, const std::string& officer, VoteDecision decision)
{
    return std::ranges::any_of(judgement.votes, [&](const CountedVote& counted) {
        return counted.vote.officer == officer && counted.vote.decision == decision;
    });
}

void RequestService::require_counting(Judgement& judgement, const charter::PolicyChain& chain, const Vote& vote, ByteView bytes)
{
    // Alone, so that what is said is about this one.
    count_votes(judgement, chain, std::array{to_bytes(bytes)}, circumstances());
    if (has_voted(judgement, vote.officer, vote.decision))
        return;
    if (judgement.discounted)
        throw *judgement.discounted;
    throw Error{ErrorCode::appr_role, "vote of " + quoted(vote.officer) + " does not count"};
}

CheckedRequest RequestService::record(ByteView bytes, const std::string& comment)
{
    const auto artefact = Artefact::decode(bytes, Kind::vote);
    const auto vote = decode_vote(artefact);
    if (comment.size() > most_comment_bytes || !is_nfc(comment))
        throw Error{ErrorCode::limit, "comment is over " + std::to_string(most_comment_bytes) + " bytes or not in Unicode normal form C"};
    if (!comment.empty() && vote.comment != hash_comment(comment))
        throw Error{ErrorCode::appr_binding, "the comment is not the one that the vote names"};

    auto transaction = m_books.database().begin_immediate();
    const auto& chain = m_books.chain(transaction);
    const auto id = requests().find_id(vote.request);
    if (!id)
        throw Error{ErrorCode::not_found, "vote of " + quoted(vote.officer) + " is on request " +
                                              encoding::encode_hex(vote.request.bytes()) + ", which this home does not have"};
    auto checked = load(transaction, *id);
    if (checked.judgement.refused)
        throw *checked.judgement.refused;
    require_of_today(checked);
    // The vote is verified before anything is said about it, be it a repetition.
    require_counting(checked.judgement, chain, vote, bytes);
    count_votes(checked.judgement, chain, artefacts_of(checked.stored.votes), circumstances());
    if (has_voted(checked.judgement, vote.officer, vote.decision)) {
        checked.was_known = true;
        return checked;
    }
    if (vote.decision == VoteDecision::approve)
        require_takes_approvals(checked.judgement);
    if (vote.decision == VoteDecision::approve && has_voted(checked.judgement, vote.officer, VoteDecision::reject))
        throw Error{ErrorCode::state, vote.officer + " has rejected request " + format_uuid(*id) + ", which stands",
                    "propose it anew if the reason is gone"};
    require_open(checked);
    if (vote.decision == VoteDecision::approve)
        require_not_frozen(checked.judgement);

    auto& votes = checked.stored.votes;
    std::erase_if(votes, [&](const StoredVote& other) { return other.officer == vote.officer && other.decision == vote.decision; });
    votes.push_back({vote.officer, vote.decision, vote.time, comment, to_bytes(bytes)});
    requests().save_vote(*id, votes.back());
    m_books.record(transaction, {.type = "vote.recorded",
                                 .subject = *id,
                                 .actor = vote.officer,
                                 .details = {detail("decision", name_of(vote.decision)),
                                             detail("vote", artefact.hash()),
                                             detail("comment", comment)}});
    count_votes(checked.judgement, chain, artefacts_of(votes), circumstances());
    const auto& judgement = checked.judgement;
    const auto status = judgement.rejected            ? Status::rejected
                        : judgement.approvals.reached ? Status::pending_signature
                                                      : Status::pending_review;
    if (status == Status::pending_signature && checked.stored.row.status != status)
        require_within_limits(checked, chain); // thrown before the commit, so that the vote is not stored
    change_status(transaction, checked, status);
    add_window_uses(checked, chain);
    transaction.commit();
    return checked;
}

CheckedRequest RequestService::cancel(ByteView bytes)
{
    const auto cancel = charter::decode_cancel(Artefact::decode(bytes, Kind::entry));
    auto transaction = m_books.database().begin_immediate();
    const auto& chain = m_books.chain(transaction);
    const auto id = requests().find_id(cancel.request);
    if (!id)
        throw Error{ErrorCode::not_found, "cancel by " + quoted(cancel.officer) + " is of request " +
                                              encoding::encode_hex(cancel.request.bytes()) + ", which this home does not have"};
    {
        auto checked = load(transaction, *id);
        if (checked.status == Status::cancelled) {
            checked.was_known = true;
            return checked;
        }
        // An expired request that has left for the vault is still worth a cancel: it frees the slots.
        if (checked.status != Status::expired || !checked.stored.row.exported)
            require_open(checked);
        const auto* officer = chain.charter().find_officer(cancel.officer);
        if (cancel.officer != checked.judgement.open.request.requester &&
            (officer == nullptr || !policy::vote_counts(checked.judgement.deciding(), *officer)))
            throw Error{ErrorCode::appr_role, quoted(cancel.officer) + " neither requested request " + format_uuid(*id) +
                                                  " nor has a vote on it that counts"};
    }
    m_books.append_link(transaction, to_bytes(bytes));
    auto stored = requests().find(*id);
    auto checked = check(m_books.chain(transaction), std::move(*stored), requests().slots_of(*id), m_books.now(), &m_verified);
    change_status(transaction, checked, Status::cancelled);
    m_books.record(transaction, {.type = "request.cancel_linked",
                                 .subject = *id,
                                 .actor = cancel.officer,
                                 .details = {detail("reason", cancel.reason)}});
    transaction.commit();
    return checked;
}

std::vector<RequestId> RequestService::expire_overdue()
{
    std::vector<RequestId> ended;
    std::vector<RequestId> overdue;
    {
        auto transaction = m_books.database().begin_read();
        overdue = requests().overdue(m_books.now());
    }
    for (const auto& id : overdue) {
        auto transaction = m_books.database().begin_immediate();
        std::optional<CheckedRequest> checked;
        try {
            checked.emplace(load(transaction, id));
        } catch (const Error&) {
            continue; // whoever works on that request is told; others go on
        }
        if (checked->status != Status::expired || checked->stored.row.exported)
            continue;
        settle(transaction, *checked);
        transaction.commit();
        ended.push_back(id);
    }
    return ended;
}

void RequestService::record_export(const BundleDigest& bundle, std::span<const RequestId> exported,
                                   const std::map<std::string, std::uint64_t>& heads)
{
    auto transaction = m_books.database().begin_immediate();
    if (receipts().has_bundle(bundle))
        return;
    receipts().save_bundle(bundle, m_books.now(), heads);
    for (const auto& id : exported)
        requests().set_exported(id, m_books.now());
    m_books.record(transaction, {.type = "bundle.exported",
                                 .subject = exported.size() == 1 ? std::optional{exported.front()} : std::nullopt,
                                 .actor = {},
                                 .details = {detail("bundle", bundle.bytes()), detail("requests", std::to_string(exported.size()))}});
    if (exported.size() > 1)
        for (const auto& id : exported)
            m_books.record(transaction, {.type = "request.exported", .subject = id, .actor = {}, .details = {detail("bundle", bundle.bytes())}});
    transaction.commit();
}

} // namespace coffer::requests
