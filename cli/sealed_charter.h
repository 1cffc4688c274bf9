#pragma once

#include "cli/files/problem.h"
#include "core/charter/charter.h"
#include "core/console/command.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace coffer::cli {

/// A charter as it is signed, read from a file. No signature was judged.
struct SealedCharter {
    artefacts::Artefact artefact;
    charter::Charter charter;
    CharterHash hash;
};

/// Errors: those of read_input() and charter::open().
SealedCharter load_sealed_charter(const console::Invocation& invocation, const std::filesystem::path& file);
SealedCharter open_sealed_charter(ByteView bytes);

/// A charter as TOML, checked whole. `sealed` is there unless there are problems.
struct CheckedCharter {
    std::optional<SealedCharter> sealed{};
    std::vector<FileProblem> problems{};
};

/// Reads and checks everything that keeps the file from being sealed; no problem is thrown.
CheckedCharter check_charter_file(const console::Invocation& invocation, const std::filesystem::path& file);
/// What `charter check` and `charter seal` say about them: a line each, and their number as the refusal.
console::CommandResult report_problems(const std::string& name, const std::vector<FileProblem>& problems);

/// Warns of each opening that a valid charter leaves, and lists them: {place, message}.
Document warn_of_weaknesses(console::Invocation& invocation, const SealedCharter& sealed);

/// Sealed or as TOML. Throws the problems of a TOML file as one Error.
SealedCharter load_any_charter(const console::Invocation& invocation, const std::filesystem::path& file);

/// Which signatures a sealed charter carries and which it still needs to come into force.
struct SignatureTally {
    std::size_t have = 0;
    std::vector<std::string> need{}; ///< officers of a first charter, else places: `1 of admin`
    bool reached = false;

    Document describe() const; ///< {have, need[]}
};

/// `predecessor` is the charter that an amendment changes; null when it is not at hand: then the
/// amendment quorum is that of the amendment itself.
SignatureTally tally_signatures(const SealedCharter& sealed, const charter::Charter* predecessor);

/// What each chain family finds wrong.
std::vector<charter::Problem> find_chain_problems(const charter::Charter& charter);
/// Everything that keeps the charter from being sealed: charter::check() and each chain family's part.
std::vector<charter::Problem> find_problems(const charter::Charter& charter);

/// Everything in the charter, for --json.
Document describe_charter(const charter::Charter& charter, const CharterHash& hash);
/// Everything in it for people: who, what and under which rules. Each line says by itself what it is about.
std::vector<std::string> charter_in_words(const charter::Charter& charter);
/// What an amendment changes: in a sentence each, then every line of charter_in_words() that goes (`-`) and comes (`+`),
/// so that nothing is signed for that was not shown.
std::vector<std::string> changes_in_words(const charter::Charter& before, const charter::Charter& after);

/// `3f9a…c1`, for screens.
std::string shortened(ByteView hash);

} // namespace coffer::cli
