#include "appliance/guard/examination.h"

#include "core/base/error.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::appliance {

namespace {
/// How far ahead of the highest signed nonce the next one may be.
constexpr std::uint64_t longest_nonce_gap = 64;
} // namespace

void SlotCheck::take(const requests::OpenRequest& request)
{
    auto taken = m_taken;
    auto highest = m_highest;
    const auto& wallet = m_charter.wallet(request.request.wallet);
    for (const auto& payload : request.payloads)
        for (const auto& slot : payload->slots()) {
            const auto stored = m_ledger.holder_of(slot);
            const auto name = slot.sequence ? "account nonce " + std::to_string(*slot.sequence)
                                            : "outpoint " + encoding::encode_hex(slot.owner);
            if (stored && *stored != request.digest)
                throw Error{ErrorCode::nonce_used, name + " was signed for request " + encoding::encode_hex(stored->bytes()),
                            "a second payload on it needs a request that replaces the first"};
            if (!taken.emplace(slot, request.digest).second)
                throw Error{ErrorCode::nonce_used, name + " is used twice in this bundle"};
            if (!slot.sequence)
                continue;
            auto& reached = highest.try_emplace(slot.owner, m_ledger.highest_sequence(slot.owner).value_or(wallet.first_nonce))
                                .first->second;
            if (*slot.sequence > reached && *slot.sequence - reached > longest_nonce_gap)
                throw Error{ErrorCode::nonce_gap, name + " is more than " + std::to_string(longest_nonce_gap) + " above " +
                                                      std::to_string(reached) + ", the highest that was signed for"};
            reached = std::max(reached, *slot.sequence);
        }
    m_taken = std::move(taken);
    m_highest = std::move(highest);
}

} // namespace coffer::appliance
