#pragma once

#include "core/crypto/digest.h"

#include <openssl/evp.h>
#include <openssl/provider.h>

/// For source files of this folder only: libcrypto's types do not leave it.
namespace coffer::crypto {

/// The library context with the default provider; lives as long as the process.
OSSL_LIB_CTX* libcrypto_context();
const EVP_MD* libcrypto_digest(DigestAlgorithm algorithm);

} // namespace coffer::crypto
