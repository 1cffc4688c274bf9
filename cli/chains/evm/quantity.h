#pragma once

#include "cli/net/json_rpc.h"
#include "core/base/amount.h"
#include "core/base/bytes.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace coffer::cli {

// What nodes write (Ethereum JSON-RPC, "Hex value encoding"), read strictly: anything else, be it
// negative, NaN, empty or with a leading zero, is Error{rpc} that names `what`.

/// A quantity: `0x` and digits without leading zeros, zero is `0x0`; at most 256 bits.
Uint256 read_quantity(const Json& value, std::string_view what);
std::uint64_t read_u64(const Json& value, std::string_view what);
/// Unformatted data: `0x` and two digits a byte.
Bytes read_data(const Json& value, std::string_view what);
/// Data of 32 bytes.
Bytes read_hash(const Json& value, std::string_view what);
/// A member of an object, which must be there.
const Json& read_member(const Json& object, std::string_view name, std::string_view what);

std::string format_quantity(const Uint256& value);
std::string format_data(ByteView bytes);

} // namespace coffer::cli
