#pragma once

#include "core/base/ids.h"
#include "core/crypto/ed25519.h"

#include <string>
#include <string_view>

namespace coffer::solana {

struct AddressTag { static constexpr std::string_view name = "address"; };
/// An account: an Ed25519 public key, or what a program derives, which is no point of the curve.
using Address = Identifier<AddressTag, 32>;

Address address_of(const crypto::Ed25519PublicKey& key);

/// Base58 without a checksum: 32 to 44 characters.
std::string format_address(const Address& address);
/// Throws Error{malformed} unless it is base58 of 32 bytes. A wrong character is mostly another address.
Address parse_address(std::string_view text);

} // namespace coffer::solana
