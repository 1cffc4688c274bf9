#include "core/crypto/ed25519.h"

#include "core/base/error.h"

#include <sodium.h>

namespace coffer::crypto {

namespace {

constexpr ByteArray<32> identity = {1}; // y = 1, x = 0

/// RFC 8032, 5.1.3, step 1: y is below p = 2^255 - 19. The encodings with x = 0 and the sign bit
/// set (step 4) are of small order and fall with those.
bool is_canonical(const ByteArray<32>& encoded)
{
    if ((encoded[31] & 0x7f) != 0x7f)
        return true;
    for (std::size_t i = 30; i > 0; --i)
        if (encoded[i] != 0xff)
            return true;
    return encoded[0] < 0xed;
}

/// True when `encoded` is on the curve and eight times it is not the identity. Points with a
/// component of small order beside a large one pass, as with other strict verifiers.
bool is_point_of_large_order(const ByteArray<32>& encoded)
{
    auto point = encoded;
    for (int doubling = 0; doubling < 3; ++doubling) {
        ByteArray<32> twice;
        if (crypto_core_ed25519_add(twice.data(), point.data(), point.data()) != 0)
            return false;
        point = twice;
    }
    return point != identity;
}

SecretBytes expand(const SecretBytes& seed)
{
    if (seed.size() != crypto_sign_SEEDBYTES)
        throw Error{ErrorCode::malformed, "Ed25519 seed has " + std::to_string(seed.size()) + " bytes, not 32"};
    SecretBytes expanded{crypto_sign_SECRETKEYBYTES};
    ByteArray<32> public_key;
    crypto_sign_seed_keypair(public_key.data(), expanded.reveal_mutable().data(), seed.reveal().data());
    return expanded;
}

} // namespace

Ed25519PublicKey Ed25519PublicKey::decode(ByteView bytes)
{
    if (bytes.size() != 32)
        throw Error{ErrorCode::pubkey, "Ed25519 public key has " + std::to_string(bytes.size()) + " bytes, not 32"};
    const auto encoded = to_array<32>(bytes, "Ed25519 public key");
    if (!is_canonical(encoded))
        throw Error{ErrorCode::pubkey, "Ed25519 public key is not canonically encoded"};
    if (!is_point_of_large_order(encoded))
        throw Error{ErrorCode::pubkey, "Ed25519 public key is not on the curve or of small order"};
    return Ed25519PublicKey{encoded};
}

Ed25519PrivateKey::Ed25519PrivateKey(const SecretBytes& seed)
    : m_expanded{expand(seed)},
      m_public_key{to_array<32>(m_expanded.reveal().last(crypto_sign_PUBLICKEYBYTES), "Ed25519 public key")}
{
}

ByteArray<64> Ed25519PrivateKey::sign(ByteView message) const
{
    ByteArray<64> signature;
    crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), m_expanded.reveal().data());
    return signature;
}

bool verify_ed25519(const Ed25519PublicKey& key, ByteView message, const ByteArray<64>& signature)
{
    // libsodium refuses a small-order A or R and s >= L, and compares R with the bytes that it
    // computes, so that a non-canonical R never matches; A was checked when it was decoded.
    return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.bytes().data()) == 0;
}

} // namespace coffer::crypto
