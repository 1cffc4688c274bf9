#include "core/base/error.h"
#include "core/crypto/mac.h"
#include "core/encoding/base58.h"
#include "core/keys/extended_key_layout.h"

#include <algorithm>

namespace coffer::keys {

namespace {

/// Scalar ‖ chain code, on the stack while a path is walked: guarded memory for every level would
/// cost more than the arithmetic.
using Node = WipedArray<64>;

crypto::Secp256k1PublicKey public_key_of(ByteView scalar)
{
    const auto key = crypto::public_key_of_scalar(scalar);
    if (!key)
        throw Error{ErrorCode::pubkey, "extended private key is not in the range 1 to n-1"};
    return *key;
}

Node node_of(ByteView secret)
{
    Node node;
    std::ranges::copy(secret, node.reveal_mutable().begin());
    return node;
}

/// CKDpriv (BIP-32): I = HMAC-SHA512(chain code, 00 ‖ scalar ‖ step when hardened, else point ‖
/// step); the child is scalar + I_L mod n, I_R. The scalar keeps its leading zero bytes. `point`,
/// which costs thirty times the rest, is only needed for a step that is not hardened.
void walk(Node& node, std::uint32_t step, const std::optional<crypto::Secp256k1PublicKey>& point)
{
    WipedArray<37> data;
    const auto bytes = data.reveal_mutable();
    const auto scalar = node.reveal_mutable().first<32>();
    if ((step & hardened) != 0)
        std::ranges::copy(scalar, bytes.subspan(1).begin());
    else
        std::ranges::copy(point.value().compressed(), bytes.begin());
    for (std::size_t i = 0; i < 4; ++i)
        bytes[33 + i] = static_cast<std::uint8_t>(step >> (24 - 8 * i));

    const auto tweak = crypto::hmac_sha512(node.reveal().last(32), data.reveal());
    if (!crypto::add_to_scalar(scalar, tweak.reveal().first(32)))
        throw Error{ErrorCode::pubkey, "a step of the path has no key, take the next one"};
    std::ranges::copy(tweak.reveal().last(32), node.reveal_mutable().last<32>().begin());
}

} // namespace

ExtendedPrivateKey ExtendedPrivateKey::from_seed(const SecretBytes& seed, KeyNetwork network)
{
    if (seed.size() < 16 || seed.size() > 64)
        throw Error{ErrorCode::malformed, "BIP-32 seed has " + std::to_string(seed.size()) + " bytes, not 16 to 64"};
    const auto master = crypto::hmac_sha512(bytes_of("Bitcoin seed"), seed.reveal());
    public_key_of(master.reveal().first(32));
    ExtendedKeyPosition position;
    position.network = network;
    return {position, SecretBytes::copy_of(master.reveal())};
}

ExtendedPrivateKey ExtendedPrivateKey::parse(const SecretBytes& text)
{
    const auto bytes = encoding::decode_base58check_secret(text_of(text.reveal()), extended_key_size);
    const auto position = decode_position(bytes.reveal().first(extended_key_prefix_size), KeyKind::private_key);
    const auto content = bytes.reveal().subspan(extended_key_prefix_size); // chain code ‖ 00 ‖ scalar
    if (content[32] != 0)
        throw malformed("extended private key does not have a zero byte before the scalar", 45);
    public_key_of(content.last(32));
    Node node;
    std::ranges::copy(content.last(32), node.reveal_mutable().begin());
    std::ranges::copy(content.first(32), node.reveal_mutable().last<32>().begin());
    return {position, SecretBytes::copy_of(node.reveal())};
}

SecretBytes ExtendedPrivateKey::format() const
{
    WipedArray<extended_key_size> bytes;
    const auto out = bytes.reveal_mutable();
    std::ranges::copy(encode_position(m_position, KeyKind::private_key), out.begin());
    std::ranges::copy(chain_code(), out.subspan(extended_key_prefix_size).begin());
    std::ranges::copy(scalar(), out.last<32>().begin());
    return encoding::encode_base58check_secret(bytes.reveal());
}

crypto::Secp256k1PrivateKey ExtendedPrivateKey::key() const
{
    return crypto::Secp256k1PrivateKey{SecretBytes::copy_of(scalar())};
}

ExtendedPublicKey ExtendedPrivateKey::extended_public_key() const
{
    return {m_position, to_array<32>(chain_code(), "chain code"), public_key_of(scalar())};
}

Fingerprint ExtendedPrivateKey::fingerprint() const
{
    return fingerprint_of(public_key_of(scalar()));
}

ExtendedPrivateKey ExtendedPrivateKey::derive(std::uint32_t step) const
{
    return derive(DerivationPath{{step}, PathStart::here});
}

ExtendedPrivateKey ExtendedPrivateKey::derive(const DerivationPath& path) const
{
    require_applicable(path, m_position);
    auto position = m_position;
    auto node = node_of(m_secret.reveal());
    for (std::size_t i = 0; i < path.steps().size(); ++i) {
        const auto step = path.steps()[i];
        const bool is_last = i + 1 == path.steps().size(); // no other parent's fingerprint is kept
        std::optional<crypto::Secp256k1PublicKey> point;
        if (is_last || (step & hardened) == 0)
            point = public_key_of(node.reveal().first(32));
        position = child_position(position, is_last ? fingerprint_of(*point) : Fingerprint{}, step);
        walk(node, step, point);
    }
    return {position, SecretBytes::copy_of(node.reveal())};
}

WipedArray<32> ExtendedPrivateKey::child_scalar(std::uint32_t step, const crypto::Secp256k1PublicKey& point) const
{
    static_cast<void>(child_position(m_position, {}, step)); // refuses what is too deep
    auto node = node_of(m_secret.reveal());
    walk(node, step, point);
    WipedArray<32> child;
    std::ranges::copy(node.reveal().first(32), child.reveal_mutable().begin());
    return child;
}

} // namespace coffer::keys
