#pragma once

#include "core/chains/payload_format.h"
#include "formats/bitcoin/network.h"

#include <span>
#include <string_view>

namespace coffer::bitcoin {

/// A wallet from a policy such as `wsh(sortedmulti(2,a,b,c))`: a descriptor in which names stand for keys. Each key comes
/// with its origin, plain or under a prefix of SLIP-132 that fits its place, and gets the branches `<0;1>/*`. Without a policy one
/// key makes the wallet that its origin names (BIP-44, 49, 84, 86), else `wpkh`.
///
/// Names are letters, digits and `-`, at most 32. Throws Error{usage} for a name without a key and
/// the reverse, Error{enrol_dupkey} for a name that stands twice, Error{network}, and what Descriptor::parse() throws. No error
/// quotes a key that may be private.
charter::Wallet draft_wallet(const Network& network, std::string_view policy, std::span<const chains::DraftKey> keys);

/// Whether BIP-45, 48 or 87 keep the account there for one of several signers.
bool is_cosigner_account(const keys::KeyOrigin& origin);

/// The main network, or testnet for every key of a test network. Throws Error{malformed} and what extended keys throw.
const Network& usual_network(std::string_view extended_public);

} // namespace coffer::bitcoin
