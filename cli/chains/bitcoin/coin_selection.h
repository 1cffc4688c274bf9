#pragma once

#include "cli/chains/bitcoin/weight.h"

#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace coffer::cli {

/// An output that may be spent, as far as choosing goes.
struct Coin {
    bitcoin::Outpoint outpoint;
    std::uint64_t amount = 0; ///< satoshi
};

/// What is to be funded.
struct Funding {
    TransactionShape shape;
    std::uint64_t paid = 0;    ///< satoshi of all payments
    std::uint64_t feerate = 0; ///< satoshi per 1000 virtual bytes
};

struct CoinSelection {
    std::vector<std::size_t> coins;      ///< positions among those given, ascending
    std::uint64_t fee = 0;               ///< all that the payments and the change leave over
    std::optional<std::uint64_t> change; ///< none where it would not be worth its own fees
};

/// There is not enough: `have` in those coins that are worth their fee and fit into one transaction.
struct Shortfall {
    std::uint64_t have = 0;
    std::uint64_t need = 0; ///< with the fee of spending them all
    bool is_too_heavy = false; ///< more coins would be there, in a second transaction
};

using CoinChoice = std::variant<CoinSelection, Shortfall>;

/// Chooses coins. The same coins in any order give the same choice.
///
/// First a search for a match without change (branch and bound, Bitcoin Core's and Erhardt's waste
/// metric, at most 100,000 steps), then the fewest coins that do it: the largest first, and for the last one
/// the smallest that suffices. The one of less waste is taken.
CoinChoice choose_coins(const Funding& funding, std::span<const Coin> coins);

/// Spends exactly these coins.
CoinChoice spend_exactly(const Funding& funding, std::span<const Coin> coins);

/// Spends every coin that is worth its own fee, without change: what is over the fee is the
/// one payment's amount (`paid` is not looked at). Has at least `least` satoshi to pay, or is a Shortfall.
struct CoinSweep {
    CoinSelection selection;
    std::uint64_t paid = 0;
};
std::variant<CoinSweep, Shortfall> sweep_coins(const Funding& funding, std::span<const Coin> coins, std::uint64_t least);
/// The same with every one of these coins.
std::variant<CoinSweep, Shortfall> sweep_exactly(const Funding& funding, std::span<const Coin> coins, std::uint64_t least);

/// The least change that is made: not dust, and worth being spent one day.
std::uint64_t least_change(const WalletWeights& wallet);

} // namespace coffer::cli
