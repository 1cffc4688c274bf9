#include "core/base/error.h"
#include "core/crypto/mac.h"
#include "core/encoding/base58.h"
#include "core/keys/extended_key_layout.h"

#include <algorithm>

namespace coffer::keys {

ExtendedPublicKey ExtendedPublicKey::parse(std::string_view text)
{
    const auto bytes = to_array<extended_key_size>(encoding::decode_base58check(text), "extended public key");
    const ByteView view{bytes};
    const auto position = decode_position(view.first(extended_key_prefix_size), KeyKind::public_key);
    return {position, to_array<32>(view.subspan(extended_key_prefix_size, 32), "chain code"),
            crypto::Secp256k1PublicKey::decode(view.last(33))};
}

std::string ExtendedPublicKey::format() const
{
    auto bytes = to_bytes(encode_position(m_position, KeyKind::public_key));
    append(bytes, m_chain_code);
    append(bytes, m_key.compressed());
    return encoding::encode_base58check(bytes);
}

ExtendedPublicKey ExtendedPublicKey::on(KeyNetwork network) const
{
    auto key = *this;
    key.m_position.network = network;
    return key;
}

Fingerprint ExtendedPublicKey::fingerprint() const
{
    return fingerprint_of(m_key);
}

ExtendedPublicKey ExtendedPublicKey::derive(std::uint32_t step) const
{
    if ((step & hardened) != 0)
        throw Error{ErrorCode::pubkey,
                    "step " + std::to_string(step & ~hardened) + "h is hardened, which needs the private key"};
    // CKDpub: I = HMAC-SHA512(chain code, point ‖ step); the child is point + I_L * G, I_R.
    ByteArray<37> data;
    std::ranges::copy(m_key.compressed(), data.begin());
    for (std::size_t i = 0; i < 4; ++i)
        data[33 + i] = static_cast<std::uint8_t>(step >> (24 - 8 * i));
    const auto tweak = crypto::hmac_sha512(m_chain_code, data);
    const auto child = m_key.tweak_add(tweak.reveal().first(32));
    if (!child)
        throw Error{ErrorCode::pubkey, "step " + std::to_string(step) + " has no key, take the next one"};
    return {child_position(m_position, fingerprint(), step), to_array<32>(tweak.reveal().last(32), "chain code"), *child};
}

ExtendedPublicKey ExtendedPublicKey::derive(const DerivationPath& path) const
{
    require_applicable(path, m_position);
    auto key = *this;
    for (const auto step : path.steps())
        key = key.derive(step);
    return key;
}

} // namespace coffer::keys
