#include "cli/chains/bitcoin/client.h"

#include "cli/chains/bitcoin/core_value.h"
#include "cli/chains/bitcoin/facts.h"
#include "cli/chains/bitcoin/ladder.h"
#include "cli/chains/bitcoin/offline_inputs.h"
#include "cli/chains/bitcoin/replacement_builder.h"
#include "cli/chains/bitcoin/sighting.h"
#include "cli/chains/nodes/sending.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/payload.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using chains::SendOutcome;
using chains::Sighting;

/// The steps of a ladder spend the same.
chains::BuiltTransfer as_built(const std::vector<TransferPlan>& steps, const bitcoin::DescriptorWallet& wallet, const PreviousTransactions& previous)
{
    chains::BuiltTransfer built{{}, steps.front().transaction.lock_time};
    for (const auto& step : steps)
        built.payloads.push_back(encode_plan(step, wallet, previous));
    return built;
}

/// True when the node answers with the id of exactly this transaction.
bool is_taken(const RpcAnswer& answer, const std::string& txid)
{
    return answer.error() == nullptr && answer.result().text() != nullptr && to_lower_ascii(*answer.result().text()) == txid;
}

} // namespace

BitcoinClient::BitcoinClient(charter::Chain chain, const std::vector<HttpEndpoint>& endpoints, HttpLimits limits, ScanPatience patience)
    : m_chain{std::move(chain)}, m_network{bitcoin::network_of(m_chain)}, m_nodes{m_chain.id, endpoints, limits, core_rules()}, m_patience{patience}
{
}

chains::BuiltTransfer BitcoinClient::build(const chains::TransferOrder& order)
{
    const auto wallet = m_wallets.wallet_of(order.charter, order.wallet);
    const auto steps = plan_ladder(order, *wallet, ask_for_bitcoin_facts(m_nodes, *wallet, order.next_change, m_patience));
    return as_built(steps, *wallet, m_nodes.ask([&](RpcNode& node) { return ask_for_previous(node, steps.front().inputs); }));
}

chains::BuiltTransfer BitcoinClient::replace(const chains::ReplacementOrder& order)
{
    const auto wallet = m_wallets.wallet_of(order.charter, order.wallet);
    const auto facts = ask_for_bitcoin_facts(m_nodes, *wallet, order.next_change, m_patience);
    chains::BuiltTransfer built{{}, facts.height};
    for (const auto& plan : plan_replacements(order, *wallet, facts))
        built.payloads.push_back(encode_plan(plan, *wallet, m_nodes.ask([&](RpcNode& node) { return ask_for_previous(node, plan.inputs); })));
    return built;
}

std::vector<Amount> BitcoinClient::balances(const charter::Charter& charter, const charter::Wallet& wallet)
{
    const auto derived = m_wallets.wallet_of(charter, wallet);
    return m_nodes.ask([&](RpcNode& node) {
        tip_of(node, m_network);
        std::uint64_t total = 0;
        for (const auto& output : scan_wallet(node, *derived, 0, m_patience).outputs)
            total += output.amount;
        return std::vector<Amount>{{m_chain.native(), total}};
    });
}

std::uint64_t BitcoinClient::height()
{
    return m_nodes.ask([&](RpcNode& node) { return tip_of(node, m_network).height; });
}

SendOutcome BitcoinClient::send(const payments::SignedTransaction& transaction)
{
    const auto decoded = bitcoin::decode_transaction(transaction.bytes);
    return send_to_nodes(
        m_nodes, m_chain.id,
        {.require_chain = [&](RpcNode& node) { tip_of(node, m_network); },
         .send = [&](RpcNode& node) { return node.call("sendrawtransaction", Document::list().add(encoding::encode_hex(transaction.bytes))); },
         .is_taken = [&](const RpcAnswer& answer) { return is_taken(answer, transaction.txid); },
         .is_known = [&] { return is_known(decoded); }});
}

bool BitcoinClient::is_known(const bitcoin::Transaction& transaction)
{
    constexpr std::uint64_t searched_blocks = 1000;
    for (auto& node : m_nodes.all()) {
        try {
            const auto tip = tip_of(node, m_network).height;
            const auto since = tip - std::min(tip, searched_blocks);
            if (find_transaction(node, m_network, transaction, since).place != Sighting::Place::nowhere)
                return true;
        } catch (const Error&) {
            // No answer is no proof; the next node may have one.
        }
    }
    return false;
}

Sighting BitcoinClient::look_up(const payments::SignedTransaction& transaction, std::uint64_t since)
{
    const auto decoded = bitcoin::decode_transaction(transaction.bytes);
    return m_nodes.ask([&](RpcNode& node) { return find_transaction(node, m_network, decoded, since); });
}

bool BitcoinClient::is_spent(const payments::SpendSlot& slot, std::uint64_t depth)
{
    const auto outpoint = bitcoin::find_outpoint(slot, m_network);
    if (!outpoint)
        throw Error{ErrorCode::chain, "the slot is no output on chain " + m_chain.id};
    return m_nodes.ask([&](RpcNode& node) { return is_spent_below(node, m_network, *outpoint, depth); });
}

chains::BuiltTransfer OfflineBitcoinClient::build(const chains::TransferOrder& order)
{
    const bitcoin::DescriptorWallet wallet{order.charter, order.wallet};
    const auto given = parse_offline_inputs(inputs(), wallet);
    return as_built(plan_ladder(order, wallet, given.facts), wallet, given.previous);
}

} // namespace coffer::cli
