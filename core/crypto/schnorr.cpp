#include "core/crypto/schnorr.h"

#include "core/base/error.h"
#include "core/crypto/secp256k1_point.h"

#include <algorithm>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>

namespace coffer::crypto {

namespace {

constexpr std::size_t x_size = 32;

constexpr std::uint8_t even_y = 2;
constexpr std::uint8_t odd_y = 3;

/// The library's own type around a pair, wiped when it dies.
class Pair {
public:
    Pair() = default;
    explicit Pair(const WipedArray<sizeof(secp256k1_keypair)>& bytes) { std::ranges::copy(bytes.reveal(), std::begin(m_pair.data)); }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;
    ~Pair() { wipe(m_pair.data); }

    secp256k1_keypair* get() { return &m_pair; }
    ByteView bytes() const { return m_pair.data; }

private:
    secp256k1_keypair m_pair{};
};

} // namespace

SchnorrKeyPair::SchnorrKeyPair(ByteView scalar32)
{
    require(scalar32.size() == x_size, "a scalar is not 32 bytes");
    Pair pair;
    require(secp256k1_keypair_create(secp256k1_shared(), pair.get(), scalar32.data()) == 1, "a valid private key has no pair");
    std::ranges::copy(pair.bytes(), m_pair.reveal_mutable().begin());
}

XOnlyPublicKey SchnorrKeyPair::public_key() const
{
    Pair pair{m_pair};
    secp256k1_pubkey point;
    require(secp256k1_keypair_pub(secp256k1_shared(), &point, pair.get()) == 1, "a key pair has no point");
    return XOnlyPublicKey::of(Secp256k1Point::wrapped(point));
}

ByteArray<64> SchnorrKeyPair::sign(const ByteArray<32>& message, const ByteArray<32>& auxiliary) const
{
    Pair pair{m_pair};
    ByteArray<64> signature{};
    require(secp256k1_schnorrsig_sign32(secp256k1_shared(), signature.data(), message.data(), pair.get(), auxiliary.data()) == 1,
            "a valid private key does not sign");
    return signature;
}

Sha256 tagged_hash(std::string_view tag)
{
    const auto tag_hash = sha256(bytes_of(tag));
    Sha256 hash;
    hash.update(tag_hash).update(tag_hash);
    return hash;
}

XOnlyPublicKey::XOnlyPublicKey(const Secp256k1PublicKey& even)
    : m_even{even}, m_bytes{to_array<x_size>(ByteView{even.compressed()}.subspan(1), "x-only public key")}
{
}

XOnlyPublicKey XOnlyPublicKey::decode(ByteView bytes)
{
    ByteArray<1 + x_size> compressed{even_y};
    if (bytes.size() == x_size) {
        std::ranges::copy(bytes, compressed.begin() + 1);
        try {
            return XOnlyPublicKey{Secp256k1PublicKey::decode(compressed)};
        } catch (const Error&) {
            // said below
        }
    }
    throw Error{ErrorCode::pubkey, std::to_string(bytes.size()) + " bytes are not the x coordinate of a point of secp256k1"};
}

XOnlyPublicKey XOnlyPublicKey::of(const Secp256k1PublicKey& key)
{
    if (key.compressed()[0] != odd_y)
        return XOnlyPublicKey{key};
    auto point = Secp256k1Point::parsed(key);
    require(secp256k1_ec_pubkey_negate(secp256k1_shared(), &point) == 1, "a point is not negated");
    return XOnlyPublicKey{Secp256k1Point::wrapped(point)};
}

std::optional<XOnlyPublicKey> XOnlyPublicKey::tweak_add(ByteView tweak32) const
{
    const auto sum = m_even.tweak_add(tweak32);
    return sum ? std::optional{of(*sum)} : std::nullopt;
}

ByteArray<64> sign_schnorr(const Secp256k1PrivateKey& key, const ByteArray<32>& message, const ByteArray<32>& auxiliary)
{
    return SchnorrKeyPair{key.scalar().reveal()}.sign(message, auxiliary);
}

bool verify_schnorr(const XOnlyPublicKey& key, const ByteArray<32>& message, const ByteArray<64>& signature)
{
    const auto even = Secp256k1Point::parsed(key.m_even);
    secp256k1_xonly_pubkey point;
    require(secp256k1_xonly_pubkey_from_pubkey(secp256k1_shared(), &point, nullptr, &even) == 1, "a point has no x coordinate");
    return secp256k1_schnorrsig_verify(secp256k1_shared(), signature.data(), message.data(), message.size(), &point) == 1;
}

std::optional<Secp256k1PrivateKey> tweak_for_taproot(const Secp256k1PrivateKey& key, ByteView tweak32)
{
    auto scalar = key.scalar().clone();
    if (!tweak_scalar_for_taproot(scalar.reveal_mutable().first<x_size>(), key.public_key(), tweak32))
        return std::nullopt;
    return Secp256k1PrivateKey{std::move(scalar)};
}

bool tweak_scalar_for_taproot(std::span<std::uint8_t, 32> scalar, const Secp256k1PublicKey& point, ByteView tweak32)
{
    require(tweak32.size() == x_size, "a tweak is not 32 bytes");
    if (point.compressed()[0] == odd_y)
        require(secp256k1_ec_seckey_negate(secp256k1_shared(), scalar.data()) == 1, "a valid private key is not negated");
    return add_to_scalar(scalar, tweak32);
}

} // namespace coffer::crypto
