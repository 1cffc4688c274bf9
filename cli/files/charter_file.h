#pragma once

#include "cli/files/problem.h"
#include "core/charter/charter.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::cli {

/// A charter as people write it: TOML, coffer-charter(5).
struct CharterFile {
    /// There unless `problems` says what is wrong with the file.
    std::optional<charter::Charter> charter;
    /// Where each place of charter::Problem begins: `charter`, `amendment`, `rule "small"`, `wallet "ops"`, …
    std::map<std::string, std::size_t> lines;
    std::vector<FileProblem> problems;

    /// The line of a place, 0 when it has none.
    std::size_t line_of(const std::string& place) const;
    /// The same problem with its line.
    FileProblem locate(const charter::Problem& problem) const;
};

/// Reads the file; every problem is collected, none is thrown. What can be told from the charter as
/// a whole is left to charter::check() and PayloadFormat::check_charter().
///
/// Codes: `malformed` for text that is not TOML and values that cannot be read; `policy_invalid` for
/// unknown keys, missing ones, other types; those of PayloadFormat::parse_address.
CharterFile parse_charter_file(std::string_view text);

/// Throws Error{policy_invalid}.
charter::Tier parse_tier(const std::string& text);

/// A key that stands where a draft or a file has none, so that reading can go on; no charter comes of such a one.
artefacts::ApprovalKey stand_in_key();

/// What `charter new` prints: valid TOML with comments, which must be filled in before it passes.
std::string charter_template(const TreasuryId& treasury, artefacts::Environment environment);

} // namespace coffer::cli
