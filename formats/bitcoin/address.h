#pragma once

#include "formats/bitcoin/network.h"

#include <optional>
#include <string>
#include <string_view>

namespace coffer::bitcoin {

/// The script public key that an address stands for: base58check with version byte (P2PKH, P2SH),
/// bech32 for witness version 0 and bech32m above (BIP-173, BIP-350).
///
/// Throws Error{addr_checksum} for a checksum that does not fit, Error{chain} for an address of
/// another network, Error{malformed} for anything else.
Bytes parse_address(std::string_view text, const Network& network);

/// None for a script that has no address.
std::optional<std::string> format_address(ByteView script_pubkey, const Network& network);

/// The networks on which the text is an address: several where they share their versions. Empty for what is none.
std::vector<const Network*> networks_of_address(std::string_view text);

} // namespace coffer::bitcoin
