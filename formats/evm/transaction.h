#pragma once

#include "core/base/amount.h"
#include "formats/evm/address.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace coffer::evm {

/// The envelope's type (EIP-2718). Coffer signs `legacy` and `fee_market`, and shows the others.
enum class TransactionType : std::uint8_t {
    legacy = 0,      ///< replay-protected by EIP-155, or not
    access_list = 1, ///< EIP-2930
    fee_market = 2,  ///< EIP-1559
    blob = 3,        ///< EIP-4844
    set_code = 4,    ///< EIP-7702: lets foreign code act for an account
};

std::string_view name_of(TransactionType type);

struct AccessListEntry {
    Address address;
    std::vector<ByteArray<32>> storage_keys;
    bool operator==(const AccessListEntry&) const = default;
};

/// A signed permission of EIP-7702.
struct Authorization {
    Uint256 chain_id; ///< 0: on every chain
    Address address;  ///< of the code
    std::uint64_t nonce = 0;
    std::uint8_t y_parity = 0;
    Uint256 r;
    Uint256 s;
    bool operator==(const Authorization&) const = default;
};

/// A transaction without its signature. Members that its type does not have stay empty.
struct Transaction {
    TransactionType type = TransactionType::fee_market;
    /// None for a legacy transaction from before EIP-155, which any chain accepts; else not 0.
    std::optional<std::uint64_t> chain_id;
    std::uint64_t nonce = 0;
    std::uint64_t gas_limit = 0;
    Uint256 gas_price;                ///< wei a gas; types 0 and 1
    Uint256 max_priority_fee_per_gas; ///< wei a gas; types 2 to 4
    Uint256 max_fee_per_gas;          ///< wei a gas; types 2 to 4
    std::optional<Address> to;        ///< none: creates a contract
    Uint256 value;                    ///< wei
    Bytes data;
    std::vector<AccessListEntry> access_list; ///< types 1 to 4

    Uint256 max_fee_per_blob_gas;                      ///< type 3
    std::vector<ByteArray<32>> blob_versioned_hashes;  ///< type 3
    std::vector<Authorization> authorization_list;     ///< type 4

    bool operator==(const Transaction&) const = default;

    bool has_gas_price() const;
    /// The most that one gas may cost.
    const Uint256& fee_ceiling() const { return has_gas_price() ? gas_price : max_fee_per_gas; }
    /// The most of it that the block's producer may get; a legacy price is all his where no base fee is.
    const Uint256& priority_ceiling() const { return has_gas_price() ? gas_price : max_priority_fee_per_gas; }
};

/// What every node charges before execution: 21000, calldata (EIP-2028), creation (EIP-2, EIP-3860),
/// access list (EIP-2930), authorizations (EIP-7702).
std::uint64_t intrinsic_gas(const Transaction& transaction);

/// Throws Error{gas} when the gas limit is below the intrinsic gas or the priority fee is over the
/// whole fee; Error{amount_range} when the highest fee does not fit into 256 bits.
void require_payable_gas(const Transaction& transaction);

} // namespace coffer::evm
