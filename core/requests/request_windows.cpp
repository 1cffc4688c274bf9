#include "core/requests/outflow.h"
#include "core/requests/request_service.h"

#include <algorithm>

// RequestService: what limits count.

namespace coffer::requests {

/// Over what is reserved and signed; without one request, which is judged anew.
policy::Windows RequestService::windows(const charter::PolicyChain& chain, const RequestId& without)
{
    policy::Windows windows{chain.charter(), chain.orders()};
    if (windows.is_empty())
        return windows;
    for (const auto& charge : charges().since(m_books.now() - windows.memory(m_books.now()), m_books.now())) {
        if (charge.id == without)
            continue;
        if (!charge.outflow.empty())
            windows.add(charge.at, decode_outflow(cbor::decode(charge.outflow)));
        else if (const auto stored = requests().find(charge.id))
            windows.add(charge.at, outflow_of(open_request(chain, stored->submission(), m_books.now(), &m_verified), chain.charter(),
                                              Replaced::not_counted));
    }
    return windows;
}

policy::Outflow RequestService::outflow(const OpenRequest& open, const charter::Charter& charter)
{
    const bool is_counted = !open.replaced.empty() && charges().has(open.replaced.front());
    return outflow_of(open, charter, is_counted ? Replaced::counted : Replaced::not_counted);
}

void RequestService::require_within_limits(const CheckedRequest& checked, const charter::PolicyChain& chain)
{
    const auto past = windows(chain, checked.id());
    if (!past.is_empty())
        past.require_within(outflow(checked.judgement.open, chain.charter()), m_books.now());
}

void RequestService::require_ever_within_limits(const OpenRequest& open, const charter::PolicyChain& chain)
{
    policy::Windows{chain.charter(), chain.orders()}.require_ever_within(outflow(open, chain.charter()));
}

void RequestService::add_window_uses(CheckedRequest& checked, const charter::PolicyChain& chain)
{
    if (!is_open(checked.status) || checked.judgement.refused)
        return;
    const auto now = m_books.now();
    const auto past = windows(chain, checked.id());
    if (past.is_empty())
        return;
    const auto leaving = outflow(checked.judgement.open, chain.charter());
    checked.windows = past.uses(leaving, now);
    checked.order_use = past.order_use(leaving, now);
}

void RequestService::follow_charge(const CheckedRequest& checked, const charter::PolicyChain& chain, Status status)
{
    const bool is_ended = status == Status::rejected || status == Status::expired || status == Status::cancelled;
    // What left for the vault may have been signed by the charter of then, although its votes count no more.
    const bool is_free = status == Status::pending_review && !checked.stored.row.exported;
    if (is_ended || is_free)
        charges().remove(checked.id());
    else if (status == Status::pending_signature)
        charges().save({checked.id(), m_books.now(), cbor::encode(encode_outflow(outflow(checked.judgement.open, chain.charter())))});
}

std::vector<policy::WindowUse> RequestService::window_uses(const policy::Outflow& outflow)
{
    auto transaction = m_books.database().begin_read();
    return windows(m_books.chain(transaction), RequestId{}).uses(outflow, m_books.now());
}

std::map<EntryHash, policy::OrderUse> RequestService::order_uses()
{
    auto transaction = m_books.database().begin_read();
    const auto past = windows(m_books.chain(transaction), RequestId{});
    std::map<EntryHash, policy::OrderUse> uses;
    for (const auto& [entry, in_force] : past.orders().orders())
        uses.emplace(entry, past.orders().use(entry, {}, m_books.now()));
    return uses;
}

} // namespace coffer::requests
