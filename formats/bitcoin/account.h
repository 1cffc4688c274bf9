#pragma once

#include "core/chains/account.h"

/// Accounts of one key (BIP-44, 49, 84, 86), whose purpose decides their script, and of cosigners (BIP-48).
namespace coffer::bitcoin {

/// The first address for receiving, 0/0.
chains::AccountAddress first_address(const chains::AccountChain& chain, const chains::AccountKey& key);

/// What other programs read:
/// - `descriptor`: an output descriptor with origin, both branches and checksum (BIP-380, BIP-389); of a cosigner the key
///   expression that belongs into the wallet's one;
/// - `core`: what Bitcoin Core's importdescriptors takes, a descriptor for receiving and one for change;
/// - `sparrow`: the JSON of Coldcard, generic for one key and that of cosigners, which Sparrow and others import.
///
/// Throws Error{usage} for another format, and for `core` of a cosigner.
std::string account_text(std::string_view format, const chains::AccountChain& chain, const chains::AccountKind& kind,
                         const chains::AccountKey& key);

} // namespace coffer::bitcoin
