#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace coffer::cli {

/// The public key of a signer that is not Coffer's, as it exports it.
struct KeyText {
    std::string origin;          ///< `[d34db33f/48h/0h/0h/2h]`
    std::string extended_public; ///< with whatever prefix it came
};

constexpr std::size_t most_key_text_bytes = 4096;

/// `[fingerprint/path]xpub…` on one line, or a JSON object with `origin` and `xpub`. The origin is demanded: without it the signer
/// does not find its key. Throws Error{malformed}, Error{limit}, Error{secret_source} for a private key; never quotes the text, which
/// may be one. Whether the key is one is for its chain to say.
KeyText parse_key_text(std::string_view text);

/// Whether an argument is such a key itself, and no file's name.
bool is_key_text(std::string_view argument);

} // namespace coffer::cli
