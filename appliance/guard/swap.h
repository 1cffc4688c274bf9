#pragma once

#include "core/requests/vault_ledger.h"

#include <filesystem>

namespace coffer::appliance {

/// True when the kernel may write memory to a disk: /proc/swaps lists a swap area.
bool swap_is_active(const std::filesystem::path& swaps = "/proc/swaps");

/// In `production` no home is made while swap is active: there is no charter yet that could accept it.
/// Throws Error{swap}.
void require_no_swap(artefacts::Environment environment, bool is_active);

/// In `production` no key is opened while swap is active. Throws Error{swap}.
void require_swap_allowed(const requests::VaultLedger& ledger);

} // namespace coffer::appliance
