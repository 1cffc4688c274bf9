#pragma once

#include "core/crypto/kdf.h"
#include "core/crypto/random.h"

#include <string>
#include <string_view>

/// Secrets at rest: the file `coffer-key`.
///
/// Layout: deterministic CBOR {0: "coffer-key", 1: 1, 2: header, 3: nonce, 4: ciphertext}. The
/// header is a byte string that holds a CBOR map; the ciphertext is XChaCha20-Poly1305 under the
/// 24-byte nonce, with a domain text, a zero byte and the whole header as associated data.
/// At most 1 MiB in all.
namespace coffer::keys {

/// The header of a key file that a passphrase opens: {0: purpose, 1: Argon2 memory in KiB,
/// 2: passes, 3: 16-byte salt, 4: public part}; domain "coffer/v1/key-file".
struct SealedKeyHeader {
    /// What the secret is for: `officer`, `home`, …; a file never opens as another purpose.
    std::string purpose;
    crypto::Argon2Cost cost;
    ByteArray<16> salt{};
    /// What may be known without the passphrase; opaque to this layer.
    Bytes public_part;
    bool operator==(const SealedKeyHeader&) const = default;
};

/// Reads the header alone. It is only known to be genuine once the file was opened.
/// Throws Error{type} for another kind of file, Error{schema} for a newer version, Error{malformed},
/// Error{canon} and kin for anything else.
SealedKeyHeader decode_sealed_key_header(ByteView file);

/// An open key file, which can be sealed again without the passphrase.
struct OpenKey {
    SealedKeyHeader header;
    SecretBytes secret;
    /// Derived from the passphrase and the header's salt.
    SecretBytes file_key;
};

/// Seals under a fresh salt. Throws Error{kdf_limit} before any work when the cost is out of bounds.
Bytes seal(std::string_view purpose, ByteView public_part, const SecretBytes& passphrase, const SecretBytes& secret,
           crypto::Random& random, crypto::Argon2Cost cost = {});

/// Throws as decode_sealed_key_header does, Error{type} for another purpose, Error{kdf_limit}
/// before any work, Error{wrong_passphrase} for a wrong passphrase or a changed file, which cannot
/// be told apart.
OpenKey open(ByteView file, std::string_view purpose, const SecretBytes& passphrase);

/// Seals changed content with the key of an open file and a fresh nonce: same purpose, salt and cost.
Bytes reseal(const OpenKey& key, ByteView public_part, const SecretBytes& secret, crypto::Random& random);

/// Seals under a 32-byte key instead: header {0: purpose}, domain "coffer/v1/key-wrap", and
/// `context` (such as treasury id and appliance id) after the header as further associated data.
Bytes seal_with_key(std::string_view purpose, ByteView context, const SecretBytes& key, const SecretBytes& secret,
                    crypto::Random& random);

/// Throws Error{type}, Error{schema}, Error{malformed} and kin as above, Error{db_tamper} when the
/// key or the context is another or the file was changed.
SecretBytes open_with_key(ByteView file, std::string_view purpose, ByteView context, const SecretBytes& key);

} // namespace coffer::keys
