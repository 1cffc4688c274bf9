#pragma once

#include "core/artefacts/artefact.h"
#include "core/base/error.h"
#include "core/charter/appliance.h"
#include "core/charter/limit.h"
#include "core/charter/officer.h"
#include "core/charter/position.h"
#include "core/charter/rule.h"
#include "core/charter/wallet.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::charter {

/// Until a destination that an entry adds to the address book counts.
constexpr Duration default_cooldown = hours(24);
constexpr Duration longest_cooldown = days(30);

struct Chain {
    std::string id;
    std::string family; ///< `evm`, `bitcoin`, …: which PayloadFormat
    std::uint64_t chain_id = 0; ///< EVM
    std::string network;        ///< Bitcoin: mainnet, testnet, …
    std::string symbol;         ///< of the native asset
    unsigned decimals = 0;      ///< of the native asset
    bool operator==(const Chain&) const = default;

    AssetId native() const { return {id, symbol}; }
};

/// What shares of a bound key may be made (SLIP-39), by vote.
struct ShareLimits {
    unsigned least_threshold = 2; ///< shares that restore the key, at least
    unsigned most_shares = 16;    ///< in all
    bool operator==(const ShareLimits&) const = default;
};

struct Token {
    std::string id;
    std::string chain;
    Bytes address;
    unsigned decimals = 0;
    bool operator==(const Token&) const = default;

    AssetId asset() const { return {chain, id}; }
};

/// The signed policy (PROTOCOL 5, 10). Lists keep the order of the file; rules depend on it.
struct Charter {
    artefacts::BodyHeader header;
    std::string name;
    std::uint64_t version = 1;
    std::optional<CharterHash> previous; ///< from version 2 on
    std::optional<UtcTime> adopt_before; ///< from version 2 on
    /// The link that this amendment follows, by name: so it decides between two branches of the chain.
    std::optional<Position> continues{};
    Quorum amendment;
    std::vector<Role> roles;
    std::vector<Officer> officers;
    std::vector<Appliance> appliances;
    artefacts::ApprovalKey audit_key;
    std::vector<Chain> chains;
    std::vector<Token> tokens;
    std::vector<Wallet> wallets;
    std::vector<Destination> destinations;
    std::vector<Rule> rules;
    std::vector<Limit> limits{};
    /// Who may freeze wallets; empty: any officer.
    std::string freeze_role{};
    /// Until a destination that an entry adds counts; none: 24 hours.
    std::optional<Duration> cooldown{};
    ShareLimits shares{};
    /// Suspensions and retirements that end with this amendment, by their entries.
    std::vector<EntryHash> lifts{};
    bool operator==(const Charter&) const = default;

    /// Each is null when there is none of that name.
    const Officer* find_officer(std::string_view id) const;
    const Officer* find_officer_of(const KeyId& key) const;
    const Role* find_role(std::string_view id) const;
    const Appliance* find_appliance(std::string_view id) const;
    const Chain* find_chain(std::string_view id) const;
    const Token* find_token(const AssetId& asset) const;
    const Token* find_token_at(std::string_view chain, ByteView address) const;
    const Wallet* find_wallet(std::string_view id) const;
    /// A wallet of this charter that receives at this address on this chain (account chains).
    const Wallet* find_wallet_at(std::string_view chain, ByteView address) const;
    const Destination* find_destination_at(std::string_view chain, ByteView address) const;
    Duration cooldown_in_force() const { return cooldown.value_or(default_cooldown); }
    /// Error{wallet_unknown}, Error{chain}.
    const Wallet& wallet(std::string_view id) const;
    const Chain& chain(std::string_view id) const;
    /// Of a native asset or a token of this charter. Throws Error{token_unknown}.
    unsigned decimals(const AssetId& asset) const;
};

/// Deterministic CBOR in a `coffer-charter` artefact; signatures are added afterwards.
artefacts::Artefact seal(const Charter& charter);
/// Errors: those of Artefact::decode; `malformed` for a missing or unknown field; `policy_invalid` for an expression.
Charter open(const artefacts::Artefact& artefact);
CharterHash hash_of(const artefacts::Artefact& charter);

/// Something that the charter gets wrong: `place` is `rule "small"`, `wallet "ops"`, `charter`.
struct Problem {
    std::string place;
    ErrorCode code;
    std::string message;
};

/// What can be told without knowing a chain: ids, references, reachable thresholds, shared keys,
/// ambiguous selectors, quorums (PROTOCOL 5). Empty for a charter that may be sealed.
std::vector<Problem> check(const Charter& charter);
/// What may be sealed and yet leaves an opening, which whoever seals it should know of: a rule without a ceiling for its fee
/// (only `max_fee` bounds what a fee takes: a rate leaves open how much is bought of it, and a share counts where fee
/// and payment are one asset), and one that never decides because another before it covers all that it is for.
std::vector<Problem> find_weaknesses(const Charter& charter);
/// Throws the first problem as an Error.
void require_valid(const Charter& charter);

/// The officers whose valid signatures a sealed charter carries, by the keys in `by`.
std::vector<Quorum::Voter> signers(const artefacts::Artefact& artefact, const Charter& by);
/// First charter: all its officers. Throws Error{appr_missing} naming who is missing.
void require_founding_signatures(const artefacts::Artefact& artefact, const Charter& charter);

/// "limit "week": at most 500 ETH in 7 days, per wallet, from any wallet, to any destination, requested by anybody".
std::string limit_in_words(const Charter& charter, const Limit& limit);
/// The ceiling and span alone: "500 ETH and 10 requests in 7 days".
std::string ceiling_in_words(const Charter& charter, const Limit& limit);

/// What an amendment changes, in words, one sentence a line.
std::vector<std::string> describe_changes(const Charter& before, const Charter& after);

} // namespace coffer::charter
