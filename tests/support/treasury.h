#pragma once

#include "core/charter/policy_chain.h"
#include "core/crypto/hash.h"
#include "core/crypto/keccak.h"
#include "core/crypto/secp256k1.h"
#include "core/keys/derivation.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

/// A small treasury with published keys: whoever knows a name can sign for it.
namespace coffer::test {

/// Every random choice of a property test comes from here: the same in every run (splitmix64).
class Dice {
public:
    explicit Dice(std::uint64_t seed) : m_state{seed} {}

    std::uint64_t next()
    {
        m_state += 0x9e3779b97f4a7c15U;
        auto mixed = (m_state ^ (m_state >> 30)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31);
    }
    /// Of 0 to sides-1.
    std::size_t roll(std::size_t sides) { return static_cast<std::size_t>(next() % sides); }
    bool one_in(std::size_t sides) { return roll(sides) == 0; }
    template <typename Item>
    const Item& pick(const std::vector<Item>& items)
    {
        return items[roll(items.size())];
    }
    template <typename Item>
    void shuffle(std::vector<Item>& items)
    {
        for (std::size_t i = items.size(); i > 1; --i)
            std::swap(items[i - 1], items[roll(i)]);
    }

private:
    std::uint64_t m_state;
};

/// The seed is SHA-256 of the name.
inline crypto::Ed25519PrivateKey key_named(std::string_view name)
{
    return crypto::Ed25519PrivateKey{SecretBytes::copy_of(crypto::sha256(bytes_of(name)))};
}

inline artefacts::ApprovalKey approval_key_named(std::string_view name)
{
    return artefacts::ApprovalKey{key_named(name).public_key()};
}

/// m/44h/60h/0h of the master key whose seed is SHA-256 of the name.
inline keys::ExtendedPrivateKey wallet_key_named(std::string_view name)
{
    return keys::ExtendedPrivateKey::from_seed(SecretBytes::copy_of(crypto::sha256(bytes_of(name))))
        .derive(keys::DerivationPath::parse("m/44h/60h/0h"));
}

/// The account of an extended key at a relative path, as EVM chains name it.
inline Bytes address_of(std::string_view extended_public, std::string_view path)
{
    const auto key = keys::ExtendedPublicKey::parse(extended_public).derive(keys::DerivationPath::parse(path)).key();
    const auto point = key.uncompressed();
    const auto hash = crypto::keccak256(ByteView{point}.subspan(1));
    return to_bytes(ByteView{hash}.last(20));
}

/// 20 bytes that nobody has the key of.
inline Bytes address_named(std::string_view name)
{
    const auto hash = crypto::sha256(bytes_of(name));
    return to_bytes(ByteView{hash}.first(20));
}

constexpr UtcTime founding_day{1'795'000'000}; // 2026-11-18T10:26:40Z
const artefacts::BodyHeader example_header{artefacts::Environment::test,
                                           TreasuryId{crypto::sha256(bytes_of("example treasury"))}};

inline Uint256 ether(std::uint64_t count)
{
    return Uint256{count} * Uint256{1'000'000'000'000'000'000U};
}

inline charter::Officer officer(std::string id, std::vector<std::string> roles)
{
    auto key = approval_key_named(id);
    return {std::move(id), std::move(roles), {std::move(key)}};
}

inline charter::Wallet account(std::string id, std::string chain, charter::Tier tier, std::string path)
{
    static const auto vault_key = wallet_key_named("vault-a").extended_public_key().format();
    return {.id = std::move(id),
            .chain = std::move(chain),
            .tier = tier,
            .mode = charter::Mode::governed,
            .address = address_of(vault_key, path),
            .descriptor = {},
            .keys = {{"vault-a", "k1", path, {}}},
            .presence = tier == charter::Tier::hot ? charter::Presence::none : charter::Presence::person,
            .confirmations = 3,
            .first_nonce = 0};
}

inline charter::Rule rule(std::string id, std::vector<std::string> wallets, std::string_view approvals)
{
    charter::Rule rule;
    rule.id = std::move(id);
    rule.wallets = std::move(wallets);
    rule.kinds = {charter::RequestKind::transfer};
    rule.approvals = charter::Quorum::parse(approvals);
    rule.max_fee = ether(1);
    return rule;
}

/// Six officers, two appliances, two chains, five wallets, six rules. `carol` has finance alone,
/// `erin` finance and compliance, `olga` neither.
inline charter::Charter example_charter()
{
    using charter::DestinationClass;
    const auto vault_a = wallet_key_named("vault-a").extended_public_key().format();
    const auto vault_b = wallet_key_named("vault-b").extended_public_key().format();
    charter::Charter charter{.header = example_header,
                             .name = "Example Treasury",
                             .version = 1,
                             .previous = std::nullopt,
                             .adopt_before = std::nullopt,
                             .amendment = charter::Quorum::parse("3 of admin"),
                             .roles = {{"compliance", true}, {"finance", false}},
                             .officers = {officer("alice", {"finance", "admin"}), officer("bob", {"finance", "admin"}),
                                          officer("carol", {"finance"}), officer("dave", {"compliance", "admin"}),
                                          officer("erin", {"finance", "compliance"}), officer("olga", {"operations"})},
                             .appliances = {{.id = "vault-a",
                                             .key = approval_key_named("vault-a"),
                                             .state = charter::Appliance::State::active,
                                             .keys = {{"k1", "[d34db33f/44h/60h/0h]", vault_a}}},
                                            {.id = "vault-b",
                                             .key = approval_key_named("vault-b"),
                                             .state = charter::Appliance::State::standby,
                                             .keys = {{"k1", "[0badcafe/44h/60h/0h]", vault_b}}}},
                             .audit_key = approval_key_named("audit"),
                             .chains = {{"ethereum", "evm", 1, "", "ETH", 18}, {"polygon", "evm", 137, "", "POL", 18}},
                             .tokens = {{"USDC", "ethereum", address_named("USDC"), 6},
                                        {"USDT", "ethereum", address_named("USDT"), 6}},
                             .wallets = {account("eth-cold", "ethereum", charter::Tier::cold, "0/0"),
                                         account("eth-warm", "ethereum", charter::Tier::warm, "0/1"),
                                         account("eth-hot", "ethereum", charter::Tier::hot, "0/2"),
                                         account("pol-cold", "polygon", charter::Tier::cold, "0/0"),
                                         account("purse", "ethereum", charter::Tier::hot, "0/3")},
                             .destinations = {{"exchange", "ethereum", address_named("exchange")},
                                              {"supplier", "ethereum", address_named("supplier")},
                                              {"pol-exchange", "polygon", address_named("pol-exchange")}},
                             .rules = {}};
    charter.wallets.back().mode = charter::Mode::personal;

    auto small = rule("small", {"eth-cold", "eth-warm"}, "2 of finance");
    small.assets = {{"ETH"}};
    small.amount = charter::AmountRange{0, ether(10)};
    small.destinations.kind = DestinationClass::Kind::whitelist;
    small.max_fee = ether(1) / Uint256{100};
    small.max_feerate = Uint256{100'000'000'000};
    auto large = rule("large", {"eth-cold", "pol-cold"}, "2 of finance and 1 of compliance");
    large.destinations.kind = DestinationClass::Kind::whitelist;
    large.expires = hours(48);
    auto sweep = rule("sweep", {"eth-warm", "eth-hot"}, "1 of finance");
    sweep.destinations.kind = DestinationClass::Kind::internal;
    auto pocket = rule("pocket", {"eth-hot"}, "1 of finance");
    pocket.assets = {{"ETH"}};
    pocket.amount = charter::AmountRange{0, ether(1)};
    pocket.requester_may_approve = true;
    auto patient = rule("patient", {"eth-hot"}, "1 of finance");
    patient.assets = {{"USDT"}};
    patient.destinations = {DestinationClass::Kind::listed, {"supplier"}};
    patient.delay = hours(6);
    auto bare = rule("purse", {"purse"}, "none");
    charter.rules = {small, large, sweep, pocket, patient, bare};
    return charter;
}

inline std::vector<std::string> officer_ids(const charter::Charter& charter)
{
    std::vector<std::string> ids;
    for (const auto& officer : charter.officers)
        ids.push_back(officer.id);
    return ids;
}

inline artefacts::Artefact signed_by(artefacts::Artefact artefact, const std::vector<std::string>& names)
{
    for (const auto& name : names)
        artefact.sign(key_named(name));
    return artefact;
}

/// Link 0: the charter with the signatures of all its officers.
inline charter::PolicyChain founded(const charter::Charter& charter)
{
    return charter::PolicyChain::found(signed_by(seal(charter), officer_ids(charter)).encode());
}

/// The charter in force as version + 1; `change` edits it before it is sealed.
template <typename Change>
charter::Charter amended(const charter::PolicyChain& chain, Change change)
{
    auto next = chain.sealed_charter();
    next.version += 1;
    next.previous = chain.charter_hash();
    next.adopt_before = founding_day + days(7);
    next.continues.reset();
    change(next);
    return next;
}

/// Appends an artefact that these people signed.
inline void append(charter::PolicyChain& chain, artefacts::Artefact artefact, const std::vector<std::string>& names)
{
    chain.apply(chain.next(signed_by(std::move(artefact), names).encode()), founding_day);
}

} // namespace coffer::test
