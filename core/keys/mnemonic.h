#pragma once

#include "core/base/secret.h"

#include <string>
#include <string_view>

/// BIP-39 with the English list. Entropy, words and passphrase are secrets throughout; time does not depend on entropy and
/// words, only on the passphrase (its normal form).
namespace coffer::keys {

/// Words joined by one space: 3 for every 4 bytes of `entropy`, which has 16, 20, 24, 28 or 32;
/// another size is a broken invariant.
SecretBytes mnemonic_from_entropy(const SecretBytes& entropy);

/// The entropy of 12, 15, 18, 21 or 24 words in lower case, between which any blanks and line
/// breaks may stand. Throws Error{mnemonic} for another number of words, a word that is not on the
/// list (naming its position, never the word) and a wrong checksum.
SecretBytes entropy_from_mnemonic(const SecretBytes& words);

/// The 64-byte seed: PBKDF2-HMAC-SHA512 over the words in their one spelling, 2048 rounds, salt
/// "mnemonic" and the passphrase in NFKD. Throws Error{mnemonic} as above, Error{malformed} when
/// the passphrase is not valid UTF-8.
SecretBytes seed_from_mnemonic(const SecretBytes& words, const SecretBytes& passphrase);

/// The word of an index below 2048; a higher one is a broken invariant. Not for secrets.
std::string_view mnemonic_word(unsigned index);

/// For people to compare: the first 66 bits of a digest as six words, joined by `-`. Not for
/// secrets. A digest below 9 bytes is a broken invariant.
std::string fingerprint_words(ByteView digest);

} // namespace coffer::keys
