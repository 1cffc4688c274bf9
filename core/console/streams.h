#pragma once

#include "core/console/command.h"

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace coffer::console {

/// Largest artefacts of our own: bundles and reviews, and everything else.
constexpr std::size_t most_large_artefact_bytes = 64 * 1024 * 1024;
constexpr std::size_t most_artefact_bytes = 1024 * 1024;

/// The content of a file that the command line names; `-` is standard input. Throws what
/// storage::read_file throws, Error{limit}.
Bytes read_input(const Invocation& invocation, const std::filesystem::path& file, std::size_t most_bytes);

/// The positional argument as a path below the working directory; `-` stays `-`.
std::filesystem::path path_of(const Invocation& invocation, std::string_view text);

/// --out and --force.
OptionSpec out_option(std::string help, Presence presence = Presence::required);
OptionSpec force_option();

/// For work that cannot be done twice: throws what write_output() would throw of a file that is there, Error{exists}, before any of it.
void require_free_output(const Invocation& invocation, const std::filesystem::path& file);

/// Writes a file for others to read (mode 0644), atomically; over an existing one only with
/// --force, but for one that has this very content: then there is nothing to do. Throws Error{exists}.
void write_output(const Invocation& invocation, const std::filesystem::path& file, ByteView content);

} // namespace coffer::console
