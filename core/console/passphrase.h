#pragma once

#include "core/console/command.h"

namespace coffer::console {

/// --passphrase-file FILE and --passphrase-fd N, for the options of a command. `name` stands for
/// another secret of the same command: "pin" gives --pin-file and --pin-fd.
std::vector<OptionSpec> secret_options(std::string_view name = "passphrase");

/// The secret from the source that the invocation names, else from the terminal ("Passphrase for WHAT: ").
///
/// A file must be a regular file of this user (or root) that nobody else may read or write:
/// Error{file_perm}, Error{file_type}. A descriptor must be open; one line is read from it and
/// not a byte more. One line of 1 to 1024 bytes; its end does not belong to it. Both sources
/// given: Error{usage}. No source and no terminal: Error{presence}.
SecretBytes read_passphrase(const Invocation& invocation, std::string_view what, std::string_view name = "passphrase");
/// The same for a new one: at least min_passphrase_size bytes (Error{usage} from a file or descriptor),
/// asked twice at the terminal.
SecretBytes read_new_passphrase(const Invocation& invocation, std::string_view what,
                                std::string_view name = "passphrase");

/// Words and shares from a private file, under the rules above but with many lines, up to
/// `max_size` bytes.
SecretBytes read_secret_file(const std::filesystem::path& file, std::size_t max_size);

/// The descriptors that the arguments name with --passphrase-fd or the like, found before
/// parsing, so that a program can close all others first. Malformed values are left out.
std::vector<int> secret_descriptors(const std::vector<std::string>& args);

} // namespace coffer::console
