#pragma once

#include "core/base/ids.h"
#include "core/crypto/secp256k1.h"

#include <string>
#include <string_view>

namespace coffer::tron {

struct AddressTag { static constexpr std::string_view name = "address"; };
/// An account: the last 20 bytes of the Keccak-256 of its public key, or of a contract's origin. Transactions put the byte 0x41
/// in front, words of the ABI do not.
using Address = Identifier<AddressTag, 20>;

constexpr std::uint8_t address_prefix = 0x41;

Address address_of(const crypto::Secp256k1PublicKey& key);

/// Base58Check of the prefix and the address: `T` and 33 characters more.
std::string format_address(const Address& address);
/// Throws Error{addr_checksum}; Error{malformed} for another length or prefix, and for what is not base58.
Address parse_address(std::string_view text);

} // namespace coffer::tron
