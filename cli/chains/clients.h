#pragma once

#include "cli/net/http_client.h"
#include "core/chains/chain_client.h"

#include <memory>
#include <string>
#include <vector>

namespace coffer::cli {

/// The online half of this chain, over these endpoints in their order; nothing is asked yet.
/// Throws Error{chain} for a family that is not built in; Error{usage} without endpoints or with a bad one.
std::unique_ptr<chains::ChainClient> connect_client(const charter::Chain& chain, const std::vector<HttpEndpoint>& endpoints);

/// Builds from the JSON of `--offline-inputs` and never touches a network. Throws Error{chain}.
std::unique_ptr<chains::ChainClient> offline_client(const charter::Chain& chain, std::string inputs);

} // namespace coffer::cli
