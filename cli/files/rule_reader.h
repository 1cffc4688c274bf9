#pragma once

#include "cli/files/toml.h"
#include "core/charter/charter.h"

#include <string>
#include <string_view>
#include <vector>

namespace coffer::cli {

/// Reads one `[[rule]]`. Amounts and fees are in the units of the assets and chains that the rule's
/// wallets are on, so `so_far` must have the chains, tokens and wallets of the file.
charter::Rule read_rule(const Toml& table, const charter::Charter& so_far, std::vector<FileProblem>& problems);

/// `"any"` or a list of texts; a list of none of them is refused by charter::check().
charter::Selector<std::string> read_selector(TomlReader& reader, std::string_view name, Presence presence);

/// The text of a table's `id`, empty when it has none: for the place in messages.
std::string id_of(const Toml& table);

} // namespace coffer::cli
