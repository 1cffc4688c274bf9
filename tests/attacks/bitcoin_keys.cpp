#include "tests/attacks/bitcoin_keys.h"

#include "core/crypto/hash.h"
#include "core/keys/mnemonic.h"
#include "core/keys/seed_signer.h"
#include "formats/bitcoin/descriptor_checksum.h"
#include "tests/support/vault/test_vault.h"

#include <map>
#include <regex>
#include <stdexcept>

namespace coffer::test::attacks {

namespace {

const std::regex held_key{"([a-z][a-z0-9-]*)@([0-9h/]+)"};

SecretBytes seed_of(std::string_view holder)
{
    if (holder == "vault-a")
        return keys::seed_from_mnemonic(SecretBytes::copy_of(bytes_of(TestVault::words)), SecretBytes{0});
    return SecretBytes::copy_of(crypto::sha256(bytes_of(holder)));
}

keys::DerivationPath account_path(const std::string& path)
{
    return keys::DerivationPath::parse("m/" + path);
}

} // namespace

const keys::ExtendedPrivateKey& bitcoin_master(std::string_view holder)
{
    static std::map<std::string, keys::ExtendedPrivateKey, std::less<>> known;
    auto found = known.find(holder);
    if (found == known.end())
        found = known.emplace(holder, keys::ExtendedPrivateKey::from_seed(seed_of(holder))).first;
    return found->second;
}

keys::Fingerprint fingerprint_of(std::string_view holder)
{
    return bitcoin_master(holder).fingerprint();
}

Bytes public_key_of(std::string_view holder, std::string_view path)
{
    const auto key = bitcoin_master(holder).derive(account_path(std::string{path})).extended_public_key().key();
    return to_bytes(key.compressed());
}

std::vector<HeldKey> held_keys(const std::string& text)
{
    std::vector<HeldKey> keys;
    for (std::sregex_iterator match{text.begin(), text.end(), held_key}, end; match != end; ++match)
        keys.push_back({(*match)[1], (*match)[2]});
    return keys;
}

std::string descriptor_text(const std::string& text, keys::KeyNetwork network)
{
    std::string whole;
    auto rest = text.begin();
    for (std::sregex_iterator match{text.begin(), text.end(), held_key}, end; match != end; ++match) {
        const auto& master = bitcoin_master((*match)[1].str());
        const auto path = account_path((*match)[2]);
        whole.append(rest, (*match)[0].first);
        whole += keys::KeyOrigin{master.fingerprint(), path}.format();
        whole += master.derive(path).extended_public_key().on(network).format() + "/<0;1>/*";
        rest = (*match)[0].second;
    }
    whole.append(rest, text.end());
    return whole + "#" + bitcoin::descriptor_checksum(whole);
}

bitcoin::Descriptor descriptor_of(const std::string& text, keys::KeyNetwork network)
{
    return bitcoin::Descriptor::parse(descriptor_text(text, network));
}

std::vector<payments::TaskSignature> sign_as(std::string_view appliance, const payments::Payload& payload,
                                             const charter::Charter& charter)
{
    std::vector<payments::TaskSignature> signatures;
    for (const auto& task : payload.signing_tasks()) {
        if (task.appliance != appliance)
            continue;
        const auto* held = charter.find_appliance(task.appliance)->find_key(task.key);
        const auto path = keys::KeyOrigin::parse(held->origin).path;
        keys::SeedSigner signer{bitcoin_master(appliance).derive(path)};
        for (auto& signature : signer.sign({&task, 1}))
            signatures.push_back(std::move(signature));
    }
    return signatures;
}

} // namespace coffer::test::attacks
