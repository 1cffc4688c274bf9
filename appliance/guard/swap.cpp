#include "appliance/guard/swap.h"

#include "core/base/error.h"

#include <fstream>
#include <string>

namespace coffer::appliance {

bool swap_is_active(const std::filesystem::path& swaps)
{
    std::ifstream file{swaps};
    std::string line;
    std::getline(file, line); // the heading
    return static_cast<bool>(std::getline(file, line)) && !line.empty();
}

void require_no_swap(artefacts::Environment environment, bool is_active)
{
    if (is_active && environment == artefacts::Environment::production)
        throw Error{ErrorCode::swap, "swap is active, so the new keys could reach the disk", "turn it off with `swapoff -a`"};
}

void require_swap_allowed(const requests::VaultLedger& ledger)
{
    if (ledger.environment() != artefacts::Environment::production)
        return;
    const auto* self = ledger.self();
    if (self == nullptr || !self->accepts_swap)
        throw Error{ErrorCode::swap, "swap is active, so keys could reach the disk",
                    "turn it off with `swapoff -a`; encrypted swap can be accepted for this appliance in the charter (accepts_swap)"};
}

} // namespace coffer::appliance
