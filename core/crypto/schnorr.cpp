#include "core/crypto/schnorr.h"

#include "core/base/error.h"
#include "core/crypto/secp256k1_point.h"

#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>

namespace coffer::crypto {

namespace {

constexpr std::size_t x_size = 32;

secp256k1_xonly_pubkey parsed(const XOnlyPublicKey& key)
{
    secp256k1_xonly_pubkey point;
    require(secp256k1_xonly_pubkey_parse(secp256k1_shared(), &point, key.bytes().data()) == 1, "a checked x coordinate is none");
    return point;
}

ByteArray<x_size> serialized(const secp256k1_xonly_pubkey& point)
{
    ByteArray<x_size> bytes{};
    secp256k1_xonly_pubkey_serialize(secp256k1_shared(), bytes.data(), &point);
    return bytes;
}

/// A key pair, wiped when it dies.
class KeyPair {
public:
    explicit KeyPair(const Secp256k1PrivateKey& key)
    {
        require(secp256k1_keypair_create(secp256k1_shared(), &m_pair, key.scalar().reveal().data()) == 1, "a valid private key has no pair");
    }
    KeyPair(const KeyPair&) = delete;
    KeyPair& operator=(const KeyPair&) = delete;
    ~KeyPair() { wipe(m_pair.data); }

    secp256k1_keypair& pair() { return m_pair; }

private:
    secp256k1_keypair m_pair{};
};

} // namespace

Sha256 tagged_hash(std::string_view tag)
{
    const auto tag_hash = sha256(bytes_of(tag));
    Sha256 hash;
    hash.update(tag_hash).update(tag_hash);
    return hash;
}

XOnlyPublicKey XOnlyPublicKey::decode(ByteView bytes)
{
    secp256k1_xonly_pubkey point;
    if (bytes.size() != x_size || secp256k1_xonly_pubkey_parse(secp256k1_shared(), &point, bytes.data()) != 1)
        throw Error{ErrorCode::pubkey, std::to_string(bytes.size()) + " bytes are not the x coordinate of a point of secp256k1"};
    return XOnlyPublicKey{to_array<x_size>(bytes, "x-only public key")};
}

XOnlyPublicKey XOnlyPublicKey::of(const Secp256k1PublicKey& key)
{
    return XOnlyPublicKey{to_array<x_size>(ByteView{key.compressed()}.subspan(1), "x-only public key")};
}

std::optional<XOnlyPublicKey> XOnlyPublicKey::tweak_add(ByteView tweak32) const
{
    require(tweak32.size() == x_size, "a tweak is not 32 bytes");
    const auto point = parsed(*this);
    secp256k1_pubkey sum;
    if (secp256k1_xonly_pubkey_tweak_add(secp256k1_shared(), &sum, &point, tweak32.data()) != 1)
        return std::nullopt;
    secp256k1_xonly_pubkey output;
    require(secp256k1_xonly_pubkey_from_pubkey(secp256k1_shared(), &output, nullptr, &sum) == 1, "a point has no x coordinate");
    return XOnlyPublicKey{serialized(output)};
}

ByteArray<64> sign_schnorr(const Secp256k1PrivateKey& key, const ByteArray<32>& message, const ByteArray<32>& auxiliary)
{
    KeyPair pair{key};
    ByteArray<64> signature{};
    require(secp256k1_schnorrsig_sign32(secp256k1_shared(), signature.data(), message.data(), &pair.pair(), auxiliary.data()) == 1,
            "a valid private key does not sign");
    return signature;
}

bool verify_schnorr(const XOnlyPublicKey& key, const ByteArray<32>& message, const ByteArray<64>& signature)
{
    const auto point = parsed(key);
    return secp256k1_schnorrsig_verify(secp256k1_shared(), signature.data(), message.data(), message.size(), &point) == 1;
}

std::optional<Secp256k1PrivateKey> tweak_for_taproot(const Secp256k1PrivateKey& key, ByteView tweak32)
{
    require(tweak32.size() == x_size, "a tweak is not 32 bytes");
    auto scalar = key.scalar().clone();
    if (key.public_key().compressed()[0] == 3)
        require(secp256k1_ec_seckey_negate(secp256k1_shared(), scalar.reveal_mutable().data()) == 1, "a valid private key is not negated");
    if (!add_to_scalar(scalar.reveal_mutable().first<x_size>(), tweak32))
        return std::nullopt;
    return Secp256k1PrivateKey{std::move(scalar)};
}

} // namespace coffer::crypto
