#include "formats/bitcoin/wallet.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/cbor.h"

#include <algorithm>
#include <set>

namespace coffer::bitcoin {

namespace {

constexpr std::size_t most_cached_wallets = 1000;
constexpr std::size_t most_cached_scripts = 100'000;
constexpr std::uint32_t search_step = 100;

std::string place_of(const charter::Wallet& wallet)
{
    return "wallet " + quoted(wallet.id);
}

/// What makes two extended keys one: point and chain code, whatever stands around them.
Bytes identity_of(const keys::ExtendedPublicKey& key)
{
    auto identity = to_bytes(key.key().compressed());
    append(identity, key.chain_code());
    return identity;
}

const keys::ExtendedPublicKey& extended_key_of(const KeyExpression& expression, const charter::Wallet& wallet)
{
    const auto* extended = std::get_if<keys::ExtendedPublicKey>(&expression.key);
    if (extended == nullptr)
        throw Error{ErrorCode::policy_invalid, place_of(wallet) + ": its descriptor has a key that derives no addresses",
                    "give an extended key with its two branches: [origin]xpub…/<0;1>/*"};
    return *extended;
}

void require_network(const KeyExpression& expression, const Network& network, const charter::Wallet& wallet)
{
    const auto& extended = extended_key_of(expression, wallet);
    const auto expected = network.coin_type == 0 ? keys::KeyNetwork::main : keys::KeyNetwork::test;
    if (extended.position().network != expected)
        throw Error{ErrorCode::network, place_of(wallet) + ": key " + extended.format().substr(0, 16) + "… is not of " +
                                            std::string{network.name}};
    if (!expression.origin)
        return;
    const auto& steps = expression.origin->path.steps();
    if (steps.size() >= 2 && (steps[1] & keys::hardened) != 0 && steps[1] != (network.coin_type | keys::hardened) &&
        (steps[1] ^ keys::hardened) <= 1)
        throw Error{ErrorCode::network, place_of(wallet) + ": the origin " + expression.origin->format() + " has the coin type of another network than " +
                                            std::string{network.name}};
}

} // namespace

const Network& network_of(const charter::Chain& chain)
{
    const auto* network = find_network(chain.network);
    if (network == nullptr)
        throw Error{ErrorCode::network, "chain " + quoted(chain.id) + ": network " + quoted(chain.network) + " is not known",
                    "mainnet, testnet, testnet4, signet or regtest"};
    return *network;
}

DescriptorWallet::DescriptorWallet(const charter::Charter& charter, const charter::Wallet& wallet)
    : m_id{wallet.id}, m_network{network_of(charter.chain(wallet.chain))},
      m_descriptor{Descriptor::parse(wallet.descriptor, DescriptorChecksum::required)}
{
    if (m_descriptor.branches() != 2 || !m_descriptor.is_ranged())
        throw Error{ErrorCode::policy_invalid, place_of(wallet) + ": its descriptor needs a branch to receive, one for change, and a range",
                    "write the keys as [origin]xpub…/<0;1>/*"};
    std::set<Bytes> seen;
    for (const auto& expression : m_descriptor.keys()) {
        require_network(expression, m_network, wallet);
        if (!seen.insert(to_bytes(extended_key_of(expression, wallet).key().compressed())).second)
            throw Error{ErrorCode::enrol_dupkey, place_of(wallet) + ": two keys of its descriptor are one, so that one signer could count twice"};
    }
    match_keys(charter, wallet);
    for (const auto branch : {Branch::receive, Branch::change})
        m_branches.push_back(m_descriptor.branch(static_cast<std::size_t>(branch)));
    // An extended key and a child of it look different and derive the same keys.
    for (const auto branch : {Branch::receive, Branch::change}) {
        std::set<Bytes> derived;
        for (const auto& key : derive({branch, 0}).keys)
            if (!derived.insert(key.public_key).second)
                throw Error{ErrorCode::enrol_dupkey, place_of(wallet) + ": two keys of its descriptor derive the same key, so that one signer could count twice"};
    }
}

void DescriptorWallet::match_keys(const charter::Charter& charter, const charter::Wallet& wallet)
{
    const auto& expressions = m_descriptor.keys();
    m_cosigners.resize(expressions.size());
    std::vector<std::string> outside;
    for (const auto& key : wallet.keys) {
        if (!key.outside.empty()) {
            outside.push_back(key.outside);
            continue;
        }
        if (!key.path.empty())
            throw Error{ErrorCode::policy_invalid, place_of(wallet) + ": key " + quoted(key.key) + " has a path; the descriptor says where its keys lie"};
        const auto* appliance = charter.find_appliance(key.appliance);
        const auto* found = appliance == nullptr ? nullptr : appliance->find_key(key.key);
        if (found == nullptr)
            throw Error{ErrorCode::policy_invalid, place_of(wallet) + ": appliance " + quoted(key.appliance) + " has no key " + quoted(key.key)};
        const auto identity = identity_of(keys::ExtendedPublicKey::parse(found->extended_public));
        const auto at = std::ranges::find_if(expressions, [&](const KeyExpression& expression) {
            return identity_of(extended_key_of(expression, wallet)) == identity;
        });
        if (at == expressions.end())
            throw Error{ErrorCode::enrol_not_member, place_of(wallet) + ": key " + quoted(key.key) + " of appliance " + quoted(key.appliance) +
                                                         " is not in its descriptor: it could not sign, or somebody took its place"};
        auto& cosigner = m_cosigners[static_cast<std::size_t>(at - expressions.begin())];
        if (!cosigner.appliance.empty())
            throw Error{ErrorCode::enrol_dupkey, place_of(wallet) + ": one key of its descriptor is named for two of its holders"};
        cosigner = {.appliance = key.appliance, .key = key.key, .outside = {}};
        if (at->origin && *at->origin != keys::KeyOrigin::parse(found->origin))
            throw Error{ErrorCode::policy_invalid, place_of(wallet) + ": key " + quoted(key.key) + " comes from " + found->origin + ", the descriptor says " +
                                                       at->origin->format()};
    }
    auto name = outside.begin();
    for (auto& cosigner : m_cosigners)
        if (cosigner.appliance.empty() && name != outside.end())
            cosigner.outside = *name++;
    if (name != outside.end() || std::ranges::any_of(m_cosigners, [](const Cosigner& one) { return one.appliance.empty() && one.outside.empty(); }))
        throw Error{ErrorCode::policy_invalid, place_of(wallet) + ": its descriptor has " + std::to_string(expressions.size()) + " keys, `keys` names " +
                                                   std::to_string(wallet.keys.size()),
                    "name the holder of each: an appliance with its key, or { outside = \"NAME\" }"};
}

const DerivedScripts& DescriptorWallet::derive(const Place& place) const
{
    const std::scoped_lock lock{m_mutex};
    const auto known = m_derived.find(place);
    if (known != m_derived.end())
        return known->second;
    // Whoever holds a reference keeps it: entries are never dropped. Past the bound a hostile payload has named that many places.
    if (m_derived.size() >= most_cached_scripts)
        throw Error{ErrorCode::limit, "more than 100000 addresses of wallet " + quoted(m_id) + " are asked for at once"};
    return m_derived.emplace(place, m_branches[static_cast<std::size_t>(place.branch)].derive(0, place.index)).first->second;
}

WalletCache::Known& WalletCache::known(const charter::Charter& charter, const charter::Wallet& wallet) const
{
    // All that the wallet is made of: a draft or an amendment may bring another one under the same name.
    cbor::Value::Array parts{wallet.id, charter.chain(wallet.chain).network, wallet.descriptor};
    for (const auto& key : wallet.keys) {
        const auto* appliance = charter.find_appliance(key.appliance);
        const auto* held = appliance == nullptr ? nullptr : appliance->find_key(key.key);
        parts.push_back(cbor::Value::Array{key.appliance, key.key, key.path, key.outside, held == nullptr ? std::string{} : held->origin,
                                           held == nullptr ? std::string{} : held->extended_public});
    }
    auto key = cbor::encode(cbor::Value{std::move(parts)});
    const auto found = m_wallets.find(key);
    if (found != m_wallets.end())
        return found->second;
    auto made = std::make_shared<const DescriptorWallet>(charter, wallet);
    if (m_wallets.size() >= most_cached_wallets)
        m_wallets.clear();
    return m_wallets.emplace(std::move(key), Known{std::move(made), {}, 0}).first->second;
}

std::shared_ptr<const DescriptorWallet> WalletCache::wallet_of(const charter::Charter& charter, const charter::Wallet& wallet) const
{
    const std::scoped_lock lock{m_mutex};
    return known(charter, wallet).wallet;
}

const charter::Wallet* WalletCache::find_owner(const charter::Charter& charter, const charter::Chain& chain, ByteView script_pubkey) const
{
    const std::scoped_lock lock{m_mutex};
    const auto script = to_bytes(script_pubkey);
    for (std::uint32_t end = search_step; end <= most_searched; end += search_step)
        for (const auto& wallet : charter.wallets) {
            if (wallet.chain != chain.id)
                continue;
            auto& one = known(charter, wallet);
            for (; one.searched < end; ++one.searched)
                one.receiving.emplace(one.wallet->script_pubkey({Branch::receive, one.searched}), one.searched);
            if (one.receiving.contains(script))
                return &wallet;
        }
    return nullptr;
}

} // namespace coffer::bitcoin
