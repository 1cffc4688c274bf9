#include "core/crypto/aead.h"

#include "core/base/error.h"

#include <sodium.h>

namespace coffer::crypto {

namespace {

/// libsodium 1.0.18 leaves words of the key in the dead frames of HChaCha20.
constexpr std::size_t library_frames = 4096;

constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

void require_key(const SecretBytes& key)
{
    static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == 24);
    require(key.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "an XChaCha20-Poly1305 key is not 32 bytes");
}

} // namespace

Bytes xchacha20_poly1305_seal(const SecretBytes& key, const ByteArray<24>& nonce, ByteView associated_data,
                              const SecretBytes& plaintext)
{
    require_key(key);
    Bytes ciphertext(plaintext.size() + tag_size);
    crypto_aead_xchacha20poly1305_ietf_encrypt(ciphertext.data(), nullptr, plaintext.reveal().data(), plaintext.size(),
                                               associated_data.data(), associated_data.size(), nullptr, nonce.data(),
                                               key.reveal().data());
    sodium_stackzero(library_frames);
    return ciphertext;
}

std::optional<SecretBytes> xchacha20_poly1305_open(const SecretBytes& key, const ByteArray<24>& nonce,
                                                   ByteView associated_data, ByteView ciphertext)
{
    require_key(key);
    if (ciphertext.size() < tag_size)
        return std::nullopt;
    SecretBytes plaintext{ciphertext.size() - tag_size};
    const bool verified =
        crypto_aead_xchacha20poly1305_ietf_decrypt(plaintext.reveal_mutable().data(), nullptr, nullptr,
                                                   ciphertext.data(), ciphertext.size(), associated_data.data(),
                                                   associated_data.size(), nonce.data(), key.reveal().data()) == 0;
    sodium_stackzero(library_frames);
    if (!verified)
        return std::nullopt;
    return plaintext;
}

} // namespace coffer::crypto
