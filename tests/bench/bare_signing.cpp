// Usage: bare_signing REQUESTS PAYLOADS VOTES
//
// The cryptography of signing a bundle and nothing else, straight on the libraries: once, a key of the
// wallet opened as a sealed key file is (Argon2id, 64 MiB, 3 passes; XChaCha20-Poly1305); for each request the Ed25519 signatures of requester and voters and the SHA-256 digests; for each
// payload Keccak-256, an ECDSA signature, its verification, and the payload digest. What `coffer-cold sign`
// takes beyond this is what it costs to be careful.

#include "core/crypto/keccak.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <openssl/evp.h>
#include <secp256k1.h>
#include <sodium.h>
#include <string>
#include <vector>

namespace {

using Hash = std::array<std::uint8_t, 32>;

void must(bool holds)
{
    if (!holds)
        std::abort();
}

Hash sha256(const std::vector<std::uint8_t>& message)
{
    Hash hash{};
    must(EVP_Q_digest(nullptr, "SHA256", nullptr, message.data(), message.size(), hash.data(), nullptr) == 1);
    return hash;
}

using Key = std::array<std::uint8_t, crypto_aead_xchacha20poly1305_ietf_KEYBYTES>;

Key key_of_passphrase(const std::string& passphrase, const std::array<std::uint8_t, crypto_pwhash_SALTBYTES>& salt)
{
    Key key{};
    must(crypto_pwhash(key.data(), key.size(), passphrase.data(), passphrase.size(), salt.data(), 3, std::size_t{64} << 20,
                       crypto_pwhash_ALG_ARGON2ID13) == 0);
    return key;
}

/// What opening a sealed key costs: the passphrase's key, and a box of 32 bytes.
Hash open_sealed_key()
{
    const std::array<std::uint8_t, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES> nonce{};
    const auto key = key_of_passphrase("correct horse battery staple", {});
    Hash secret{};
    secret.fill(7);
    std::array<std::uint8_t, secret.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES> box{};
    must(crypto_aead_xchacha20poly1305_ietf_encrypt(box.data(), nullptr, secret.data(), secret.size(), nullptr, 0, nullptr,
                                                    nonce.data(), key.data()) == 0);
    must(crypto_aead_xchacha20poly1305_ietf_decrypt(secret.data(), nullptr, nullptr, box.data(), box.size(), nullptr, 0, nonce.data(),
                                                    key.data()) == 0);
    return secret;
}

class Wallet {
public:
    explicit Wallet(const Hash& key) : m_key{key}, m_context{secp256k1_context_create(SECP256K1_CONTEXT_NONE)}
    {
        must(secp256k1_ec_pubkey_create(m_context, &m_public, m_key.data()) == 1);
    }
    Wallet(const Wallet&) = delete;
    Wallet& operator=(const Wallet&) = delete;
    ~Wallet() { secp256k1_context_destroy(m_context); }

    void sign_and_verify(const Hash& digest) const
    {
        secp256k1_ecdsa_signature signature;
        must(secp256k1_ecdsa_sign(m_context, &signature, digest.data(), m_key.data(), nullptr, nullptr) == 1);
        must(secp256k1_ecdsa_verify(m_context, &signature, digest.data(), &m_public) == 1);
    }

private:
    Hash m_key;
    secp256k1_context* m_context;
    secp256k1_pubkey m_public{};
};

} // namespace

int main(int argc, char** argv)
{
    if (argc != 4) {
        std::fputs("usage: bare_signing REQUESTS PAYLOADS VOTES\n", stderr);
        return 2;
    }
    const long requests = std::atol(argv[1]);
    const long payloads = std::atol(argv[2]);
    const long votes = std::atol(argv[3]);
    must(sodium_init() >= 0);
    std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES> officer{};
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
    crypto_sign_keypair(officer.data(), secret.data());
    const std::vector<std::uint8_t> body(400, 0x42); // about a request's or a vote's
    std::array<std::uint8_t, crypto_sign_BYTES> signature{};
    crypto_sign_detached(signature.data(), nullptr, body.data(), body.size(), secret.data());

    const Wallet wallet{open_sealed_key()};
    std::vector<std::uint8_t> payload(50, 0x02);
    for (long request = 0; request < requests; ++request) {
        for (long vote = 0; vote < votes + 1; ++vote) {
            must(crypto_sign_verify_detached(signature.data(), body.data(), body.size(), officer.data()) == 0);
            static_cast<void>(sha256(body));
        }
        for (long i = 0; i < payloads; ++i) {
            payload[1] = static_cast<std::uint8_t>(i);
            payload[2] = static_cast<std::uint8_t>(request);
            wallet.sign_and_verify(coffer::crypto::keccak256(payload));
            static_cast<void>(sha256(payload));
        }
    }
    return 0;
}
