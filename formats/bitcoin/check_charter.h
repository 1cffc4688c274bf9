#pragma once

#include "core/charter/charter.h"

#include <vector>

namespace coffer::bitcoin {

/// What a charter gets wrong about Bitcoin: networks, wallets whose descriptors are not those of their keys or share a key,
/// wallets that outside keys could empty alone, destinations that are no address of their network.
std::vector<charter::Problem> check_charter(const charter::Charter& charter);

} // namespace coffer::bitcoin
