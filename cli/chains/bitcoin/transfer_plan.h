#pragma once

#include "cli/chains/bitcoin/wallet_output.h"
#include "core/base/amount.h"
#include "core/payments/payload.h"

#include <map>
#include <optional>
#include <set>
#include <string>
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

/// In the order of BIP-69, so that change has no place of its own; replaceable (BIP-125); not valid before the next block. `change` is
/// where it stands among the outputs as they come.
TransferPlan arrange_transfer(std::vector<WalletOutput> inputs, std::vector<bitcoin::TxOutput> outputs,
                              const std::optional<TransferPlan::OwnOutput>& change, std::uint64_t tip);

/// The plan as a PSBT of version 0 with all evidence: previous transactions, scripts, key origins.
/// Throws Error{rpc} when a previous transaction is not the one that was spent from, or says something else
/// about amount, script or maturity than the plan was made from; Error{limit} for a PSBT above its limit.
Bytes encode_plan(const TransferPlan& plan, const bitcoin::DescriptorWallet& wallet, const PreviousTransactions& previous);

/// Satoshi per 1000 virtual bytes: the one that is given, else what the node advises, at least what it relays. Throws Error{fee_cap}
/// above 10,000 sat/vB (2,000 where a node advises it), Error{usage} below what is relayed, Error{rpc} when nobody names one.
std::uint64_t choose_feerate(const std::optional<Uint256>& given, const BitcoinFacts& facts);

/// Throws Error{fee_cap} for a feerate of a node's above 2,000 sat/vB: nothing ever needed it.
void require_sane_feerate(std::uint64_t said);

/// The outpoints among the slots that are of this network.
std::set<bitcoin::Outpoint> outpoints_of(const std::vector<payments::SpendSlot>& slots, const bitcoin::Network& network);

/// The lowest change address above all that hold coins or that requests have named. Throws Error{state} when there is none.
bitcoin::Place next_change_place(const bitcoin::DescriptorWallet& wallet, const BitcoinFacts& facts, std::uint32_t next_change);

/// Throws Error{fee_cap} for a fee over the ceiling.
void require_ceiling(const std::optional<Uint256>& ceiling, std::uint64_t fee, const charter::Chain& chain);

/// `98.765 sat/vB`.
std::string format_sat_per_vbyte(std::uint64_t feerate);

} // namespace coffer::cli
