#include "tests/attacks/charter_patch.h"

#include "core/chains/payload_format.h"
#include "tests/attacks/bitcoin_keys.h"
#include "tests/attacks/bitcoin_maker.h"
#include "tests/support/treasury.h"

#include <algorithm>
#include <stdexcept>

namespace coffer::test::attacks {

namespace {

using charter::Charter;

template <typename Item>
Item fresh(const std::string& id)
{
    if constexpr (std::is_same_v<Item, charter::Appliance>) {
        return {.id = id, .key = approval_key_named(id), .state = charter::Appliance::State::standby, .keys = {}};
    } else {
        Item item;
        item.id = id;
        return item;
    }
}

template <typename Item, typename Fill>
void patch_list(std::vector<Item>& items, const Json& changes, bool new_ones_first, Fill fill)
{
    for (const auto& [id, change] : changes.items()) {
        auto place = std::ranges::find(items, id, &Item::id);
        if (change == "removed") {
            if (place == items.end())
                throw std::runtime_error{"the charter has no " + id + " to take out"};
            items.erase(place);
            continue;
        }
        if (place == items.end()) {
            place = items.insert(new_ones_first ? items.begin() : items.end(), fresh<Item>(id));
        }
        fill(*place, change);
    }
}

template <typename Value>
void set(Value& target, const Json& change, const char* name)
{
    if (change.contains(name))
        target = change.at(name).get<Value>();
}

/// `any` or a list.
void set_selector(charter::Selector<std::string>& target, const Json& change, const char* name)
{
    if (change.contains(name))
        target =
            change.at(name).is_array() ? std::optional{change.at(name).get<std::vector<std::string>>()} : std::nullopt;
}

/// Decimal base units.
void set_number(std::optional<Uint256>& target, const Json& change, const char* name)
{
    if (change.contains(name))
        target = Uint256::from_decimal(change.at(name).get<std::string>());
}

void fill_rule(charter::Rule& rule, const Json& change)
{
    require_known(change,
                  {"wallets", "kinds", "chains", "assets", "amount", "destinations", "approvals",
                   "requester_may_approve", "max_fee", "max_feerate", "max_priority_feerate", "max_fee_share",
                   "expires", "delay"},
                  "rule");
    if (rule.kinds.empty()) { // a new one
        rule.kinds = {charter::RequestKind::transfer};
        rule.max_fee = ether(1);
    }
    set_selector(rule.wallets, change, "wallets");
    set_selector(rule.chains, change, "chains");
    set_selector(rule.assets, change, "assets");
    if (change.contains("kinds")) {
        rule.kinds.clear();
        for (const auto& kind : change.at("kinds"))
            rule.kinds.push_back(charter::parse_request_kind(kind.get<std::string>()));
    }
    if (change.contains("amount")) {
        rule.amount.reset();
        if (const auto& amount = change.at("amount"); amount.is_array())
            rule.amount = charter::AmountRange{Uint256::from_decimal(amount.at(0).get<std::string>()),
                                               Uint256::from_decimal(amount.at(1).get<std::string>())};
    }
    if (change.contains("destinations")) {
        using Kind = charter::DestinationClass::Kind;
        const auto& destinations = change.at("destinations");
        if (destinations.is_array())
            rule.destinations = {Kind::listed, destinations.get<std::vector<std::string>>()};
        else if (destinations == "any" || destinations == "whitelist" || destinations == "internal")
            rule.destinations = {destinations == "any"         ? Kind::any
                                 : destinations == "whitelist" ? Kind::whitelist
                                                               : Kind::internal,
                                 {}};
        else
            throw std::runtime_error{"destination class " + destinations.dump()};
    }
    if (change.contains("approvals"))
        rule.approvals = charter::Quorum::parse(change.at("approvals").get<std::string>());
    set(rule.requester_may_approve, change, "requester_may_approve");
    set_number(rule.max_fee, change, "max_fee");
    set_number(rule.max_feerate, change, "max_feerate");
    set_number(rule.max_priority_feerate, change, "max_priority_feerate");
    if (change.contains("max_fee_share"))
        rule.max_fee_share = change.at("max_fee_share").get<std::uint64_t>();
    if (change.contains("expires"))
        rule.expires = signed_duration(change.at("expires").get<std::string>());
    if (change.contains("delay"))
        rule.delay = signed_duration(change.at("delay").get<std::string>());
}

void fill_limit(charter::Limit& limit, const Json& change)
{
    require_known(change, {"wallets", "assets", "destinations", "requesters", "per", "span", "amount", "count"}, "limit");
    set_selector(limit.wallets, change, "wallets");
    set_selector(limit.assets, change, "assets");
    set_selector(limit.destinations, change, "destinations");
    set_selector(limit.requesters, change, "requesters");
    if (change.contains("per")) {
        limit.per.clear();
        for (const auto& per : change.at("per"))
            limit.per.push_back(charter::parse_limit_per(per.get<std::string>()));
    }
    if (change.contains("span"))
        limit.span = signed_duration(change.at("span").get<std::string>());
    set_number(limit.amount, change, "amount");
    if (change.contains("count"))
        limit.count = change.at("count").get<std::uint64_t>();
}

void fill_officer(charter::Officer& officer, const Json& change)
{
    require_known(change, {"roles", "keys"}, "officer");
    if (officer.keys.empty())
        officer.keys = {approval_key_named(officer.id)};
    set(officer.roles, change, "roles");
    if (change.contains("keys")) {
        officer.keys.clear();
        for (const auto& name : change.at("keys"))
            officer.keys.push_back(approval_key_named(name.get<std::string>()));
    }
}

charter::Tier parse_tier(const std::string& name)
{
    for (const auto tier : {charter::Tier::cold, charter::Tier::warm, charter::Tier::hot})
        if (name_of(tier) == name)
            return tier;
    throw std::runtime_error{"tier " + name};
}

class Patch {
public:
    explicit Patch(Charter& charter) : m_charter{charter} {}

    void apply(const Json& changes)
    {
        require_known(changes,
                      {"environment", "treasury", "name", "version", "amendment", "roles", "officers", "appliances",
                       "chains", "tokens", "wallets", "destinations", "rules", "rules_first", "limits"},
                      "charter");
        set(m_charter.name, changes, "name");
        set(m_charter.version, changes, "version");
        if (changes.contains("environment"))
            m_charter.header.environment = artefacts::parse_environment(changes.at("environment").get<std::string>());
        if (changes.contains("treasury"))
            m_charter.header.treasury = TreasuryId{crypto::sha256(bytes_of(changes.at("treasury").get<std::string>()))};
        if (changes.contains("amendment"))
            m_charter.amendment = charter::Quorum::parse(changes.at("amendment").get<std::string>());
        patch_list(m_charter.roles, member(changes, "roles"), false, [](charter::Role& role, const Json& change) {
            require_known(change, {"veto"}, "role");
            set(role.veto, change, "veto");
        });
        patch_list(m_charter.officers, member(changes, "officers"), false, fill_officer);
        patch_appliances(member(changes, "appliances"));
        patch_chains(member(changes, "chains"));
        patch_tokens(member(changes, "tokens"));
        patch_wallets(member(changes, "wallets"));
        patch_list(m_charter.destinations, member(changes, "destinations"), false,
                   [&](charter::Destination& destination, const Json& change) {
                       require_known(change, {"chain", "address"}, "destination");
                       if (destination.chain.empty())
                           destination.chain = "ethereum";
                       set(destination.chain, change, "chain");
                       const auto address = get<std::string>(change, "address", std::string{destination.id});
                       destination.address = is_bitcoin(destination.chain) ? bitcoin_script(m_charter, address)
                                                                           : address_in(m_charter, address);
                   });
        patch_list(m_charter.rules, member(changes, "rules"), get(changes, "rules_first", false), fill_rule);
        patch_list(m_charter.limits, member(changes, "limits"), false, fill_limit);
    }

private:
    void patch_appliances(const Json& changes)
    {
        patch_list(m_charter.appliances, changes, false, [](charter::Appliance& appliance, const Json& change) {
            require_known(change, {"state", "accepts_swap", "key", "origin", "extended_public_of"}, "appliance");
            if (change.contains("origin"))
                appliance.keys.at(0).origin = change.at("origin").get<std::string>();
            if (change.contains("extended_public_of"))
                appliance.keys.at(0).extended_public =
                    wallet_key_named(change.at("extended_public_of").get<std::string>()).extended_public_key().format();
            if (change.contains("key"))
                appliance.key = approval_key_named(change.at("key").get<std::string>());
            if (change.contains("state"))
                appliance.state = change.at("state") == "active" ? charter::Appliance::State::active
                                                                 : charter::Appliance::State::standby;
            set(appliance.accepts_swap, change, "accepts_swap");
        });
    }

    void patch_chains(const Json& changes)
    {
        patch_list(m_charter.chains, changes, false, [](charter::Chain& chain, const Json& change) {
            require_known(change, {"chain_id", "symbol", "network"}, "chain");
            if (chain.family.empty() && change.contains("network"))
                chain = {chain.id, "bitcoin", 0, "", "BTC", 8};
            else if (chain.family.empty())
                chain = {chain.id, "evm", 0, "", "ETH", 18};
            set(chain.network, change, "network");
            set(chain.chain_id, change, "chain_id");
            set(chain.symbol, change, "symbol");
        });
    }

    void patch_tokens(const Json& changes)
    {
        patch_list(m_charter.tokens, changes, false, [&](charter::Token& token, const Json& change) {
            require_known(change, {"chain", "address", "decimals"}, "token");
            if (token.chain.empty())
                token = {token.id, "ethereum", address_named(token.id), 6};
            set(token.chain, change, "chain");
            set(token.decimals, change, "decimals");
            if (change.contains("address"))
                token.address = address_in(m_charter, change.at("address").get<std::string>());
        });
    }

    void patch_wallets(const Json& changes)
    {
        patch_list(m_charter.wallets, changes, false, [&](charter::Wallet& wallet, const Json& change) {
            require_known(change,
                          {"chain", "tier", "mode", "presence", "path", "first_nonce", "descriptor", "keys_of", "extended_keys"},
                          "wallet");
            if (wallet.keys.empty())
                wallet = account(wallet.id, "ethereum", charter::Tier::cold, "0/9");
            set(wallet.chain, change, "chain");
            if (change.contains("descriptor"))
                describe(wallet, change);
            set(wallet.first_nonce, change, "first_nonce");
            if (change.contains("tier"))
                wallet.tier = parse_tier(change.at("tier").get<std::string>());
            if (change.contains("mode"))
                wallet.mode = change.at("mode") == "governed" ? charter::Mode::governed : charter::Mode::personal;
            if (change.contains("presence"))
                wallet.presence =
                    change.at("presence") == "person" ? charter::Presence::person : charter::Presence::none;
            if (!wallet.descriptor.empty())
                return;
            set(wallet.keys.front().path, change, "path");
            wallet.address =
                address_of(m_charter.appliances.front().keys.front().extended_public, wallet.keys.front().path);
        });
    }

    bool is_bitcoin(const std::string& chain) const
    {
        const auto* found = m_charter.find_chain(chain);
        return found != nullptr && found->family == "bitcoin";
    }

    /// A wallet of Bitcoin: "descriptor" as in bitcoin_keys.h. Its keys are named as those that it has, or as those of another text, "keys_of"; "extended_keys": "test" gives them the prefix of test networks.
    /// Keys of vaults are enrolled; whoever is no vault is outside.
    void describe(charter::Wallet& wallet, const Json& change)
    {
        const auto text = change.at("descriptor").get<std::string>();
        const auto network = chains::format_of(m_charter.chain(wallet.chain)).key_network(m_charter.chain(wallet.chain));
        const bool is_of_test = get(change, "extended_keys", std::string{}) == "test";
        wallet.descriptor = descriptor_text(text, is_of_test ? keys::KeyNetwork::test : network);
        wallet.address.clear();
        wallet.keys.clear();
        for (const auto& [holder, path] : held_keys(get(change, "keys_of", text)))
            wallet.keys.push_back(holder.starts_with("vault-") ? enrol(holder, path, network)
                                                               : charter::WalletKey{{}, {}, {}, holder});
    }

    charter::WalletKey enrol(const std::string& holder, const std::string& path, keys::KeyNetwork network)
    {
        auto id = "key-" + path;
        std::ranges::replace(id, '/', '-');
        const auto appliance = std::ranges::find(m_charter.appliances, holder, &charter::Appliance::id);
        if (appliance == m_charter.appliances.end())
            throw std::runtime_error{"the charter has no appliance " + holder};
        if (appliance->find_key(id) == nullptr) {
            const auto whole = keys::DerivationPath::parse("m/" + path);
            const auto extended = bitcoin_master(holder).derive(whole).extended_public_key().on(network);
            appliance->keys.push_back(
                {id, keys::KeyOrigin{fingerprint_of(holder), whole}.format(), extended.format()});
        }
        return {holder, id, {}, {}};
    }

    Charter& m_charter;
};

} // namespace

void patch(Charter& charter, const Json& changes)
{
    Patch{charter}.apply(changes);
}

Bytes address_in(const Charter& charter, const std::string& text)
{
    if (text.starts_with("0x"))
        return hex_bytes(text);
    if (text.starts_with("wallet:"))
        return charter.wallet(text.substr(7)).address;
    if (text.starts_with("token:")) {
        const auto found = std::ranges::find(charter.tokens, text.substr(6), &charter::Token::id);
        if (found == charter.tokens.end())
            throw std::runtime_error{"the charter has no " + text};
        return found->address;
    }
    if (text.starts_with("like:")) {
        auto address = address_named("another " + text);
        const auto original = address_in(charter, text.substr(5));
        for (const std::size_t i : {0U, 1U, 18U, 19U})
            address.at(i) = original.at(i);
        return address;
    }
    return address_named(text);
}

} // namespace coffer::test::attacks
