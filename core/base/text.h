#pragma once

#include "core/base/secret.h"

#include <string>
#include <string_view>
#include <vector>

namespace coffer {

/// Text from outside, safe to show: between backticks, escaped(), a backtick in it written as
/// `\x60`, and cut after `max_bytes` with a note of its whole length.
std::string quoted(std::string_view text, std::size_t max_bytes = 200);

/// Never cut; as `\x1b` or `\u202e` stand every byte below 0x20, 0x7f, C1 controls, bidirectional,
/// zero-width and combining characters, invalid UTF-8, letters and digits that are ASCII ones in other clothes
/// (full width, mathematical), and the Greek, Cyrillic or other look-alike letters of a word that
/// holds ASCII ones, too. A word all of such letters is shown: nothing that names a payee may hold them.
std::string escaped(std::string_view text);

bool is_valid_utf8(std::string_view text);

/// Unicode Normalization Form KD, as BIP-39 asks for. Throws Error{malformed} on invalid UTF-8.
std::string normalize_nfkd(std::string_view text);
/// The same for a secret: every intermediate copy is wiped.
SecretBytes normalize_nfkd(const SecretBytes& text);
/// True when `text` is valid UTF-8 in Normalization Form C.
bool is_nfc(std::string_view text);

/// `[a-z][a-z0-9-]{0,31}`: ids of officers, roles, wallets, appliances, rules, chains, keys.
bool is_identifier(std::string_view text);

/// Columns that the text takes on a terminal.
std::size_t display_width(std::string_view text);

std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string_view trim(std::string_view text);
std::string to_lower_ascii(std::string_view text);

/// Breaks text into lines of at most `width` columns at spaces.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// Groups of `group` characters with one space between: "0x8B33 9248 …" for an address with its
/// prefix counted to the first group.
std::string in_groups(std::string_view text, std::size_t group = 4);

/// The candidate nearest to `word` by edit distance, or empty when none is near enough.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

} // namespace coffer
