#pragma once

#include "core/base/document.h"
#include "formats/bitcoin/network.h"
#include "formats/bitcoin/psbt.h"
#include "formats/bitcoin/slip132.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What inspect() is made of.
namespace coffer::bitcoin {

Document inspect_address(std::string_view text);
Document inspect_descriptor(std::string_view text);
Document inspect_extended_key(std::string_view text);
Document inspect_psbt(ByteView bytes);
Document inspect_transaction(const Transaction& transaction);

/// `network`, the first one, and `networks` where there are several; null for none.
void set_networks(Document& document, std::span<const Network* const> networks);
/// Those whose extended keys have this version, or whose key origins this coin type.
std::vector<const Network*> networks_of_version(std::uint32_t extended_public_version);
std::vector<const Network*> networks_of_coin_type(std::uint32_t coin_type);
/// In whose form addresses are shown: the first one, or the main network's.
const Network& network_shown(std::span<const Network* const> networks);

/// That there is none, where there is none.
void add_network_warning(Document& warnings, std::span<const Network* const> networks);

/// `p2wpkh` and so on, as `type` of an address.
std::string_view type_name(ByteView script_pubkey);
/// None for a script that has none.
Document address_of(ByteView script_pubkey, const Network& network);
/// An amount in satoshi: decimal text.
Document satoshi(std::uint64_t amount);

/// `amount`, `address`, `type`, `script_pubkey`, and of OP_RETURN `data` and what it reads as.
Document output_document(const TxOutput& output, const Network& network);
/// Whether an input signals that it may be replaced (BIP-125).
bool is_replaceable(const Transaction& transaction);
/// What to know before it is signed or sent: replacement, lock times, the same outpoint twice, dust, what cannot be spent.
void add_transaction_warnings(Document& warnings, const Transaction& transaction);

} // namespace coffer::bitcoin
