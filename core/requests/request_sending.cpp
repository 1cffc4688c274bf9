#include "core/base/error.h"
#include "core/requests/request_service.h"

#include <algorithm>

// RequestService: what is signed goes to its chain and is followed there.

namespace coffer::requests {

namespace {

using chains::Sighting;

/// Where the chain has it, whatever was known before.
Status status_by(const Sighting& sighting, std::uint64_t required, bool is_slot_used)
{
    if (sighting.place == Sighting::Place::block && sighting.confirmations >= required)
        return sighting.succeeded ? Status::success : Status::failed;
    if (sighting.place == Sighting::Place::nowhere && is_slot_used)
        return Status::replaced;
    return Status::broadcast;
}

/// By way of `broadcast`, where the table has no direct way: a re-org can turn one end into another.
void require_may_settle(Status from, Status to)
{
    if (from == to || may_become(from, to))
        return;
    require_may_become(from, Status::broadcast);
    require_may_become(Status::broadcast, to);
}

StoredPayload seen_at(StoredPayload payload, const Sighting& sighting)
{
    const bool is_mined = sighting.place == Sighting::Place::block;
    // What a node has forgotten is sent again by the next broadcast: the same bytes.
    payload.seen = sighting.place != Sighting::Place::nowhere;
    payload.block_number = is_mined ? std::optional{sighting.block_number} : std::nullopt;
    payload.block_hash = is_mined ? std::optional{sighting.block_hash} : std::nullopt;
    payload.confirmations = is_mined ? sighting.confirmations : 0;
    return payload;
}

bool is_same(const StoredPayload& a, const StoredPayload& b)
{
    return a.status == b.status && a.seen == b.seen && a.block_number == b.block_number && a.block_hash == b.block_hash &&
           a.confirmations == b.confirmations && a.sent.has_value() == b.sent.has_value();
}

/// What waits, and what was sent without an answer.
std::vector<std::uint32_t> payloads_to_send(const CheckedRequest& checked)
{
    const auto is_due = [](const StoredPayload& payload) {
        return payload.status == Status::pending_broadcast || (payload.status == Status::broadcast && !payload.seen);
    };
    const auto& payloads = checked.stored.payloads;
    std::vector<std::uint32_t> due;
    for (std::uint32_t i = 0; i < payloads.size(); ++i)
        if (is_due(payloads[i]) && (!checked.judgement.open.is_ladder || &payloads[i] == &checked.deciding_payload()))
            due.push_back(i);
    return due;
}

} // namespace

void RequestService::save_payload(storage::Transaction& transaction, CheckedRequest& checked, std::uint32_t payload, StoredPayload changed)
{
    auto& current = checked.stored.payloads[payload];
    if (is_same(current, changed))
        return;
    requests().set_payload(checked.id(), payload, changed);
    if (current.status != changed.status)
        m_books.record(transaction, {.type = "payload." + std::string{name_of(changed.status)},
                                     .subject = checked.id(),
                                     .actor = {},
                                     .details = {{"payload", std::to_string(payload)}, {"txid", changed.sent->txid}}});
    current = std::move(changed);
    const auto status = checked.deciding_payload().status;
    if (status != checked.stored.row.status)
        requests().set_status(checked.id(), status);
    checked.stored.row.status = status;
    checked.status = status;
}

std::vector<RequestId> RequestService::to_broadcast()
{
    auto transaction = m_books.database().begin_read();
    auto ids = requests().ids_in({Status::pending_broadcast});
    for (const auto& id : requests().unseen())
        if (std::ranges::find(ids, id) == ids.end())
            ids.push_back(id);
    return ids;
}

std::vector<RequestId> RequestService::to_track()
{
    constexpr std::uint64_t deep = 100; // no re-org of the networks in use has come near it
    auto transaction = m_books.database().begin_read();
    return requests().unsettled(deep);
}

CheckedRequest RequestService::load_to_send(storage::Transaction& transaction, const RequestId& id)
{
    auto checked = load(transaction, id);
    require_approved(checked);
    if (!checked.is_signed()) {
        const auto [have, need] = checked.signatures();
        throw Error{ErrorCode::appr_missing, "request " + format_uuid(id) + " has " + std::to_string(have) + " of " +
                                                 std::to_string(need) + " signatures",
                    "carry it to the vault: `coffer export " + format_uuid(id) + " --out FILE`"};
    }
    return checked;
}

Sending RequestService::prepare(storage::Transaction& transaction, CheckedRequest& checked, std::uint32_t payload)
{
    auto stored = checked.stored.payloads[payload];
    const bool was_sent = stored.sent.has_value();
    if (!checked.signed_transactions[payload])
        throw Error{ErrorCode::appr_missing, "request " + format_uuid(checked.id()) + ": signatures of payload " + std::to_string(payload) +
                                                 " are missing"};
    stored.sent = checked.signed_transactions[payload];
    stored.status = Status::broadcast;
    Sending sending{payload, *stored.sent, was_sent, checked.judgement.open.request.height.value_or(0)};
    save_payload(transaction, checked, payload, std::move(stored));
    return sending;
}

std::vector<Sending> RequestService::begin_broadcast(const RequestId& id)
{
    auto transaction = m_books.database().begin_immediate();
    auto checked = load_to_send(transaction, id);
    std::vector<Sending> sendings;
    for (const auto payload : payloads_to_send(checked))
        sendings.push_back(prepare(transaction, checked, payload));
    transaction.commit();
    return sendings;
}

std::vector<Sending> RequestService::begin_next_step(const RequestId& id)
{
    auto transaction = m_books.database().begin_immediate();
    auto checked = load_to_send(transaction, id);
    const auto name = "request " + format_uuid(id);
    const auto next = checked.next_step();
    if (!next)
        throw Error{ErrorCode::state, name + " has no further step of a fee ladder"};
    if (*next == 0)
        throw Error{ErrorCode::state, name + " was not sent yet", "`coffer broadcast " + format_uuid(id) + "` sends its first step"};
    if (const auto& deciding = checked.deciding_payload(); deciding.status != Status::broadcast || deciding.block_number)
        throw Error{ErrorCode::state, name + " is in a block already, or what it spends is spent", "`coffer track " + format_uuid(id) + "` follows it"};
    std::vector<Sending> sendings{prepare(transaction, checked, *next)};
    transaction.commit();
    return sendings;
}

void RequestService::mark_seen(const RequestId& id, const Sending& sending)
{
    auto transaction = m_books.database().begin_immediate();
    if (!requests().mark_seen(id, sending.payload, sending.transaction.txid))
        return; // somebody else has followed it further meanwhile
    m_books.record(transaction, {.type = "payload.seen",
                                 .subject = id,
                                 .actor = {},
                                 .details = {{"payload", std::to_string(sending.payload)}, {"txid", sending.transaction.txid}}});
    transaction.commit();
}

CheckedRequest RequestService::record_sightings(const RequestId& id, std::span<const Observation> observations, std::uint64_t required)
{
    auto transaction = m_books.database().begin_immediate();
    auto checked = load(transaction, id);
    for (const auto& [payload, sighting, is_slot_used] : observations) {
        require(payload < checked.stored.payloads.size(), "a payload was sighted that the request does not have");
        const auto& current = checked.stored.payloads[payload];
        if (!current.sent)
            throw Error{ErrorCode::state, "payload " + std::to_string(payload) + " of request " + format_uuid(id) + " was not sent yet"};
        auto changed = seen_at(current, sighting);
        changed.status = status_by(sighting, required, is_slot_used);
        require_may_settle(current.status, changed.status);
        save_payload(transaction, checked, payload, std::move(changed));
    }
    transaction.commit();
    return checked;
}

} // namespace coffer::requests
