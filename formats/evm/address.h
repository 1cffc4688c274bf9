#pragma once

#include "core/base/ids.h"
#include "core/crypto/secp256k1.h"

#include <string>
#include <string_view>

namespace coffer::evm {

struct AddressTag { static constexpr std::string_view name = "address"; };
/// An account: the last 20 bytes of the Keccak-256 of its public key, or of a contract's origin.
using Address = Identifier<AddressTag, 20>;

Address address_of(const crypto::Secp256k1PublicKey& key);

/// `0x` and 40 digits whose letters carry the checksum of EIP-55.
std::string format_address(const Address& address);

/// Whether an address in one case only, which carries no checksum, is good enough.
enum class Checksum { required, optional };

/// Throws Error{malformed} unless it is `0x` and 40 hex digits; Error{addr_checksum} for a
/// checksum that does not fit, for a missing one where it is required (the hint shows the address
/// with its checksum), and for characters that only look like hex digits.
Address parse_address(std::string_view text, Checksum checksum);

/// True when the text carries a checksum (EIP-55), be it right or wrong.
bool has_checksum(std::string_view text);

} // namespace coffer::evm
