#pragma once

#include "cli/chains/bitcoin/core_node.h"
#include "cli/chains/bitcoin/wallet_scan.h"
#include "cli/chains/nodes/offline_client.h"
#include "core/chains/chain_client.h"

#include <string>
#include <vector>

namespace coffer::cli {

/// Bitcoin by Bitcoin Core's JSON-RPC, which needs neither a wallet nor an index in the node. Nodes are asked in order; each
/// shows the genesis block of its chain before anything else is believed or sent.
class BitcoinClient final : public chains::ChainClient {
public:
    BitcoinClient(charter::Chain chain, const std::vector<HttpEndpoint>& endpoints, HttpLimits limits = core_limits(), ScanPatience patience = {});

    /// Errors: those of ask_for_bitcoin_facts(), plan_transfer() and encode_plan().
    chains::BuiltTransfer build(const chains::TransferOrder& order) override;
    /// Errors: those of ask_for_bitcoin_facts(), plan_replacements() and encode_plan().
    chains::BuiltTransfer replace(const chains::ReplacementOrder& order) override;
    /// Everything that is confirmed, newly mined and held outputs too.
    std::vector<Amount> balances(const charter::Charter& charter, const charter::Wallet& wallet) override;
    std::uint64_t height() override;

    /// A refusal counts as success only when the transaction is found (ATTACKS J05). Where an answer stays out, the same
    /// bytes go to the next node; `unknown` when none confirms.
    chains::SendOutcome send(const payments::SignedTransaction& transaction) override;
    /// `mempool` and `block` as the node has it now; a block's hash is in the order in which it is shown.
    chains::Sighting look_up(const payments::SignedTransaction& transaction, std::uint64_t since) override;
    /// Throws Error{chain} for a slot that is no outpoint on this network.
    bool is_spent(const payments::SpendSlot& slot, std::uint64_t depth) override;

private:
    bool is_known(const bitcoin::Transaction& transaction);

    charter::Chain m_chain;
    const bitcoin::Network& m_network;
    RpcNodes m_nodes;
    bitcoin::WalletCache m_wallets;
    ScanPatience m_patience;
};

/// Builds from the JSON of `--offline-inputs`.
class OfflineBitcoinClient final : public OfflineClient {
public:
    using OfflineClient::OfflineClient;

    chains::BuiltTransfer build(const chains::TransferOrder& order) override;
};

} // namespace coffer::cli
