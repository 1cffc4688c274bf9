#pragma once

#include "formats/bitcoin/psbt.h"

#include <string>
#include <string_view>

/// The messages of BIP-322, of which the "simple" form is signed: by the witness of a transaction that no chain takes.
namespace coffer::bitcoin {

/// How an address signs a text: the simple form of BIP-322.
constexpr std::string_view message_standard = "bip322-simple";

/// The tagged hash "BIP0322-signed-message".
ByteArray<32> bip322_hash(ByteView text);
/// The transaction whose only output has the script of the address, and whose input commits to the text. Its input spends what cannot be.
Transaction bip322_to_spend(ByteView script_pubkey, ByteView text);
/// What the witness signs: version 0, spends to_spend, pays nothing.
Transaction bip322_to_sign(const Transaction& to_spend);

/// `smp` and the witness, as BIP-144 serializes it, in base64 (BIP-322, "Signature prefixes"). Older software takes what stands behind the prefix.
std::string format_simple_signature(ByteView witness);

} // namespace coffer::bitcoin
