#include "formats/bitcoin/psbt_sign.h"

#include "core/base/error.h"
#include "core/crypto/schnorr.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

constexpr std::size_t schnorr_size = 64;
constexpr unsigned modifiable_inputs_and_outputs = 0x03; // BIP-370

Error not_verified(ByteView public_key)
{
    return Error{ErrorCode::sig_verify, "a signature of key " + encoding::encode_hex(public_key) + " does not verify"};
}

} // namespace

bool verify_input(const InputDigest& digest, ByteView public_key, const ByteArray<64>& signature)
{
    if (std::ranges::none_of(digest.spend.keys, [&](const Bytes& key) { return equal(key, public_key); }))
        return false;
    if (digest.spend.scheme == SpendScheme::taproot)
        return crypto::verify_schnorr(crypto::XOnlyPublicKey::decode(public_key), digest.digest, signature);
    return crypto::verify_ecdsa(crypto::Secp256k1PublicKey::decode(public_key), digest.digest, signature);
}

void attach_signature(Psbt& psbt, std::size_t number, const InputDigest& digest, ByteView public_key, const ByteArray<64>& signature)
{
    require(number < psbt.inputs.size(), "a signature of an input that is not there");
    if (!verify_input(digest, public_key, signature))
        throw not_verified(public_key);
    auto& input = psbt.inputs[number];
    if (psbt.modifiable)
        psbt.modifiable = static_cast<std::uint8_t>(*psbt.modifiable & ~modifiable_inputs_and_outputs);
    if (digest.spend.scheme == SpendScheme::taproot) {
        auto bytes = to_bytes(signature);
        if (digest.sighash_type != 0)
            bytes.push_back(digest.sighash_type);
        input.tap_key_signature = std::move(bytes);
        return;
    }
    auto der = crypto::encode_der(signature);
    der.push_back(digest.sighash_type);
    input.partial_signatures.insert_or_assign(to_bytes(public_key), std::move(der));
}

std::optional<ByteArray<64>> find_signature(const PsbtInput& input, const InputDigest& digest, const Bytes& public_key)
{
    ByteArray<64> signature{};
    std::uint8_t sighash_type = 0;
    if (digest.spend.scheme == SpendScheme::taproot) {
        if (!input.tap_key_signature)
            return std::nullopt;
        const ByteView bytes{*input.tap_key_signature};
        signature = to_array<64>(bytes.first(schnorr_size), "signature");
        if (bytes.size() > schnorr_size) {
            sighash_type = bytes.back();
            if (sighash_type == 0)
                throw not_verified(public_key); // BIP-341: the default has no byte
        }
    } else {
        const auto found = input.partial_signatures.find(public_key);
        if (found == input.partial_signatures.end())
            return std::nullopt;
        if (found->second.empty())
            throw not_verified(public_key);
        const ByteView bytes{found->second};
        signature = crypto::decode_der(bytes.first(bytes.size() - 1));
        sighash_type = bytes.back();
    }
    if (sighash_type != digest.sighash_type || !verify_input(digest, public_key, signature))
        throw not_verified(public_key);
    return signature;
}

} // namespace coffer::bitcoin
