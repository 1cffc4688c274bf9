#pragma once

#include "cli/files/toml.h"
#include "core/charter/charter.h"

#include <vector>

namespace coffer::cli {

/// Reads one `[[limit]]`. Its amount is in the unit of its one asset, so `so_far` must have the chains, tokens and wallets of the file.
charter::Limit read_limit(const Toml& table, const charter::Charter& so_far, std::vector<FileProblem>& problems);

} // namespace coffer::cli
