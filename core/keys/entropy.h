#pragma once

#include "core/base/secret.h"

#include <string>

namespace coffer::keys {

/// Sizes of a file of random bytes that somebody brings.
constexpr std::size_t least_entropy_file = 32;
constexpr std::size_t most_entropy_file = 1024 * 1024;

/// What a key is made of, each part enough alone; an empty part is none.
struct EntropySources {
    SecretBytes kernel; ///< 32 bytes
    SecretBytes dice;   ///< ASCII digits, as DiceRolls has them
    SecretBytes file;
};

/// 32 bytes: SHA-256 over the line "coffer/v1/key-entropy" and, of each source that is there, in the order above,
/// the line "kernel SIZE", "dice SIZE" or "file SIZE" and its bytes. Lines end with a line feed; SIZE is decimal.
/// No source at all is a broken invariant.
SecretBytes mix_entropy(const EntropySources& sources);

/// 32 bytes of dice alone: SHA-256 over the digits, as Coldcard, SeedSigner and Krux make 24 words of them.
SecretBytes entropy_of_dice(ByteView digits);

/// `kernel+dice` and kin; `generated` where the kernel is the only one.
std::string name_of_sources(const EntropySources& sources);

/// Throws Error{rng} for fewer bytes than least_entropy_file, and for bytes that a source with four bits of
/// min-entropy each practically never gives: the health tests of NIST SP 800-90B, 4.4 (H = 4, α = 2^-40), and
/// repetitions at distances up to 64.
void require_random_file(ByteView file);

} // namespace coffer::keys
