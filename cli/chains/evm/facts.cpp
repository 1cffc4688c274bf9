#include "cli/chains/evm/facts.h"

#include "cli/chains/evm/quantity.h"
#include "cli/chains/evm/transfer_builder.h"
#include "core/base/text.h"
#include "formats/evm/calldata.h"

#include <algorithm>
#include <array>
#include <optional>

namespace coffer::cli {

namespace {

constexpr std::uint64_t plain_transfer_gas = 21'000;
/// How far apart the heads of two healthy nodes may be; also how far back every node keeps states.
constexpr std::uint64_t most_blocks_apart = 100;
constexpr std::uint64_t default_priority_fee = 1'000'000'000;

std::string block_tag(std::uint64_t number)
{
    return format_quantity(Uint256{number});
}

/// What is no number is no fee that anybody should pay, and not only an answer out of order.
Uint256 read_fee(const Json& value, const std::string& place)
{
    try {
        return read_quantity(value, place);
    } catch (const Error& error) {
        throw Error{ErrorCode::fee_cap, error.message()};
    }
}

struct Head {
    RpcNode* node;
    std::uint64_t number;
};

Head head_of(RpcNode& node, const charter::Chain& chain)
{
    const auto answers = node.batch({{"eth_chainId"}, {"eth_blockNumber"}});
    require_chain(answers[0], chain);
    return {&node, read_u64(answers[1].result(), answers[1].place())};
}

/// What one node says about the account at one block.
struct View {
    std::string node;
    Bytes block_hash;
    Uint256 base_fee;
    std::uint64_t nonce = 0;
    Uint256 balance;
    std::map<std::string, Uint256> token_balances;
};

View view_of(RpcNode& node, const chains::TransferOrder& order, std::uint64_t block)
{
    const auto tag = block_tag(block);
    const auto account = format_data(order.wallet.address);
    const auto tokens = tokens_of(order);
    std::vector<RpcCall> calls{{"eth_getBlockByNumber", Document::list().add(tag).add(false)},
                               {"eth_getTransactionCount", Document::list().add(account).add(tag)},
                               {"eth_getBalance", Document::list().add(account).add(tag)}};
    for (const auto* token : tokens)
        calls.push_back(token_balance_call(*token, order.wallet.address, tag));
    const auto answers = node.batch(calls);

    View view;
    view.node = node.name();
    const auto& header = answers[0].result();
    const auto& place = answers[0].place();
    if (read_u64(read_member(header, "number", place), place) != block)
        throw Error{ErrorCode::rpc, place + ": the node answers another block than " + std::to_string(block)};
    view.block_hash = read_hash(read_member(header, "hash", place), place);
    view.base_fee = read_fee(read_member(header, "baseFeePerGas", place), place + ": base fee");
    view.nonce = read_u64(answers[1].result(), answers[1].place());
    view.balance = read_quantity(answers[2].result(), answers[2].place());
    for (std::size_t i = 0; i < tokens.size(); ++i)
        view.token_balances[tokens[i]->id] = read_token_balance(answers[3 + i], *tokens[i]);
    return view;
}

void require_agreement(const View& a, const View& b)
{
    const auto require_same = [&](std::string_view what, const std::string& x, const std::string& y) {
        if (x != y)
            throw Error{ErrorCode::rpc_disagree, "two nodes disagree on the " + std::string{what} + ": " + a.node +
                                                     " says " + x + ", " + b.node + " says " + y};
    };
    require_same("block", format_data(a.block_hash), format_data(b.block_hash));
    require_same("base fee", a.base_fee.decimal(), b.base_fee.decimal());
    require_same("account's nonce", std::to_string(a.nonce), std::to_string(b.nonce));
    require_same("balance", a.balance.decimal(), b.balance.decimal());
    for (const auto& [token, balance] : a.token_balances)
        require_same("balance of " + token, balance.decimal(), b.token_balances.at(token).decimal());
}

/// What the transaction calls: the token's contract with its data, or the recipient.
Document estimate_params(const chains::TransferOrder& order, const payments::Payment& payment, const Uint256& balance)
{
    auto call = Document::object();
    call.set("from", format_data(order.wallet.address));
    const auto* token = order.charter.find_token(payment.amount.asset());
    if (token != nullptr) {
        const auto amount = order.spend_all ? balance : payment.amount.base_units();
        const auto data = evm::encode_transfer({evm::Address::from(payment.destination), amount});
        call.set("to", format_data(token->address)).set("data", format_data(data));
    } else {
        // Of everything a part must stay for the fee, which is not known yet; gas does not depend on it.
        const auto value = order.spend_all ? Uint256{1} : payment.amount.base_units();
        call.set("to", format_data(payment.destination)).set("value", format_quantity(value));
    }
    return Document::list().add(std::move(call));
}

std::uint64_t with_margin(std::uint64_t gas)
{
    constexpr auto highest = std::uint64_t{1} << 60; // refused later by the builder's bound
    return std::min(gas, highest) / 5 * 6 + std::min(gas, highest) % 5 * 6 / 5;
}

std::vector<std::uint64_t> ask_for_gas(RpcNode& node, const chains::TransferOrder& order, const View& view)
{
    std::vector<RpcCall> code_calls;
    std::vector<std::size_t> native;
    for (std::size_t i = 0; i < order.payments.size(); ++i)
        if (order.charter.find_token(order.payments[i].amount.asset()) == nullptr) {
            native.push_back(i);
            code_calls.push_back(
                {"eth_getCode", Document::list().add(format_data(order.payments[i].destination)).add("latest")});
        }
    std::vector<std::uint64_t> gas(order.payments.size(), 0);
    const auto code = node.batch(code_calls);
    for (std::size_t i = 0; i < native.size(); ++i)
        if (read_data(code[i].result(), code[i].place()).empty())
            gas[native[i]] = plain_transfer_gas;

    std::vector<RpcCall> calls;
    std::vector<std::size_t> estimated;
    for (std::size_t i = 0; i < gas.size(); ++i)
        if (gas[i] == 0) {
            const auto balance = view.token_balances.find(order.payments[i].amount.asset().symbol);
            estimated.push_back(i);
            calls.push_back({"eth_estimateGas", estimate_params(order, order.payments[i],
                                                                balance != view.token_balances.end() ? balance->second : Uint256{})});
        }
    const auto answers = node.batch(calls);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto place = "payment " + std::to_string(estimated[i] + 1);
        if (answers[i].error() != nullptr)
            throw answers[i].refusal().in(place);
        gas[estimated[i]] = with_margin(read_u64(answers[i].result(), answers[i].place()));
    }
    return gas;
}

} // namespace

void require_chain(const RpcAnswer& answer, const charter::Chain& chain)
{
    const auto found = read_quantity(answer.result(), answer.place());
    if (found != Uint256{chain.chain_id})
        throw Error{ErrorCode::chain, answer.place() + ": the node is on chain id " + found.decimal() + ", " + chain.id +
                                          " in the charter is " + std::to_string(chain.chain_id)};
}

void require_chain(RpcNode& node, const charter::Chain& chain)
{
    require_chain(node.call("eth_chainId"), chain);
}

std::vector<const charter::Token*> tokens_of(const chains::TransferOrder& order)
{
    std::vector<const charter::Token*> tokens;
    for (const auto& payment : order.payments)
        if (const auto* token = order.charter.find_token(payment.amount.asset());
            token != nullptr && std::find(tokens.begin(), tokens.end(), token) == tokens.end())
            tokens.push_back(token);
    return tokens;
}

RpcCall token_balance_call(const charter::Token& token, ByteView account, std::string block)
{
    // balanceOf(address): selector and the address in 32 bytes.
    Bytes data{0x70, 0xa0, 0x82, 0x31, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    append(data, account);
    auto call = Document::object();
    call.set("to", format_data(token.address)).set("data", format_data(data));
    return {"eth_call", Document::list().add(std::move(call)).add(std::move(block))};
}

Uint256 read_token_balance(const RpcAnswer& answer, const charter::Token& token)
{
    const auto place = answer.place() + ": balance of " + token.id;
    const auto word = read_data(answer.result(), place);
    if (word.size() != 32)
        throw Error{ErrorCode::rpc, place + ": the contract answers " + std::to_string(word.size()) + " bytes, not 32"};
    return Uint256::from_big_endian(word);
}

EvmFacts ask_for_facts(RpcNodes& nodes, const charter::Chain& chain, const chains::TransferOrder& order)
{
    const auto heads = nodes.ask_first(2, [&](RpcNode& node) { return head_of(node, chain); });
    const auto block = std::min(heads.front().number, heads.back().number);
    const auto highest = std::max(heads.front().number, heads.back().number);
    if (highest - block > most_blocks_apart)
        throw Error{ErrorCode::rpc_disagree, "two nodes disagree on the height: " + heads.front().node->name() + " says " +
                                                 std::to_string(heads.front().number) + ", " + heads.back().node->name() +
                                                 " says " + std::to_string(heads.back().number)};
    auto& node = *heads.front().node;
    const auto view = view_of(node, order, block);
    if (heads.size() > 1)
        require_agreement(view, view_of(*heads.back().node, order, block));
    if (view.base_fee.is_zero())
        throw Error{ErrorCode::fee_cap, node.name() + ": the node says that the base fee is 0",
                    "where that is so, give the fees with --offline-inputs"};
    require_covered(order, view.balance, view.token_balances);

    EvmFacts facts;
    facts.block = block;
    facts.nonce = view.nonce;
    facts.base_fee = view.base_fee;
    facts.balance = view.balance;
    facts.token_balances = view.token_balances;
    const auto priority = node.call("eth_maxPriorityFeePerGas");
    facts.priority_fee = read_fee(priority.result(), priority.place());
    facts.gas_limits = ask_for_gas(node, order, view);
    return facts;
}

EvmFeeFacts ask_for_fees(RpcNodes& nodes, const charter::Chain& chain)
{
    return nodes.ask([&](RpcNode& node) {
        const auto head = head_of(node, chain);
        const auto answers = node.batch({{"eth_getBlockByNumber", Document::list().add(block_tag(head.number)).add(false)}, {"eth_maxPriorityFeePerGas"}});
        const auto& place = answers[0].place();
        return EvmFeeFacts{.block = head.number,
                           .base_fee = read_fee(read_member(answers[0].result(), "baseFeePerGas", place), place + ": base fee"),
                           .priority_fee = read_fee(answers[1].result(), answers[1].place())};
    });
}

EvmFacts parse_offline_inputs(std::string_view json, std::size_t payments)
{
    const auto inputs = Json::parse(json, {.bytes = 4096, .depth = 1, .values = 20, .number_characters = 80});
    if (inputs.fields() == nullptr)
        throw Error{ErrorCode::malformed, "offline inputs: not a JSON object"};
    constexpr std::array<std::string_view, 6> names{"nonce", "gas_limit", "base_fee", "balance", "block", "priority_fee"};
    for (const auto& [name, value] : *inputs.fields())
        if (std::find(names.begin(), names.end(), name) == names.end())
            throw Error{ErrorCode::malformed, "offline inputs: unknown field " + quoted(name, 40),
                        "the fields are nonce, gas_limit, base_fee, balance, block and priority_fee"};

    const auto read = [&](std::string_view name) {
        const auto* value = inputs.find(name);
        const auto place = "offline inputs: " + std::string{name};
        if (value == nullptr)
            throw Error{ErrorCode::malformed, place + " is missing"};
        const auto* digits = value->number() != nullptr ? value->number() : value->text();
        if (digits == nullptr)
            throw Error{ErrorCode::malformed, place + " is not a number"};
        try {
            return Uint256::from_decimal(*digits);
        } catch (const Error& error) {
            throw error.in(place);
        }
    };
    const auto read_short = [&](std::string_view name) {
        const auto number = read(name).to_u64();
        if (!number)
            throw Error{ErrorCode::malformed, "offline inputs: " + std::string{name} + " is over 64 bits"};
        return *number;
    };
    EvmFacts facts;
    facts.nonce = read_short("nonce");
    facts.block = read_short("block");
    facts.base_fee = read("base_fee");
    facts.balance = read("balance");
    facts.priority_fee = inputs.find("priority_fee") != nullptr ? read("priority_fee") : Uint256{default_priority_fee};
    facts.gas_limits.assign(payments, read_short("gas_limit"));
    return facts;
}

} // namespace coffer::cli
