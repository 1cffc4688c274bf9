#include "core/requests/courier.h"

#include "core/base/error.h"

#include <algorithm>

namespace coffer::requests {

using chains::SendOutcome;
using chains::Sighting;

bool Courier::is_known(const Sending& sending)
{
    return sending.was_sent_before && m_client.look_up(sending.transaction, sending.since).place != Sighting::Place::nowhere;
}

/// A node knows nothing of it; false when none answers.
bool Courier::is_nowhere(const Sending& sending)
{
    try {
        return m_client.look_up(sending.transaction, sending.since).place == Sighting::Place::nowhere;
    } catch (const Error&) {
        return false;
    }
}

std::optional<Error> Courier::send(const RequestId& id)
{
    return send(id, m_service.begin_broadcast(id));
}

std::optional<Error> Courier::send_next_step(const RequestId& id)
{
    if (const auto next = m_service.find(id).next_step(); next && *next > 0)
        if (const auto unanswered = m_service.begin_broadcast(id); !unanswered.empty()) {
            auto error = send(id, unanswered);
            if (!error || !is_nowhere(unanswered.front()))
                return error;
        }
    return send(id, m_service.begin_next_step(id));
}

std::optional<Error> Courier::send(const RequestId& id, std::span<const Sending> sendings)
{
    for (const auto& sending : sendings) {
        try {
            if (!is_known(sending) && m_client.send(sending.transaction) == SendOutcome::unknown)
                return Error{ErrorCode::rpc, "transaction " + sending.transaction.txid + ": no node has said that it arrived",
                             "run `coffer broadcast` again: it looks before it sends the same bytes"};
        } catch (const Error& error) {
            return error.in("transaction " + sending.transaction.txid);
        }
        m_service.mark_seen(id, sending);
    }
    return std::nullopt;
}

Observation Courier::observe(std::uint32_t payload, const payments::SignedTransaction& transaction,
                             const std::vector<payments::SpendSlot>& slots, std::uint64_t since, std::uint64_t required)
{
    Observation observation{.payload = payload, .sighting = m_client.look_up(transaction, since)};
    if (observation.sighting.place != Sighting::Place::nowhere)
        return observation;
    observation.is_slot_used = std::ranges::any_of(slots, [&](const auto& slot) { return m_client.is_spent(slot, required); });
    if (observation.is_slot_used) // by itself, perhaps, since it was looked for
        observation.sighting = m_client.look_up(transaction, since);
    return observation;
}

CheckedRequest Courier::follow(const RequestId& id)
{
    std::vector<Observation> observations;
    std::uint64_t required = 0;
    {
        const auto checked = m_service.find(id);
        if (!checked.judgement.open.goes_to_chain())
            throw Error{ErrorCode::state, "request " + format_uuid(id) + " is a " + std::string{name_of(checked.judgement.open.request.kind)} +
                                              ", which goes to no chain"};
        required = checked.judgement.open.wallet->confirmations;
        const auto since = checked.judgement.open.request.height.value_or(0);
        for (std::uint32_t i = 0; i < checked.stored.payloads.size(); ++i)
            if (const auto& sent = checked.stored.payloads[i].sent)
                observations.push_back(observe(i, *sent, checked.judgement.open.payloads[i]->slots(), since, required));
        if (observations.empty())
            throw Error{ErrorCode::state, "request " + format_uuid(id) + " is " + std::string{name_of(checked.status)} +
                                              ": nothing of it was sent yet"};
    }
    return m_service.record_sightings(id, observations, required);
}

} // namespace coffer::requests
