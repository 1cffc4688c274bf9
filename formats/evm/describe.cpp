#include "formats/evm/describe.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "formats/evm/calldata.h"

namespace coffer::evm {

namespace {

void require_signable_type(const Transaction& transaction)
{
    switch (transaction.type) {
    case TransactionType::legacy: return;
    case TransactionType::fee_market: break;
    case TransactionType::access_list:
    case TransactionType::blob:
        throw Error{ErrorCode::txtype, "transaction type " + std::string{name_of(transaction.type)} + " is never signed",
                    "build it as type 2"};
    case TransactionType::set_code:
        throw Error{ErrorCode::eip7702, "transaction hands the account to foreign code (EIP-7702)",
                    "no such transaction is ever signed"};
    }
    if (!transaction.access_list.empty())
        throw Error{ErrorCode::txtype, "transaction has an access list of " +
                                           std::to_string(transaction.access_list.size()) + " entries",
                    "build it without one"};
}

void require_chain(const Transaction& transaction, const charter::Chain& chain)
{
    if (!transaction.chain_id)
        throw Error{ErrorCode::chain, "transaction names no chain id: any chain would accept it",
                    "build it with chain id " + std::to_string(chain.chain_id) + " (EIP-155)"};
    if (*transaction.chain_id != chain.chain_id)
        throw Error{ErrorCode::chain, "transaction is for chain id " + std::to_string(*transaction.chain_id) +
                                          ", chain " + quoted(chain.id) + " has " + std::to_string(chain.chain_id)};
}

void require_gas(const Transaction& transaction)
{
    if (transaction.gas_limit > most_gas)
        throw Error{ErrorCode::gas, "gas limit " + std::to_string(transaction.gas_limit) + " is over " +
                                        std::to_string(most_gas)};
    require_payable_gas(transaction);
}

TokenTransfer require_token_transfer(ByteView data)
{
    const auto* method = find_method(data);
    if (method == nullptr)
        throw Error{ErrorCode::blind, "transaction carries " + std::to_string(data.size()) +
                                          " bytes of data that are not understood"};
    switch (method->purpose) {
    case MethodPurpose::transfer: return decode_transfer(data);
    case MethodPurpose::transfer_from:
        throw Error{ErrorCode::token_unknown, "transaction moves tokens of another account by " +
                                                  std::string{method->signature}};
    case MethodPurpose::approval:
        throw Error{ErrorCode::approve, "transaction lets another account spend tokens by " +
                                            std::string{method->signature}};
    }
    fatal("method without a purpose");
}

payments::Payment token_payment(const Transaction& transaction, const chains::PayloadContext& context)
{
    const auto transfer = require_token_transfer(transaction.data);
    const auto& chain = context.chain();
    const auto* token = context.charter.find_token_at(chain.id, transaction.to->bytes());
    if (token == nullptr)
        throw Error{ErrorCode::token_unknown, "contract " + format_address(*transaction.to) +
                                                  " is not a token of the charter on chain " + quoted(chain.id)};
    if (!transaction.value.is_zero())
        throw Error{ErrorCode::value, "transaction sends " + transaction.value.decimal() +
                                          " wei along with a transfer of " + quoted(token->id)};
    return {to_bytes(transfer.recipient.bytes()), {token->asset(), transfer.amount}};
}

payments::Payment native_payment(const Transaction& transaction, const charter::Chain& chain)
{
    return {to_bytes(transaction.to->bytes()), {chain.native(), transaction.value}};
}

} // namespace

payments::Description describe(const Transaction& transaction, const chains::PayloadContext& context)
{
    const auto& chain = context.chain();
    require_signable_type(transaction);
    require_chain(transaction, chain);
    if (!transaction.to)
        throw Error{ErrorCode::create, "transaction creates a contract"};
    require_gas(transaction);
    auto payment = transaction.data.empty() ? native_payment(transaction, chain) : token_payment(transaction, context);
    if (const auto* token = context.charter.find_token_at(chain.id, payment.destination))
        throw Error{ErrorCode::value, "payment goes to the contract of token " + quoted(token->id) +
                                          ", where it would be stuck"};
    const payments::Fee fee{{chain.native(), transaction.fee_ceiling() * Uint256{transaction.gas_limit}},
                            transaction.fee_ceiling(), transaction.priority_ceiling()};
    return {context.wallet.id, {std::move(payment)}, {}, fee};
}

} // namespace coffer::evm
