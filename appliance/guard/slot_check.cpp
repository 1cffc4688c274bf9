#include "appliance/guard/examination.h"

#include "core/base/error.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::appliance {

namespace {
/// How far ahead of the highest signed nonce the next one may be.
constexpr std::uint64_t longest_nonce_gap = 64;

/// Refuses a nonce far above the highest, which then rises to it.
void require_near(const std::string& name, std::uint64_t sequence, std::uint64_t& highest)
{
    if (sequence > highest && sequence - highest > longest_nonce_gap)
        throw Error{ErrorCode::nonce_gap, name + " is more than " + std::to_string(longest_nonce_gap) + " above " +
                                              std::to_string(highest) + ", the highest that was signed for"};
    highest = std::max(highest, sequence);
}

} // namespace

void SlotCheck::take(const requests::OpenRequest& request)
{
    // Collected first and kept only when all of it is free, so that a refused request takes nothing.
    std::set<payments::SpendSlot> slots;
    std::map<Bytes, std::uint64_t> reached;
    const auto& wallet = m_charter.wallet(request.request.wallet);
    for (auto& [payload, slot] : request.slots()) {
        const auto name = slot.sequence ? "account nonce " + std::to_string(*slot.sequence)
                                        : "outpoint " + encoding::encode_hex(slot.owner);
        const auto stored = m_ledger.holder_of(slot);
        const bool may_take = stored && (*stored == request.digest || std::ranges::find(request.replaced, *stored) != request.replaced.end());
        if (stored && !may_take)
            throw Error{ErrorCode::nonce_used, name + " was signed for request " + encoding::encode_hex(stored->bytes()),
                        "propose it anew: the next free one is found"};
        if (slot.sequence)
            require_near(name, *slot.sequence, reached.try_emplace(slot.owner, highest_of(slot.owner, wallet)).first->second);
        if (m_taken.contains(slot) || !slots.insert(std::move(slot)).second)
            throw Error{ErrorCode::nonce_used, name + " is used twice in this bundle"};
    }
    const auto highest_change = request.require_change_near(highest_change_of(wallet.id));
    m_taken.merge(slots);
    m_highest_change[wallet.id] = highest_change;
    for (const auto& [owner, sequence] : reached)
        m_highest[owner] = sequence;
}

std::uint32_t SlotCheck::highest_change_of(const std::string& wallet) const
{
    const auto here = m_highest_change.find(wallet);
    return here != m_highest_change.end() ? here->second : m_ledger.highest_change(wallet);
}

std::uint64_t SlotCheck::highest_of(const Bytes& owner, const charter::Wallet& wallet) const
{
    const auto here = m_highest.find(owner);
    return here != m_highest.end() ? here->second : m_ledger.highest_sequence(owner).value_or(wallet.first_nonce);
}

} // namespace coffer::appliance
