#include "core/crypto/kdf.h"

#include "core/base/error.h"
#include "core/crypto/libcrypto.h"
#include "core/crypto/mac.h"

#include <algorithm>
#include <memory>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <sodium.h>

namespace coffer::crypto {

namespace {

void require_within_limits(Argon2Cost cost)
{
    if (cost.memory_kib < argon2_floor.memory_kib || cost.memory_kib > argon2_ceiling.memory_kib)
        throw Error{ErrorCode::kdf_limit, "Argon2 memory of " + std::to_string(cost.memory_kib) + " KiB is not in " +
                                              std::to_string(argon2_floor.memory_kib) + " to " +
                                              std::to_string(argon2_ceiling.memory_kib)};
    if (cost.passes < argon2_floor.passes || cost.passes > argon2_ceiling.passes)
        throw Error{ErrorCode::kdf_limit, std::to_string(cost.passes) + " Argon2 passes are not in " +
                                              std::to_string(argon2_floor.passes) + " to " +
                                              std::to_string(argon2_ceiling.passes)};
}

/// libcrypto wants octet strings as void*; it only reads them.
OSSL_PARAM octets(const char* name, ByteView bytes)
{
    static std::uint8_t none = 0; // a null pointer would mean "not given"
    auto* const data = bytes.empty() ? &none : const_cast<std::uint8_t*>(bytes.data());
    return OSSL_PARAM_construct_octet_string(name, data, bytes.size());
}

} // namespace

SecretBytes argon2id(const SecretBytes& passphrase, const ByteArray<16>& salt, Argon2Cost cost)
{
    static_assert(crypto_pwhash_SALTBYTES == 16);
    require_within_limits(cost);
    const auto text = text_of(passphrase.reveal());
    SecretBytes key{32};
    if (crypto_pwhash(key.reveal_mutable().data(), key.size(), text.data(), text.size(), salt.data(), cost.passes,
                      std::size_t{cost.memory_kib} * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw Error{ErrorCode::limit,
                    "the " + std::to_string(cost.memory_kib) + " KiB of memory that Argon2 needs cannot be had"};
    return key;
}

SecretBytes pbkdf2_hmac_sha512(ByteView password, ByteView salt, std::uint32_t iterations, std::size_t size)
{
    static EVP_KDF* const algorithm = EVP_KDF_fetch(libcrypto_context(), "PBKDF2", nullptr);
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context{EVP_KDF_CTX_new(algorithm),
                                                                            &EVP_KDF_CTX_free};
    require(context != nullptr, "libcrypto lacks PBKDF2");
    std::string digest = "SHA2-512";
    unsigned count = iterations;
    int without_fips_checks = 1; // FIPS asks for more rounds and salt than BIP-39 has
    const std::array params = {octets(OSSL_KDF_PARAM_PASSWORD, password), octets(OSSL_KDF_PARAM_SALT, salt),
                               OSSL_PARAM_construct_uint(OSSL_KDF_PARAM_ITER, &count),
                               OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
                               OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &without_fips_checks),
                               OSSL_PARAM_construct_end()};
    SecretBytes key{size};
    require(EVP_KDF_derive(context.get(), key.reveal_mutable().data(), size, params.data()) == 1, "PBKDF2 fails");
    return key;
}

SecretBytes hkdf_sha256(ByteView key, ByteView salt, ByteView info, std::size_t size)
{
    constexpr std::size_t hash_size = 32;
    if (size > 255 * hash_size)
        throw Error{ErrorCode::limit, "HKDF gives at most 8160 bytes, not " + std::to_string(size)};
    // RFC 5869, 2.2: PRK = HMAC(salt, IKM); an empty salt pads to the same zeros as the default one.
    auto pseudorandom_key = hmac_sha256(salt, key);
    // 2.3: T(i) = HMAC(PRK, T(i-1) ‖ info ‖ i), in one buffer whose front is empty for i = 1.
    SecretBytes message{hash_size + info.size() + 1};
    const auto buffer = message.reveal_mutable();
    std::ranges::copy(info, buffer.begin() + hash_size);
    SecretBytes out{size};
    for (std::size_t done = 0, i = 1; done < size; done += hash_size, ++i) {
        buffer.back() = static_cast<std::uint8_t>(i);
        auto block = hmac_sha256(pseudorandom_key, i == 1 ? message.reveal().subspan(hash_size) : message.reveal());
        std::ranges::copy(block, buffer.begin());
        std::ranges::copy_n(block.begin(), static_cast<std::ptrdiff_t>(std::min(hash_size, size - done)),
                            out.reveal_mutable().begin() + static_cast<std::ptrdiff_t>(done));
        wipe(block);
    }
    wipe(pseudorandom_key);
    return out;
}

} // namespace coffer::crypto
