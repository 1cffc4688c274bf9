#include "appliance/guard/examination.h"
#include "core/requests/outflow.h"

namespace coffer::appliance {

namespace {

WindowCharge judge(const policy::Windows& windows, const charter::Charter& charter, policy::Outflow outflow, UtcTime now)
{
    windows.require_within(outflow, now);
    WindowCharge charge{.outflow = std::move(outflow), .left = {}};
    for (const auto& use : windows.uses(charge.outflow, now))
        charge.left.push_back(policy::left_in_words(charter, use));
    if (const auto use = windows.order_use(charge.outflow, now))
        charge.left.push_back(policy::left_in_words(charter, *use));
    return charge;
}

} // namespace

WindowCharge WindowCheck::require_within(const requests::OpenRequest& request) const
{
    const bool is_counted = !request.replaced.empty() && m_ledger.has_counted(request.replaced.front());
    auto outflow = outflow_of(request, m_charter, is_counted ? requests::Replaced::counted : requests::Replaced::not_counted);
    const auto* interrupted = m_ledger.find_unsigned_outflow(request.digest);
    if (interrupted == nullptr)
        return judge(m_windows, m_charter, std::move(outflow), m_now);
    auto others = m_windows;
    others.remove(interrupted->time, interrupted->outflow);
    return judge(others, m_charter, std::move(outflow), m_now);
}

void WindowCheck::charge(const requests::OpenRequest& request, const policy::Outflow& outflow)
{
    if (const auto* interrupted = m_ledger.find_unsigned_outflow(request.digest))
        m_windows.remove(interrupted->time, interrupted->outflow);
    m_windows.add(m_now, outflow);
}

} // namespace coffer::appliance
