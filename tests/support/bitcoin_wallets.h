#pragma once

#include "core/charter/charter.h"
#include "core/crypto/schnorr.h"
#include "core/keys/derivation.h"
#include "formats/bitcoin/psbt_finalize.h"
#include "formats/bitcoin/psbt_sign.h"
#include "formats/bitcoin/sighash.h"
#include "formats/bitcoin/wallet.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

/// Bitcoin wallets of three signers, whose master seeds repeat one byte, and their signatures.
namespace coffer::test {

inline const keys::ExtendedPrivateKey& master_key(unsigned signer)
{
    static const auto make = [](std::uint8_t byte) {
        return keys::ExtendedPrivateKey::from_seed(SecretBytes::copy_of(Bytes(32, byte)), keys::KeyNetwork::test);
    };
    static const std::array masters{make(0x51), make(0x52), make(0x53)};
    return masters.at(signer);
}

inline std::string key_text(unsigned signer)
{
    const auto path = keys::DerivationPath::parse("m/48h/1h/0h/2h");
    return keys::KeyOrigin{master_key(signer).fingerprint(), path}.format() +
           master_key(signer).derive(path).extended_public_key().format() + "/<0;1>/*";
}

/// `wsh(sortedmulti(2,K0,K1,K2))` with the keys of the three in their places.
inline bitcoin::Descriptor wallet_descriptor(std::string_view form)
{
    std::string text{form};
    for (const auto signer : {0u, 1u, 2u}) {
        const auto name = std::string{"K"} + std::to_string(signer);
        if (const auto at = text.find(name); at != std::string::npos)
            text.replace(at, name.size(), key_text(signer));
    }
    return bitcoin::Descriptor::parse(text);
}

/// Every kind of wallet that is spent here.
inline const std::vector<std::string> wallet_forms{
    "pkh(K0)", "wpkh(K0)", "sh(wpkh(K0))", "tr(K0)", "sh(sortedmulti(2,K0,K1,K2))", "wsh(sortedmulti(2,K0,K1,K2))",
    "wsh(multi(1,K0,K1))", "sh(wsh(sortedmulti(3,K0,K1,K2)))"};

/// A charter with the chain `bitcoin` on regtest and one wallet a form, named w0, w1, …
inline charter::Charter bitcoin_charter(const std::vector<std::string>& forms = wallet_forms)
{
    const auto key = artefacts::ApprovalKey::parse("ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    charter::Charter charter{{}, {}, 1, {}, {}, {}, {}, {}, {}, {}, key, {}, {}, {}, {}, {}};
    charter.chains.push_back({"bitcoin", "bitcoin", 0, "regtest", "BTC", 8});
    for (const auto& form : forms) {
        const auto descriptor = wallet_descriptor(form);
        charter::Wallet wallet;
        wallet.id = "w" + std::to_string(charter.wallets.size());
        wallet.chain = "bitcoin";
        wallet.descriptor = descriptor.canonical();
        for (std::size_t i = 0; i < descriptor.keys().size(); ++i)
            wallet.keys.push_back({.appliance = {}, .key = {}, .path = {}, .outside = "signer-" + std::to_string(i)});
        charter.wallets.push_back(std::move(wallet));
    }
    return charter;
}

inline std::optional<crypto::Secp256k1PrivateKey> find_key(const bitcoin::KeySource& source)
{
    for (const auto signer : {0u, 1u, 2u})
        if (master_key(signer).fingerprint() == source.fingerprint)
            return master_key(signer).derive(keys::DerivationPath{source.path}).key();
    return std::nullopt;
}

/// With as many signatures as each input wants, taken from the first keys of its script.
inline bitcoin::Transaction sign_psbt(bitcoin::Psbt psbt)
{
    const auto digests = bitcoin::input_digests(psbt, bitcoin::spent_outputs(psbt));
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i) {
        const auto& digest = digests[i];
        const auto origins = psbt.inputs[i].derivations;
        unsigned made = 0;
        for (const auto& public_key : digest.spend.keys)
            if (made < digest.spend.threshold && digest.spend.scheme != bitcoin::SpendScheme::taproot) {
                const auto key = find_key(origins.at(public_key));
                bitcoin::attach_signature(psbt, i, digest, public_key, key->sign(digest.digest).compact);
                ++made;
            }
        for (const auto& [internal, source] : std::map{psbt.inputs[i].tap_derivations}) {
            const auto tweak = bitcoin::taproot_tweak(to_array<32>(internal, "internal key"));
            const auto key = crypto::tweak_for_taproot(*find_key(source.source), tweak);
            bitcoin::attach_signature(psbt, i, digest, digest.spend.keys.front(), crypto::sign_schnorr(*key, digest.digest));
        }
        bitcoin::finalize_input(psbt.inputs[i], digest);
    }
    return bitcoin::extract_transaction(psbt);
}

} // namespace coffer::test
