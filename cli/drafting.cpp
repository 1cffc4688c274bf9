#include "cli/drafting.h"

#include "cli/files/charter_file.h"
#include "cli/files/toml.h"
#include "core/base/text.h"

#include <algorithm>

namespace coffer::cli {

namespace {

std::string holder_in_toml(const charter::WalletKey& key)
{
    if (!key.outside.empty())
        return "{ outside = " + toml_string(key.outside) + " }";
    return "{ appliance = " + toml_string(key.appliance) + ", key = " + toml_string(key.key) +
           (key.path.empty() ? "" : ", path = " + toml_string(key.path)) + " }";
}

/// An appliance may be newer than this program, and exports keys of chains whose payments it does not understand.
void require_wallets(const artefacts::KeyExport& key_export)
{
    const auto& family = key_export.family;
    if (chains::find_format(family) != nullptr)
        return;
    if (std::ranges::find(chains::account_chains(), family, &chains::AccountChain::family) == chains::account_chains().end())
        throw Error{ErrorCode::chain, "chain family " + coffer::quoted(family) + " is not built in"};
    throw Error{ErrorCode::chain, "key " + key_export.key + " is of the family " + family + ": this version has no wallets on that chain"};
}

} // namespace

artefacts::KeyExport open_key_export(ByteView bytes)
{
    auto key_export = artefacts::verify_key_export(artefacts::Artefact::decode(bytes, artefacts::Kind::export_));
    static_cast<void>(keys::KeyOrigin::parse(key_export.origin));
    require_wallets(key_export);
    return key_export;
}

charter::Chain chain_of_draft(const chains::PayloadFormat& format, const std::optional<std::string>& id, const std::string& extended_public)
{
    auto chain = format.usual_chain(extended_public);
    if (!id)
        return chain;
    for (const auto* other : chains::all_formats())
        for (const auto name : other->chain_names()) {
            const auto known = other->chain_named(name);
            if (*id != name && *id != known->id)
                continue;
            if (other != &format)
                throw Error{ErrorCode::chain, "chain " + *id + " is of the family " + known->family + ", the keys are of " + chain.family};
            chain = *known;
        }
    chain.id = *id;
    return chain;
}

DraftCharter::DraftCharter(const charter::Wallet& wallet, const charter::Chain& chain)
    : m_charter{.header = {},
                .name = {},
                .previous = {},
                .adopt_before = {},
                .amendment = {},
                .roles = {},
                .officers = {},
                .appliances = {},
                .audit_key = stand_in_key(),
                .chains = {chain},
                .tokens = {},
                .wallets = {wallet},
                .destinations = {},
                .rules = {}}
{
}

void DraftCharter::add_key(const std::string& appliance, const artefacts::KeyExport& key)
{
    auto at = std::ranges::find(m_charter.appliances, appliance, &charter::Appliance::id);
    if (at == m_charter.appliances.end())
        at = m_charter.appliances.insert(at, {.id = appliance, .key = key.appliance, .keys = {}});
    at->keys.push_back({key.key, key.origin, key.public_key});
}

void DraftCharter::require_sound() const
{
    // What the chain says of a wallet is nearer to what was typed than what holds for all of them.
    auto problems = chains::format_of(m_charter.chains.front()).check_charter(m_charter);
    for (auto& problem : charter::check(m_charter))
        problems.push_back(std::move(problem));
    for (const auto& problem : problems)
        if (problem.place.starts_with("wallet ") || problem.place.starts_with("appliance "))
            throw Error{problem.code, problem.place + ": " + problem.message};
}

std::vector<std::string> wallet_block(const charter::Wallet& wallet, const std::string& address)
{
    std::vector<std::string> holders;
    for (const auto& key : wallet.keys)
        holders.push_back(holder_in_toml(key));
    const bool has_descriptor = !wallet.descriptor.empty();
    return {"[[wallet]]",
            "id = " + toml_string(wallet.id),
            "chain = " + toml_string(wallet.chain),
            "tier = " + toml_string(charter::name_of(wallet.tier)),
            "mode = " + toml_string(charter::name_of(wallet.mode)),
            has_descriptor ? "descriptor = " + toml_string(wallet.descriptor) : "address = " + toml_string(address),
            "keys = [" + join(holders, ", ") + "]",
            "presence = " + toml_string(charter::name_of(wallet.presence)),
            "confirmations = " + std::to_string(wallet.confirmations)};
}

} // namespace coffer::cli
