#pragma once

#include "core/chains/payload_format.h"
#include "core/keys/mnemonic.h"
#include "core/keys/seed_signer.h"
#include "formats/bitcoin/descriptor.h"
#include "formats/bitcoin/network.h"
#include "tests/support/treasury.h"

#include <map>
#include <string>
#include <vector>

/// A charter around one descriptor wallet, whose keys lie in appliances vault-0, vault-1, … or outside.
namespace coffer::bitcoin::test {

inline charter::Charter charter_of(const std::string& descriptor, const std::string& network = "mainnet", std::size_t outside = 0)
{
    charter::Charter charter{{}, {}, 1, {}, {}, {}, {}, {}, {}, {}, coffer::test::approval_key_named("audit"), {}, {}, {}, {}, {}};
    charter::Chain chain;
    chain.id = "bitcoin";
    chain.family = "bitcoin";
    chain.network = network;
    chain.symbol = "BTC";
    chain.decimals = 8;
    charter.chains = {chain};
    charter::Wallet wallet;
    wallet.id = "btc-cold";
    wallet.chain = "bitcoin";
    const auto parsed = Descriptor::parse(descriptor);
    wallet.descriptor = parsed.canonical();
    for (std::size_t i = 0; i < parsed.keys().size(); ++i) {
        charter::WalletKey key;
        if (i + outside >= parsed.keys().size()) {
            key.outside = "outside-" + std::to_string(i);
        } else {
            const auto& expression = parsed.keys()[i];
            key.appliance = "vault-" + std::to_string(i);
            key.key = "k1";
            charter.appliances.push_back({.id = key.appliance,
                                          .key = coffer::test::approval_key_named(key.appliance),
                                          .keys = {{"k1", expression.origin ? expression.origin->format() : std::string{},
                                                    std::get<keys::ExtendedPublicKey>(expression.key).format()}}});
        }
        wallet.keys.push_back(std::move(key));
    }
    charter.wallets = {wallet};
    return charter;
}

inline chains::PayloadContext context_of(const charter::Charter& charter)
{
    return {charter, charter.wallets.front()};
}

/// Whoever has these words signs what their key is asked for.
inline std::vector<payments::TaskSignature> sign_with(const std::string& mnemonic, const payments::Payload& payload, const charter::Charter& charter)
{
    std::vector<payments::TaskSignature> signatures;
    const auto master = keys::ExtendedPrivateKey::from_seed(keys::seed_from_mnemonic(SecretBytes::copy_of(bytes_of(mnemonic)), SecretBytes{0}));
    for (const auto& appliance : charter.appliances) {
        const auto origin = keys::KeyOrigin::parse(appliance.keys.front().origin);
        if (origin.fingerprint != master.fingerprint())
            continue;
        keys::SeedSigner signer{master.derive(origin.path)};
        for (const auto& task : payload.signing_tasks())
            if (task.appliance == appliance.id)
                for (auto& signature : signer.sign({&task, 1}))
                    signatures.push_back(std::move(signature));
    }
    return signatures;
}

} // namespace coffer::bitcoin::test
