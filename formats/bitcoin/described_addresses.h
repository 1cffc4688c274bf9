#pragma once

#include "core/chains/payload_format.h"
#include "formats/bitcoin/descriptor.h"
#include "formats/bitcoin/network.h"

#include <vector>

namespace coffer::bitcoin {

/// The network of a descriptor's extended keys or address; the main one where nothing tells, and the first of several.
const Network& usual_network(const Descriptor& descriptor);

/// Throws Error{usage} for a change branch that the descriptor has not, for an index from 2^31 on, and for a start other than 0
/// without a range; Error{network} when its extended keys or its address are of another network. On all processors where they are many.
std::vector<chains::DescribedAddress> derive_described(const Descriptor& descriptor, const Network& network, chains::Branch branch,
                                                       std::uint32_t start, std::uint32_t count);

} // namespace coffer::bitcoin
