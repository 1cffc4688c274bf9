#pragma once

#include "core/base/secret.h"

#include <optional>

namespace coffer::crypto {

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha): 32-byte key, 24-byte nonce, 16-byte tag at the end.
Bytes xchacha20_poly1305_seal(const SecretBytes& key, const ByteArray<24>& nonce, ByteView associated_data,
                              const SecretBytes& plaintext);

/// None when the tag does not verify.
std::optional<SecretBytes> xchacha20_poly1305_open(const SecretBytes& key, const ByteArray<24>& nonce,
                                                   ByteView associated_data, ByteView ciphertext);

} // namespace coffer::crypto
