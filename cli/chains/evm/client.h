#pragma once

#include "cli/chains/nodes/offline_client.h"
#include "cli/net/json_rpc.h"
#include "core/chains/chain_client.h"

#include <string>
#include <string_view>
#include <vector>

namespace coffer::cli {

/// Ethereum and the networks that run its virtual machine, over JSON-RPC. Nodes are asked in order;
/// each answers for its chain id before anything else is believed or sent.
class EvmClient final : public chains::ChainClient {
public:
    EvmClient(charter::Chain chain, const std::vector<HttpEndpoint>& endpoints, HttpLimits limits = {});

    /// Errors: those of ask_for_facts() and build_transfer().
    chains::BuiltTransfer build(const chains::TransferOrder& order) override;
    chains::BuiltTransfer replace(const chains::ReplacementOrder& order) override;
    /// The native asset, then the charter's tokens on the wallet's chain in their order.
    std::vector<Amount> balances(const charter::Charter& charter, const charter::Wallet& wallet) override;
    std::uint64_t height() override;

    /// A refusal counts as success only when the transaction is found by its own hash (ATTACKS J05).
    /// Where an answer stays out, the same bytes go to the next node; `unknown` when none confirms.
    chains::SendOutcome send(const payments::SignedTransaction& transaction) override;
    /// In a block only while the chain has that very block at its height.
    chains::Sighting look_up(const payments::SignedTransaction& transaction, std::uint64_t since) override;
    bool is_spent(const payments::SpendSlot& slot, std::uint64_t depth) override;

private:
    bool is_known(const payments::SignedTransaction& transaction);

    charter::Chain m_chain;
    RpcNodes m_nodes;
};

/// Builds from the JSON of `--offline-inputs`.
class OfflineEvmClient final : public OfflineClient {
public:
    using OfflineClient::OfflineClient;

    chains::BuiltTransfer build(const chains::TransferOrder& order) override;
};

} // namespace coffer::cli
