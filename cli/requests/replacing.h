#pragma once

#include "core/chains/chain_client.h"
#include "core/console/command.h"

namespace coffer::cli {

/// What `bump` and `void` take: the request, --feerate and what every proposal has.
std::vector<console::OptionSpec> replacing_options();

/// Opens a request that excludes what is signed of the named one and not yet settled on its chain. Errors: `state` for a request
/// that is not signed (a cancel ends it) or is settled; those of propose() and of the chain's client.
console::CommandResult propose_replacement(console::Invocation& invocation, chains::ReplacementOrder::Purpose purpose);

} // namespace coffer::cli
