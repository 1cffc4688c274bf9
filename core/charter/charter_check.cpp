#include "core/charter/charter.h"

#include "core/base/text.h"
#include "core/charter/limit_check.h"
#include "core/charter/wallet_keys.h"
#include "core/keys/derivation.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <tuple>

namespace coffer::charter {

namespace {

constexpr std::size_t most_name_bytes = 100;
constexpr unsigned most_decimals = 36;
constexpr Duration shortest_expiry = minutes(1);
constexpr Duration longest_expiry = days(365);

bool is_asset_symbol(std::string_view text)
{
    return !text.empty() && text.size() <= 16 && std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
}

bool is_tier(std::string_view name)
{
    return name == "cold" || name == "warm" || name == "hot";
}

/// The fewest officers that could fulfil a quorum.
std::size_t fewest_officers(const Quorum& quorum)
{
    auto fewest = std::numeric_limits<std::size_t>::max();
    for (const auto& alternative : quorum.alternatives()) {
        std::size_t count = 0;
        for (const auto& place : alternative)
            count += place.count;
        fewest = std::min(fewest, count);
    }
    return fewest;
}

class Checker {
public:
    explicit Checker(const Charter& charter) : m_charter{charter} {}

    std::vector<Problem> run()
    {
        check_head();
        check_people();
        check_appliances();
        check_chains_and_tokens();
        check_wallets();
        check_shared_keys();
        check_destinations();
        for (const auto& rule : m_charter.rules)
            check_rule(rule);
        check_unique(m_charter.rules, "rule");
        check_unique(m_charter.limits, "limit");
        check_shares();
        std::ranges::copy(check_limits(m_charter), std::back_inserter(m_problems));
        check_amendment();
        return std::move(m_problems);
    }

private:
    void report(std::string place, std::string message, ErrorCode code = ErrorCode::policy_invalid)
    {
        m_problems.push_back({std::move(place), code, std::move(message)});
    }

    static std::string place(std::string_view sort, std::string_view id)
    {
        return std::string{sort} + " \"" + escaped(id) + "\"";
    }

    template <typename Item>
    void check_unique(const std::vector<Item>& items, std::string_view sort)
    {
        std::set<std::string_view> seen;
        for (const auto& item : items) {
            if (!is_identifier(item.id))
                report(place(sort, item.id), "an id is a small letter followed by at most 31 small letters, digits and dashes");
            if (!seen.insert(item.id).second)
                report(place(sort, item.id), "this id is used twice");
        }
    }

    void check_head()
    {
        if (m_charter.name.empty() || m_charter.name.size() > most_name_bytes)
            report("charter", "the name is empty or over 100 bytes");
        if (m_charter.header.treasury.is_zero())
            report("charter", "the treasury id is missing; `coffer charter new` writes one");
        if (m_charter.version == 0)
            report("charter", "versions begin with 1");
        if (m_charter.version == 1 && (m_charter.previous || m_charter.adopt_before || m_charter.continues))
            report("charter", "version 1 has no predecessor, so no `previous`, no `adopt_before` and no `continues`");
        if (m_charter.version > 1 && !(m_charter.previous && m_charter.adopt_before))
            report("charter", "from version 2 on `previous` and `adopt_before` are needed");
        if (m_charter.version == 1 && !m_charter.lifts.empty())
            report("charter", "version 1 comes before every entry, so there is nothing that it lifts");
        if (std::set(m_charter.lifts.begin(), m_charter.lifts.end()).size() != m_charter.lifts.size())
            report("charter", "`lifts` names an entry twice");
        if (m_charter.officers.empty())
            report("charter", "there is no officer");
        if (m_charter.rules.empty())
            report("charter", "there is no rule, so every request would be denied");
    }

    void claim_key(const artefacts::ApprovalKey& key, const std::string& owner)
    {
        const auto [known, is_new] = m_key_owners.emplace(key.id(), owner);
        if (!is_new)
            report(owner, "this key is also the key of " + known->second + "; one key belongs to one", ErrorCode::policy_dupkey);
    }

    void check_people()
    {
        check_unique(m_charter.roles, "role");
        check_unique(m_charter.officers, "officer");
        for (const auto& officer : m_charter.officers) {
            const auto here = place("officer", officer.id);
            if (officer.keys.empty())
                report(here, "has no key");
            for (const auto& key : officer.keys)
                claim_key(key, here);
            for (const auto& role : officer.roles) {
                if (!is_identifier(role))
                    report(here, "role " + quoted(role) + " is not an id");
                m_members[role].push_back(officer.id);
            }
            if (std::set(officer.roles.begin(), officer.roles.end()).size() != officer.roles.size())
                report(here, "has a role twice");
        }
        for (const auto& role : m_charter.roles)
            if (!m_members.contains(role.id))
                report(place("role", role.id), "no officer has it");
        claim_key(m_charter.audit_key, "audit");
        if (!m_charter.freeze_role.empty() && !m_members.contains(m_charter.freeze_role))
            report("freeze", "nobody has the role " + quoted(m_charter.freeze_role));
    }

    void check_appliances()
    {
        check_unique(m_charter.appliances, "appliance");
        for (const auto& appliance : m_charter.appliances) {
            const auto here = place("appliance", appliance.id);
            claim_key(appliance.key, here);
            if (appliance.id == "online") // the source that the online side's heads name
                report(here, "this id is taken by the online side");
            std::set<std::string> ids;
            for (const auto& key : appliance.keys) {
                if (!is_identifier(key.id) || !ids.insert(key.id).second)
                    report(here, "key " + quoted(key.id) + " has no valid id of its own");
                try {
                    static_cast<void>(keys::ExtendedPublicKey::parse(key.extended_public));
                    static_cast<void>(keys::KeyOrigin::parse(key.origin));
                } catch (const Error& error) {
                    report(here, "key " + quoted(key.id) + ": " + error.message());
                }
            }
        }
    }

    void check_chains_and_tokens()
    {
        check_unique(m_charter.chains, "chain");
        std::set<std::tuple<std::string, std::uint64_t, std::string>> networks;
        for (const auto& chain : m_charter.chains) {
            if (!networks.emplace(chain.family, chain.chain_id, chain.network).second)
                report(place("chain", chain.id), "another chain of the charter is the same network");
            if (!is_asset_symbol(chain.symbol))
                report(place("chain", chain.id), "symbol " + quoted(chain.symbol) + " is not 1 to 16 letters and digits");
            if (chain.decimals > most_decimals)
                report(place("chain", chain.id), "over 36 decimals");
        }
        std::set<AssetId> assets;
        std::set<std::pair<std::string, Bytes>> contracts;
        for (const auto& token : m_charter.tokens) {
            const auto here = place("token", token.id);
            const auto* chain = m_charter.find_chain(token.chain);
            if (chain == nullptr)
                report(here, "chain " + quoted(token.chain) + " is not in the charter");
            if (!is_asset_symbol(token.id))
                report(here, "the id of a token is 1 to 16 letters and digits");
            if (!assets.insert(token.asset()).second || (chain != nullptr && chain->symbol == token.id))
                report(here, "another asset of chain " + quoted(token.chain) + " has this id");
            if (token.decimals > most_decimals)
                report(here, "over 36 decimals");
            if (token.address.empty() || !contracts.emplace(token.chain, token.address).second)
                report(here, "has no address of its own");
        }
    }

    void check_wallets()
    {
        check_unique(m_charter.wallets, "wallet");
        std::set<std::pair<std::string, Bytes>> accounts;
        for (const auto& wallet : m_charter.wallets) {
            const auto here = place("wallet", wallet.id);
            if (is_tier(wallet.id))
                report(here, "this id is the name of a tier; `internal` could mean either");
            if (!wallet.address.empty() && !accounts.emplace(wallet.chain, wallet.address).second)
                report(here, "another wallet has this address", ErrorCode::policy_sharedkey);
            if (m_charter.find_chain(wallet.chain) == nullptr)
                report(here, "chain " + quoted(wallet.chain) + " is not in the charter");
            if (wallet.keys.empty())
                report(here, "names no key");
            for (const auto& key : wallet.keys)
                check_wallet_key(here, key);
            if (wallet.presence == Presence::none && wallet.tier == Tier::cold)
                report(here, "a cold wallet never signs without a person; presence = \"none\" is for warm and hot ones");
            if (wallet.confirmations == 0)
                report(here, "confirmations begin with 1");
        }
    }

    void check_wallet_key(const std::string& here, const WalletKey& key)
    {
        if (!key.outside.empty()) {
            if (!key.appliance.empty() || !key.key.empty())
                report(here, "a key is in an appliance or outside, not both");
            return;
        }
        const auto* appliance = m_charter.find_appliance(key.appliance);
        if (appliance == nullptr)
            report(here, "appliance " + quoted(key.appliance) + " is not in the charter");
        else if (std::ranges::find(appliance->keys, key.key, &ApplianceKey::id) == appliance->keys.end())
            report(here, "appliance " + quoted(key.appliance) + " has no key " + quoted(key.key));
    }

    struct Use {
        const Wallet* wallet;
        KeyIdentity identity;
    };

    std::vector<Use> uses_of_keys()
    {
        std::vector<Use> uses;
        for (const auto& wallet : m_charter.wallets)
            for (const auto& key : wallet.keys) {
                try {
                    if (auto identity = identity_of(m_charter, key))
                        uses.push_back({&wallet, std::move(*identity)});
                } catch (const Error& error) {
                    report(place("wallet", wallet.id), "path " + quoted(key.path) + ": " + error.message());
                }
            }
        return uses;
    }

    void check_shared_keys()
    {
        // Keys that overlap have one root or one key: only those are compared.
        std::map<Bytes, std::vector<const Use*>> alike;
        const auto uses = uses_of_keys();
        for (const auto& use : uses) {
            auto& of_root = alike[use.identity.root];
            std::set<const Use*> others{of_root.begin(), of_root.end()};
            if (use.identity.key) {
                auto& of_key = alike[*use.identity.key];
                others.insert(of_key.begin(), of_key.end());
                of_key.push_back(&use);
            }
            of_root.push_back(&use);
            const auto clash = std::ranges::find_if(others, [&](const Use* other) {
                return use.identity.overlaps(other->identity) && !may_share(*use.wallet, *other->wallet);
            });
            if (clash != others.end())
                report(place("wallet", use.wallet->id), "one of its keys is also in wallet \"" + escaped((*clash)->wallet->id) +
                                                            "\"; a key belongs to one wallet",
                       ErrorCode::policy_sharedkey);
        }
    }

    /// The same account on two chains of one family is one account (PROTOCOL 5).
    bool may_share(const Wallet& a, const Wallet& b) const
    {
        const auto* chain_a = m_charter.find_chain(a.chain);
        const auto* chain_b = m_charter.find_chain(b.chain);
        return chain_a != nullptr && chain_b != nullptr && chain_a != chain_b && chain_a->family == chain_b->family &&
               a.descriptor.empty() && b.descriptor.empty() && a.mode == b.mode;
    }

    void check_shares()
    {
        const auto& shares = m_charter.shares;
        if (shares.least_threshold == 0 || shares.most_shares < shares.least_threshold)
            report("shares", "least_threshold " + std::to_string(shares.least_threshold) + " of at most " + std::to_string(shares.most_shares) +
                                 " shares cannot be reached");
    }

    void check_destinations()
    {
        check_unique(m_charter.destinations, "destination");
        if (m_charter.cooldown && *m_charter.cooldown > longest_cooldown)
            report("address_book", "cooldown is over 30 days");
        std::map<std::pair<std::string, Bytes>, std::string> seen;
        for (const auto& destination : m_charter.destinations) {
            const auto here = place("destination", destination.id);
            if (m_charter.find_chain(destination.chain) == nullptr)
                report(here, "chain " + quoted(destination.chain) + " is not in the charter");
            if (destination.address.empty())
                report(here, "has no address");
            const auto [known, is_new] = seen.emplace(std::pair{destination.chain, destination.address}, destination.id);
            if (!is_new)
                report(here, "has the address of destination \"" + escaped(known->second) + "\"");
        }
    }

    void check_quorum(const std::string& here, const Quorum& quorum)
    {
        std::vector<Quorum::Voter> everybody;
        for (const auto& officer : m_charter.officers)
            everybody.push_back({officer.id, officer.roles});
        for (const auto& alternative : quorum.alternatives()) {
            for (const auto& needed : alternative)
                if (m_members[needed.role].size() < needed.count)
                    report(here, "needs " + std::to_string(needed.count) + " of " + needed.role + ", but " +
                                     members_in_words(needed.role));
            const auto tally = Quorum::tally(alternative, everybody);
            if (!tally.reached)
                report(here, "all officers together cannot fulfil " + quoted(quorum.text()) + ", since one officer fills one place: " +
                                 join(tally.missing, ", ") + " would be missing");
        }
    }

    std::string members_in_words(const std::string& role) const
    {
        const auto found = m_members.find(role);
        if (found == m_members.end() || found->second.empty())
            return "nobody has that role";
        return "only " + join(found->second, ", ") + (found->second.size() == 1 ? " has" : " have") + " that role";
    }

    template <typename Predicate>
    void check_names(const std::string& here, const Selector<std::string>& selector, std::string_view what, Predicate exists)
    {
        if (!selector)
            return;
        if (selector->empty())
            report(here, std::string{what} + " is an empty list; write \"any\" if any is meant");
        for (const auto& name : *selector)
            if (!exists(name))
                report(here, std::string{what} + " " + quoted(name) + " is not in the charter");
    }

    bool is_symbol(const std::string& symbol) const
    {
        return std::ranges::any_of(m_charter.chains, [&](const Chain& chain) { return chain.symbol == symbol; }) ||
               std::ranges::find(m_charter.tokens, symbol, &Token::id) != m_charter.tokens.end();
    }

    /// Wallets that the rule's wallet and chain selectors admit.
    std::vector<const Wallet*> wallets_of(const Rule& rule) const
    {
        std::vector<const Wallet*> wallets;
        for (const auto& wallet : m_charter.wallets)
            if ((!rule.wallets || std::ranges::find(*rule.wallets, wallet.id) != rule.wallets->end()) &&
                (!rule.chains || std::ranges::find(*rule.chains, wallet.chain) != rule.chains->end()))
                wallets.push_back(&wallet);
        return wallets;
    }

    void check_amount(const std::string& here, const Rule& rule)
    {
        if (!rule.amount)
            return;
        if (rule.amount->most < rule.amount->least)
            report(here, "the amount's lower bound is above its upper bound");
        std::set<AssetId> assets;
        for (const auto* wallet : wallets_of(rule))
            for (const auto& symbol : rule.assets.value_or(std::vector<std::string>{}))
                if (const auto* chain = m_charter.find_chain(wallet->chain);
                    chain != nullptr && (chain->symbol == symbol || m_charter.find_token({chain->id, symbol}) != nullptr))
                    assets.insert({chain->id, symbol});
        if (assets.size() != 1 || rule.assets->size() != 1)
            report(here, "a rule with an amount names exactly one asset on one chain");
    }

    /// A ceiling is a number of base units: it must mean the same on every chain that the rule covers.
    void check_ceilings(const std::string& here, const Rule& rule)
    {
        if (!rule.max_fee && !rule.max_feerate && !rule.max_priority_feerate)
            return;
        std::set<std::pair<std::string, unsigned>> units;
        for (const auto* wallet : wallets_of(rule))
            if (const auto* chain = m_charter.find_chain(wallet->chain))
                units.emplace(chain->family, chain->decimals);
        if (units.size() > 1)
            report(here, "its fee ceilings would mean different amounts on the chains that it covers");
    }

    void check_rule(const Rule& rule)
    {
        const auto here = place("rule", rule.id);
        check_names(here, rule.wallets, "wallets", [&](const auto& id) { return m_charter.find_wallet(id) != nullptr; });
        check_names(here, rule.chains, "chains", [&](const auto& id) { return m_charter.find_chain(id) != nullptr; });
        check_names(here, rule.assets, "assets", [&](const auto& symbol) { return is_symbol(symbol); });
        if (rule.kinds.empty())
            report(here, "kinds is an empty list");
        check_amount(here, rule);
        check_ceilings(here, rule);
        check_destination_class(here, rule.destinations);
        if (rule.approvals.is_none()) {
            if (!rule.wallets || std::ranges::any_of(wallets_of(rule), [](const Wallet* wallet) { return wallet->mode != Mode::personal; }))
                report(here, "approvals = \"none\" is for personal wallets only");
        } else {
            check_quorum(here, rule.approvals);
        }
        if (rule.expires < shortest_expiry || rule.expires > longest_expiry)
            report(here, "expires is not between a minute and 365 days");
        if (rule.delay > longest_expiry)
            report(here, "delay is over 365 days");
        if (rule.delay >= rule.expires)
            report(here, "delay is not shorter than expires, so no request could ever be signed");
    }

    void check_destination_class(const std::string& here, const DestinationClass& destinations)
    {
        using Kind = DestinationClass::Kind;
        if (destinations.kind == Kind::listed && destinations.names.empty())
            report(here, "destinations is an empty list; write \"any\" if any is meant");
        if ((destinations.kind == Kind::any || destinations.kind == Kind::whitelist) && !destinations.names.empty())
            report(here, "destinations names entries beside a class");
        for (const auto& name : destinations.names) {
            const bool is_known = destinations.kind == Kind::internal
                                      ? is_tier(name) || m_charter.find_wallet(name) != nullptr
                                      : std::ranges::find(m_charter.destinations, name, &Destination::id) !=
                                            m_charter.destinations.end();
            if (!is_known)
                report(here, "destination " + quoted(name) + " is not in the charter");
        }
    }

    void check_amendment()
    {
        if (m_charter.amendment.is_none()) {
            report("amendment", "approvals = \"none\" is for personal wallets only");
            return;
        }
        check_quorum("amendment", m_charter.amendment);
        for (const auto& rule : m_charter.rules)
            if (!rule.approvals.is_none() && fewest_officers(m_charter.amendment) < fewest_officers(rule.approvals))
                report("amendment", "its quorum of " + std::to_string(fewest_officers(m_charter.amendment)) +
                                        " is weaker than the " + std::to_string(fewest_officers(rule.approvals)) +
                                        " that rule \"" + escaped(rule.id) + "\" asks for");
    }

    const Charter& m_charter;
    std::vector<Problem> m_problems;
    std::map<KeyId, std::string> m_key_owners;
    std::map<std::string, std::vector<std::string>> m_members;
};

} // namespace

std::vector<Problem> check(const Charter& charter)
{
    return Checker{charter}.run();
}

void require_valid(const Charter& charter)
{
    const auto problems = check(charter);
    if (!problems.empty())
        throw Error{problems.front().code, problems.front().place + ": " + problems.front().message,
                    "`coffer charter check FILE` lists every problem"};
}

} // namespace coffer::charter
