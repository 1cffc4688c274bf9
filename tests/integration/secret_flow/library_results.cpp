// What the libraries answer is public by its interface: whether a scalar is in range, a public key, a signature, whether a
// passphrase opens a file. libsecp256k1 built for tests of this kind says so itself (secp256k1_declassify); Debian's does not, so these
// stand between it and our code (ld --wrap).

#include <cstddef>
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_recovery.h>
#include <secp256k1_schnorrsig.h>
#include <sodium.h>
#include <valgrind/memcheck.h>

namespace {

void publish(const void* answer, std::size_t size)
{
    static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(answer, size));
}

int told(int result)
{
    publish(&result, sizeof result);
    return result;
}

template <typename Answer>
int told(int result, const Answer* answer)
{
    publish(answer, sizeof *answer);
    return told(result);
}

} // namespace

extern "C" {

int __real_secp256k1_ec_pubkey_create(const secp256k1_context*, secp256k1_pubkey*, const unsigned char*);
int __wrap_secp256k1_ec_pubkey_create(const secp256k1_context* context, secp256k1_pubkey* key, const unsigned char* scalar)
{
    return told(__real_secp256k1_ec_pubkey_create(context, key, scalar), key);
}

int __real_secp256k1_ec_seckey_negate(const secp256k1_context*, unsigned char*);
int __wrap_secp256k1_ec_seckey_negate(const secp256k1_context* context, unsigned char* scalar)
{
    return told(__real_secp256k1_ec_seckey_negate(context, scalar));
}

int __real_secp256k1_ec_seckey_tweak_add(const secp256k1_context*, unsigned char*, const unsigned char*);
int __wrap_secp256k1_ec_seckey_tweak_add(const secp256k1_context* context, unsigned char* scalar, const unsigned char* tweak)
{
    return told(__real_secp256k1_ec_seckey_tweak_add(context, scalar, tweak));
}

int __real_secp256k1_ecdsa_sign_recoverable(const secp256k1_context*, secp256k1_ecdsa_recoverable_signature*, const unsigned char*,
                                            const unsigned char*, secp256k1_nonce_function, const void*);
int __wrap_secp256k1_ecdsa_sign_recoverable(const secp256k1_context* context, secp256k1_ecdsa_recoverable_signature* signature,
                                            const unsigned char* digest, const unsigned char* scalar, secp256k1_nonce_function nonce,
                                            const void* data)
{
    return told(__real_secp256k1_ecdsa_sign_recoverable(context, signature, digest, scalar, nonce, data), signature);
}

int __real_secp256k1_keypair_create(const secp256k1_context*, secp256k1_keypair*, const unsigned char*);
int __wrap_secp256k1_keypair_create(const secp256k1_context* context, secp256k1_keypair* pair, const unsigned char* scalar)
{
    return told(__real_secp256k1_keypair_create(context, pair, scalar));
}

int __real_secp256k1_keypair_pub(const secp256k1_context*, secp256k1_pubkey*, const secp256k1_keypair*);
int __wrap_secp256k1_keypair_pub(const secp256k1_context* context, secp256k1_pubkey* key, const secp256k1_keypair* pair)
{
    return told(__real_secp256k1_keypair_pub(context, key, pair), key);
}

int __real_secp256k1_schnorrsig_sign32(const secp256k1_context*, unsigned char*, const unsigned char*, const secp256k1_keypair*,
                                       const unsigned char*);
int __wrap_secp256k1_schnorrsig_sign32(const secp256k1_context* context, unsigned char* signature, const unsigned char* digest,
                                       const secp256k1_keypair* pair, const unsigned char* auxiliary)
{
    const auto result = told(__real_secp256k1_schnorrsig_sign32(context, signature, digest, pair, auxiliary));
    publish(signature, 64);
    return result;
}

int __real_crypto_aead_xchacha20poly1305_ietf_decrypt(unsigned char*, unsigned long long*, unsigned char*, const unsigned char*,
                                                      unsigned long long, const unsigned char*, unsigned long long, const unsigned char*,
                                                      const unsigned char*);
int __wrap_crypto_aead_xchacha20poly1305_ietf_decrypt(unsigned char* content, unsigned long long* size, unsigned char* unused,
                                                      const unsigned char* sealed, unsigned long long sealed_size, const unsigned char* context,
                                                      unsigned long long context_size, const unsigned char* nonce, const unsigned char* key)
{
    return told(__real_crypto_aead_xchacha20poly1305_ietf_decrypt(content, size, unused, sealed, sealed_size, context, context_size, nonce, key));
}

} // extern "C"

// Our own code says what is public (core/base/constant_time.h), and nothing else comes of it.
void __wrap_declassify(const void*, std::size_t) __asm__("__wrap__ZN6coffer6detail10declassifyEPKvm");
void __wrap_declassify(const void* memory, std::size_t size)
{
    publish(memory, size);
}
