#pragma once

#include "core/keys/derivation.h"
#include "formats/bitcoin/descriptor.h"

#include <string>
#include <string_view>
#include <vector>

namespace coffer::cli::test {

/// Account keys of three signers on a test network, below masters whose seeds repeat one byte.
inline keys::ExtendedPrivateKey account_key(unsigned signer)
{
    return keys::ExtendedPrivateKey::from_seed(SecretBytes::copy_of(Bytes(32, static_cast<std::uint8_t>(0x51 + signer))),
                                               keys::KeyNetwork::test)
        .derive(keys::DerivationPath::parse("m/48h/1h/0h/2h"));
}

inline std::string key_text(unsigned signer)
{
    const auto master = keys::ExtendedPrivateKey::from_seed(
        SecretBytes::copy_of(Bytes(32, static_cast<std::uint8_t>(0x51 + signer))), keys::KeyNetwork::test);
    return keys::KeyOrigin{master.fingerprint(), keys::DerivationPath::parse("m/48h/1h/0h/2h")}.format() +
           account_key(signer).extended_public_key().format() + "/<0;1>/*";
}

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

} // namespace coffer::cli::test
