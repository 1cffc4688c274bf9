#include "cli/chains/clients.h"

#include "cli/chains/bitcoin/client.h"
#include "cli/chains/evm/client.h"
#include "core/base/text.h"

#include <array>

namespace coffer::cli {

namespace {

using Client = std::unique_ptr<chains::ChainClient>;

/// One line a family.
struct Family {
    std::string_view name;
    Client (*connect)(const charter::Chain&, const std::vector<HttpEndpoint>&);
    Client (*offline)(std::string inputs);
};

const std::array families{
    Family{"evm",
           [](const charter::Chain& chain, const std::vector<HttpEndpoint>& endpoints) -> Client {
               return std::make_unique<EvmClient>(chain, endpoints);
           },
           [](std::string inputs) -> Client { return std::make_unique<OfflineEvmClient>(std::move(inputs)); }},
    Family{"bitcoin",
           [](const charter::Chain& chain, const std::vector<HttpEndpoint>& endpoints) -> Client {
               return std::make_unique<BitcoinClient>(chain, endpoints);
           },
           [](std::string inputs) -> Client { return std::make_unique<OfflineBitcoinClient>(std::move(inputs)); }},
};

const Family& family_of(const charter::Chain& chain)
{
    for (const auto& family : families)
        if (family.name == chain.family)
            return family;
    throw Error{ErrorCode::chain, "chain " + quoted(chain.id, 40) + " is of the family " + quoted(chain.family, 40) +
                                      ", for which there is no client"};
}

} // namespace

Client connect_client(const charter::Chain& chain, const std::vector<HttpEndpoint>& endpoints)
{
    return family_of(chain).connect(chain, endpoints);
}

Client offline_client(const charter::Chain& chain, std::string inputs)
{
    return family_of(chain).offline(std::move(inputs));
}

} // namespace coffer::cli
