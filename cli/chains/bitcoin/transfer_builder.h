#pragma once

#include "cli/chains/bitcoin/wallet_output.h"
#include "core/chains/chain_client.h"

#include <map>
#include <optional>
#include <vector>

namespace coffer::cli {

/// What building a transfer needs to know about the chain.
struct BitcoinFacts {
    std::uint64_t height = 0; ///< of the tip, at which the rest was true
    /// Satoshi per 1000 virtual bytes that the node advises; none where the order brings its own.
    std::optional<std::uint64_t> feerate;
    std::uint64_t least_feerate = 0; ///< below it nodes relay nothing
    std::uint64_t increment = 0;     ///< what a replacement pays more at least, satoshi per 1000 virtual bytes
    std::vector<WalletOutput> outputs; ///< unspent ones of the wallet, confirmed
};

/// A transaction and where its parts are in the wallet.
struct TransferPlan {
    bitcoin::Transaction transaction;
    std::vector<WalletOutput> inputs; ///< one an input, in their order
    struct OwnOutput {
        std::size_t position = 0;
        bitcoin::Place place;
    };
    std::optional<OwnOutput> change;
    std::uint64_t fee = 0;
};

using PreviousTransactions = std::map<bitcoin::Txid, bitcoin::Transaction>;

/// One transaction that pays everything. Pure: the same order and facts give the same plan.
///
/// - Spends what no open request holds, no coinbase output below 100 confirmations; with coin control
///   exactly what is named.
/// - Inputs and outputs stand in the order of BIP-69, so that change has no place of its own.
/// - Replaceable (BIP-125), not valid before the next block (lock time at the tip).
/// - Change goes to the lowest change address above all that hold coins or that requests have named.
///
/// Errors: `insufficient_funds`; `fee_cap` over the order's ceiling or for a feerate over 10,000 sat/vB (2,000 when a
/// node advises it); `usage` for an order that cannot be meant: no payment, an amount of 0 or below the
/// dust limit, a feerate below what is relayed, bad or repeated coins; `not_found` for a coin that is not there,
/// `state` for one that is held or immature; `chain`, `token_unknown` for another asset.
TransferPlan plan_transfer(const chains::TransferOrder& order, const bitcoin::DescriptorWallet& wallet, const BitcoinFacts& facts);

/// The plan as a PSBT of version 0 with all evidence: previous transactions, scripts, key origins.
/// Throws Error{rpc} when a previous transaction is not the one that was spent from, or says something else
/// about amount, script or maturity than the plan was made from; Error{limit} for a PSBT above its limit.
Bytes encode_plan(const TransferPlan& plan, const bitcoin::DescriptorWallet& wallet, const PreviousTransactions& previous);

/// `98.765 sat/vB`.
std::string format_sat_per_vbyte(std::uint64_t feerate);

} // namespace coffer::cli
