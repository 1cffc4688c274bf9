#include "cli/chains/evm/client.h"

#include "cli/chains/evm/facts.h"
#include "cli/chains/evm/quantity.h"
#include "cli/chains/evm/replacement_builder.h"
#include "cli/chains/evm/transfer_builder.h"
#include "cli/chains/nodes/sending.h"
#include "core/base/text.h"
#include "formats/evm/payload.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using chains::SendOutcome;
using chains::Sighting;

bool is_hash(const Json* value, const std::string& txid)
{
    return value != nullptr && value->text() != nullptr && to_lower_ascii(*value->text()) == to_lower_ascii(txid);
}

/// The node must answer for the transaction that was asked for, or with null.
bool is_about(const RpcAnswer& answer, std::string_view member, const std::string& txid)
{
    if (answer.result().is_null())
        return false;
    if (!is_hash(answer.result().find(member), txid))
        throw Error{ErrorCode::rpc, answer.place() + ": the node answers about another transaction than " + quoted(txid)};
    return true;
}

/// True when the block of this hash is the one that the node has at its height now.
bool is_in_chain(RpcNode& node, std::uint64_t number, const Bytes& hash)
{
    const auto block = node.call("eth_getBlockByNumber", Document::list().add(format_quantity(Uint256{number})).add(false));
    if (block.result().is_null())
        return false;
    return read_hash(read_member(block.result(), "hash", block.place()), block.place()) == hash;
}

Sighting sighting_on(RpcNode& node, const charter::Chain& chain, const std::string& txid)
{
    const auto answers = node.batch({{"eth_chainId"},
                                     {"eth_blockNumber"},
                                     {"eth_getTransactionByHash", Document::list().add(txid)},
                                     {"eth_getTransactionReceipt", Document::list().add(txid)}});
    require_chain(answers[0], chain);
    const auto head = read_u64(answers[1].result(), answers[1].place());
    Sighting sighting;
    if (is_about(answers[2], "hash", txid))
        sighting.place = Sighting::Place::mempool;
    if (!is_about(answers[3], "transactionHash", txid))
        return sighting;

    const auto& place = answers[3].place();
    const auto& receipt = answers[3].result();
    const auto number = read_u64(read_member(receipt, "blockNumber", place), place);
    auto hash = read_hash(read_member(receipt, "blockHash", place), place);
    const auto status = read_u64(read_member(receipt, "status", place), place);
    if (status > 1)
        throw Error{ErrorCode::rpc, place + ": the node answers status " + std::to_string(status) + ", not 0 or 1"};
    // A receipt can outlive its block: after a re-org another block stands at that height.
    if (!is_in_chain(node, number, hash))
        return sighting;
    sighting.place = Sighting::Place::block;
    sighting.block_number = number;
    sighting.block_hash = std::move(hash);
    sighting.confirmations = head >= number ? head - number + 1 : 1;
    sighting.succeeded = status == 1;
    return sighting;
}

} // namespace

EvmClient::EvmClient(charter::Chain chain, const std::vector<HttpEndpoint>& endpoints, HttpLimits limits)
    : m_chain{std::move(chain)}, m_nodes{m_chain.id, endpoints, limits}
{
}

chains::BuiltTransfer EvmClient::build(const chains::TransferOrder& order)
{
    return build_transfer(order, ask_for_facts(m_nodes, m_chain, order));
}

chains::BuiltTransfer EvmClient::replace(const chains::ReplacementOrder& order)
{
    return build_replacement(order, ask_for_fees(m_nodes, m_chain));
}

std::vector<Amount> EvmClient::balances(const charter::Charter& charter, const charter::Wallet& wallet)
{
    std::vector<const charter::Token*> tokens;
    for (const auto& token : charter.tokens)
        if (token.chain == wallet.chain)
            tokens.push_back(&token);
    std::vector<RpcCall> calls{{"eth_chainId"},
                               {"eth_getBalance", Document::list().add(format_data(wallet.address)).add("latest")}};
    for (const auto* token : tokens)
        calls.push_back(token_balance_call(*token, wallet.address, "latest"));

    return m_nodes.ask([&](RpcNode& node) {
        const auto answers = node.batch(calls);
        require_chain(answers[0], m_chain);
        std::vector<Amount> balances{{m_chain.native(), read_quantity(answers[1].result(), answers[1].place())}};
        for (std::size_t i = 0; i < tokens.size(); ++i)
            balances.emplace_back(tokens[i]->asset(), read_token_balance(answers[2 + i], *tokens[i]));
        return balances;
    });
}

std::uint64_t EvmClient::height()
{
    return m_nodes.ask([&](RpcNode& node) {
        const auto answers = node.batch({{"eth_chainId"}, {"eth_blockNumber"}});
        require_chain(answers[0], m_chain);
        return read_u64(answers[1].result(), answers[1].place());
    });
}

SendOutcome EvmClient::send(const payments::SignedTransaction& transaction)
{
    return send_to_nodes(m_nodes, m_chain.id,
                         {.require_chain = [&](RpcNode& node) { require_chain(node, m_chain); },
                          .send = [&](RpcNode& node) { return node.call("eth_sendRawTransaction", Document::list().add(format_data(transaction.bytes))); },
                          .is_taken = [&](const RpcAnswer& answer) { return answer.error() == nullptr && is_hash(&answer.result(), transaction.txid); },
                          .is_known = [&] { return is_known(transaction); }});
}

bool EvmClient::is_known(const payments::SignedTransaction& transaction)
{
    for (auto& node : m_nodes.all()) {
        try {
            if (sighting_on(node, m_chain, transaction.txid).place != Sighting::Place::nowhere)
                return true;
        } catch (const Error&) {
            // No answer is no proof; the next node may have one.
        }
    }
    return false;
}

Sighting EvmClient::look_up(const payments::SignedTransaction& transaction, std::uint64_t)
{
    return m_nodes.ask([&](RpcNode& node) { return sighting_on(node, m_chain, transaction.txid); });
}

bool EvmClient::is_spent(const payments::SpendSlot& slot, std::uint64_t depth)
{
    const auto prefix = evm::slot_owner(m_chain.chain_id, {});
    if (!slot.sequence || slot.owner.size() != prefix.size() + 20 ||
        !std::equal(prefix.begin(), prefix.end(), slot.owner.begin()))
        throw Error{ErrorCode::chain, "the slot is no account nonce on chain " + m_chain.id};
    const auto account = format_data(ByteView{slot.owner}.subspan(prefix.size()));
    return m_nodes.ask([&](RpcNode& node) {
        const auto answers = node.batch({{"eth_chainId"}, {"eth_blockNumber"}});
        require_chain(answers[0], m_chain);
        const auto head = read_u64(answers[1].result(), answers[1].place());
        const auto above = std::max<std::uint64_t>(depth, 1) - 1;
        if (head < above)
            return false;
        const auto tag = format_quantity(Uint256{head - above});
        const auto count = node.call("eth_getTransactionCount", Document::list().add(account).add(tag));
        return read_u64(count.result(), count.place()) > *slot.sequence;
    });
}

chains::BuiltTransfer OfflineEvmClient::build(const chains::TransferOrder& order)
{
    return build_transfer(order, parse_offline_inputs(inputs(), order.payments.size()));
}

} // namespace coffer::cli
