#pragma once

#include "core/charter/charter.h"

#include <vector>

namespace coffer::evm {

/// What is wrong with the EVM part of a charter: chain ids (above 0, unique), tokens (20 bytes,
/// unique a chain, no wallet), wallets (one key in an appliance, and its address; one wallet an
/// address and chain), destinations (20 bytes, not the zero address, no token's contract).
/// What needs no knowledge of the chain is charter::check()'s part.
std::vector<charter::Problem> check_charter(const charter::Charter& charter);

} // namespace coffer::evm
