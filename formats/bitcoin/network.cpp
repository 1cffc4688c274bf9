#include "formats/bitcoin/network.h"

#include "core/encoding/hex.h"

#include <algorithm>
#include <array>

namespace coffer::bitcoin {

namespace {

constexpr std::uint32_t xpub = 0x0488b21e;
constexpr std::uint32_t tpub = 0x043587cf;

constexpr std::array<Network, 5> table = {{
    {"mainnet", "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f", "bc", 0x00, 0x05, 0x80, xpub, 0},
    {"testnet", "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943", "tb", 0x6f, 0xc4, 0xef, tpub, 1},
    {"testnet4", "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043", "tb", 0x6f, 0xc4, 0xef, tpub, 1},
    {"signet", "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6", "tb", 0x6f, 0xc4, 0xef, tpub, 1},
    {"regtest", "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206", "bcrt", 0x6f, 0xc4, 0xef, tpub, 1},
}};

} // namespace

ByteArray<32> Network::genesis() const
{
    auto hash = to_array<32>(encoding::decode_hex(genesis_hash), "genesis hash");
    std::ranges::reverse(hash);
    return hash;
}

std::span<const Network> networks()
{
    return table;
}

const Network* find_network(std::string_view name)
{
    const auto found = std::ranges::find(table, name, &Network::name);
    return found == table.end() ? nullptr : &*found;
}

} // namespace coffer::bitcoin
