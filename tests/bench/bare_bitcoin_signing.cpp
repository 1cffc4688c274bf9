// Usage: bare_bitcoin_signing wpkh|wsh|tr INPUTS [keys]
//
// The cryptography of signing INPUTS inputs with one key each, straight on the libraries: the hash of each previous
// transaction, what the signature hashes share, one signature hash an input, a signature, its verification. With `keys`
// also what BIP-32 asks for: the private key of each address, the public keys of its script, their hashes.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>
#include <string>
#include <vector>

namespace {

using Hash = std::array<std::uint8_t, 32>;

// As large as those that bitcoin_signing makes.
constexpr std::size_t previous_size = 125;
constexpr std::size_t outpoint_size = 36;
constexpr std::size_t key_script_size = 25;
constexpr std::size_t multisig_script_size = 105;

void must(bool holds)
{
    if (!holds)
        std::abort();
}

class Hasher {
public:
    Hasher() : m_context{EVP_MD_CTX_new()}, m_sha256{EVP_MD_fetch(nullptr, "SHA256", nullptr)}, m_ripemd160{EVP_MD_fetch(nullptr, "RIPEMD160", nullptr)}
    {
        must(m_context != nullptr && m_sha256 != nullptr && m_ripemd160 != nullptr);
    }
    Hasher(const Hasher&) = delete;
    Hasher& operator=(const Hasher&) = delete;
    ~Hasher()
    {
        EVP_MD_free(m_ripemd160);
        EVP_MD_free(m_sha256);
        EVP_MD_CTX_free(m_context);
    }

    Hash sha256(const std::uint8_t* data, std::size_t size) const { return digest(m_sha256, data, size); }
    Hash sha256(const std::vector<std::uint8_t>& message) const { return sha256(message.data(), message.size()); }
    Hash sha256d(const std::vector<std::uint8_t>& message) const
    {
        const auto once = sha256(message);
        return sha256(once.data(), once.size());
    }
    void hash160(const std::uint8_t* data, std::size_t size) const
    {
        const auto once = sha256(data, size);
        static_cast<void>(digest(m_ripemd160, once.data(), once.size()));
    }

private:
    Hash digest(const EVP_MD* algorithm, const std::uint8_t* data, std::size_t size) const
    {
        Hash hash{};
        must(EVP_DigestInit_ex2(m_context, algorithm, nullptr) == 1 && EVP_DigestUpdate(m_context, data, size) == 1 &&
             EVP_DigestFinal_ex(m_context, hash.data(), nullptr) == 1);
        return hash;
    }

    EVP_MD_CTX* m_context;
    EVP_MD* m_sha256;
    EVP_MD* m_ripemd160;
};

class Signer {
public:
    Signer() : m_context{secp256k1_context_create(SECP256K1_CONTEXT_NONE)}
    {
        m_key.fill(7);
        must(secp256k1_ec_pubkey_create(m_context, &m_public, m_key.data()) == 1);
        must(secp256k1_keypair_create(m_context, &m_pair, m_key.data()) == 1);
        must(secp256k1_keypair_xonly_pub(m_context, &m_x_only, nullptr, &m_pair) == 1);
    }
    Signer(const Signer&) = delete;
    Signer& operator=(const Signer&) = delete;
    ~Signer() { secp256k1_context_destroy(m_context); }

    void ecdsa(const Hash& digest) const
    {
        secp256k1_ecdsa_signature signature;
        must(secp256k1_ecdsa_sign(m_context, &signature, digest.data(), m_key.data(), nullptr, nullptr) == 1);
        must(secp256k1_ecdsa_verify(m_context, &signature, digest.data(), &m_public) == 1);
    }

    void schnorr(const Hash& digest) const
    {
        std::array<std::uint8_t, 64> signature{};
        const Hash auxiliary{};
        must(secp256k1_schnorrsig_sign32(m_context, signature.data(), digest.data(), &m_pair, auxiliary.data()) == 1);
        must(secp256k1_schnorrsig_verify(m_context, signature.data(), digest.data(), digest.size(), &m_x_only) == 1);
    }

    /// CKDpriv of a step that is not hardened; the parent's point is at hand.
    Hash private_child(std::uint32_t step) const
    {
        const auto offset = tweak(step);
        auto child = m_key;
        must(secp256k1_ec_seckey_tweak_add(m_context, child.data(), offset.data()) == 1);
        return child;
    }

    /// CKDpub, in 33 bytes.
    std::array<std::uint8_t, 33> public_child(std::uint32_t step) const
    {
        const auto offset = tweak(step);
        auto child = m_public;
        must(secp256k1_ec_pubkey_tweak_add(m_context, &child, offset.data()) == 1);
        return serialized(child);
    }

    /// The output key of an internal one, on both sides: of the signer and of the script.
    void taproot_child(std::uint32_t step, const Hash& tweak32) const
    {
        secp256k1_keypair pair;
        must(secp256k1_keypair_create(m_context, &pair, private_child(step).data()) == 1);
        secp256k1_xonly_pubkey internal;
        must(secp256k1_keypair_xonly_pub(m_context, &internal, nullptr, &pair) == 1);
        must(secp256k1_keypair_xonly_tweak_add(m_context, &pair, tweak32.data()) == 1);
        secp256k1_pubkey output;
        must(secp256k1_xonly_pubkey_tweak_add(m_context, &output, &internal, tweak32.data()) == 1);
    }

private:
    std::array<std::uint8_t, 33> serialized(const secp256k1_pubkey& point) const
    {
        std::array<std::uint8_t, 33> bytes{};
        auto size = bytes.size();
        must(secp256k1_ec_pubkey_serialize(m_context, bytes.data(), &size, &point, SECP256K1_EC_COMPRESSED) == 1);
        return bytes;
    }

    Hash tweak(std::uint32_t step) const
    {
        std::array<std::uint8_t, 37> data{};
        data[33] = static_cast<std::uint8_t>(step >> 8);
        data[34] = static_cast<std::uint8_t>(step);
        std::array<std::uint8_t, 64> out{};
        must(HMAC(EVP_sha512(), m_key.data(), static_cast<int>(m_key.size()), data.data(), data.size(), out.data(), nullptr) != nullptr);
        Hash left{};
        std::copy_n(out.begin(), left.size(), left.begin());
        return left;
    }

    secp256k1_context* m_context;
    Hash m_key{};
    secp256k1_pubkey m_public{};
    secp256k1_keypair m_pair{};
    secp256k1_xonly_pubkey m_x_only{};
};

void derive_keys(const std::string& kind, std::uint32_t input, const Signer& signer, const Hasher& hasher)
{
    if (kind == "tr")
        return signer.taproot_child(input, hasher.sha256(std::vector<std::uint8_t>(96, 1)));
    static_cast<void>(signer.private_child(input));
    for (int key = 0; key < (kind == "wsh" ? 3 : 1); ++key) {
        const auto child = signer.public_child(input);
        if (kind == "wpkh")
            hasher.hash160(child.data(), child.size());
    }
}

void sign(const std::string& kind, std::uint32_t inputs, bool with_keys)
{
    const Hasher hasher;
    const Signer signer;
    const auto is_taproot = kind == "tr";
    const std::size_t script = kind == "wsh" ? multisig_script_size : key_script_size;
    std::vector<std::uint8_t> previous(previous_size, 2);
    std::vector<std::uint8_t> message(is_taproot ? 64 + 175 : 156 + 1 + script, 3);
    for (const std::size_t size : {outpoint_size, std::size_t{4}, std::size_t{8}, std::size_t{35}})
        static_cast<void>(hasher.sha256d(std::vector<std::uint8_t>(size * inputs, 4)));
    for (std::uint32_t i = 0; i < inputs; ++i) {
        previous[1] = message[1] = static_cast<std::uint8_t>(i);
        previous[2] = message[2] = static_cast<std::uint8_t>(i >> 8);
        static_cast<void>(hasher.sha256d(previous));
        if (kind == "wsh")
            static_cast<void>(hasher.sha256(message.data(), script));
        if (with_keys)
            derive_keys(kind, i, signer, hasher);
        if (is_taproot)
            signer.schnorr(hasher.sha256(message));
        else
            signer.ecdsa(hasher.sha256d(message));
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3 && argc != 4) {
        std::fputs("usage: bare_bitcoin_signing wpkh|wsh|tr INPUTS [keys]\n", stderr);
        return 2;
    }
    sign(argv[1], static_cast<std::uint32_t>(std::atol(argv[2])), argc == 4);
    return 0;
}
