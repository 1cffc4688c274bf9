#pragma once

#include "formats/evm/transaction.h"

namespace coffer::evm {

/// What a transfer needs beside its wallet: the online side has asked a node for it.
struct TransferPlan {
    std::uint64_t chain_id = 0;
    std::uint64_t nonce = 0;
    std::uint64_t gas_limit = 0;
    Uint256 max_fee_per_gas;          ///< the gas price of a legacy transaction
    Uint256 max_priority_fee_per_gas; ///< unused by a legacy transaction
    Address recipient;
    Uint256 amount;
    std::optional<Address> token; ///< the contract; none for the native asset
};

/// Of type 2, or of type 0 (EIP-155) for networks without EIP-1559. encode_unsigned() gives the payload.
Transaction build_transfer(const TransferPlan& plan, TransactionType type = TransactionType::fee_market);

} // namespace coffer::evm
