#pragma once

#include "core/keys/shamir.h"
#include "core/keys/slip39.h"

/// What stands between a master secret and the value that is shared (SLIP-39, "Encryption of the master secret").
namespace coffer::keys {

/// Four rounds of Feistel with PBKDF2-HMAC-SHA256, by the identifier, flag and exponent of `header`. The first `size`
/// bytes of the value, an even number. Throws Error{malformed} for a passphrase that is not printable ASCII.
ShareValue encrypt_master_secret(const ShareValue& master_secret, std::size_t size, const SecretBytes& passphrase,
                                 const ShareHeader& header);
ShareValue decrypt_master_secret(const ShareValue& encrypted, std::size_t size, const SecretBytes& passphrase,
                                 const ShareHeader& header);

} // namespace coffer::keys
