#pragma once

#include "core/base/amount.h"
#include "formats/evm/address.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::evm {

/// What a method of a token contract does to its owner.
enum class MethodPurpose {
    transfer,      ///< sends the caller's own tokens
    transfer_from, ///< sends somebody else's
    approval,      ///< lets somebody else spend, now or later
};

/// A method whose parameters all take one word each (Solidity ABI, static types).
struct Method {
    ByteArray<4> selector; ///< the first bytes of the Keccak-256 of `signature`
    std::string_view signature;
    std::string_view parameters; ///< their names, separated by commas
    MethodPurpose purpose;

    std::string_view name() const { return signature.substr(0, signature.find('(')); }
};

std::span<const Method> known_methods();
/// The method that the first 4 bytes name; null when there is none.
const Method* find_method(ByteView calldata);

struct Argument {
    std::string name;
    std::string type; ///< as in the signature: `address`, `uint256`, …
    ByteArray<32> word;
};

/// The words behind the selector. Throws Error{calldata} unless there is exactly one a parameter
/// and each is one that the ABI would encode: no bits above an address or a short integer.
std::vector<Argument> decode_arguments(const Method& method, ByteView calldata);

struct TokenTransfer {
    Address recipient;
    Uint256 amount; ///< in the token's base units
    bool operator==(const TokenTransfer&) const = default;
};

/// ERC-20 `transfer(address,uint256)`: selector, address in 32 bytes, amount in 32 bytes.
/// Throws Error{calldata} unless encoding the result again gives the same bytes.
TokenTransfer decode_transfer(ByteView calldata);
Bytes encode_transfer(const TokenTransfer& transfer);

} // namespace coffer::evm
