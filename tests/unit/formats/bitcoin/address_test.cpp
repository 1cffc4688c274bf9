#include "formats/bitcoin/address.h"

#include "core/encoding/hex.h"
#include "formats/bitcoin/script.h"
#include "tests/support/vectors.h"

#include <algorithm>

namespace coffer::bitcoin {
namespace {

const Network& network_of(const std::string& chain)
{
    return *find_network(chain == "main" ? "mainnet" : chain);
}

std::string flip_case(std::string text)
{
    for (auto& c : text)
        c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return text;
}

TEST(Address, StandsForItsScriptOnItsNetwork)
{
    for (const auto& vector : test::load_vectors("key_io.json")) {
        if (vector.kind() != "address")
            continue;
        SCOPED_TRACE(vector.name());
        const auto& network = network_of(vector.text("chain"));
        const auto text = vector.text("string");
        const auto script = vector.bytes("script_pubkey");
        EXPECT_EQ(parse_address(text, network), script);
        EXPECT_EQ(format_address(script, network), text);
        if (vector.text("try_case_flip") == "true") {
            EXPECT_EQ(parse_address(flip_case(text), network), script);
        }
        const auto& foreign = network_of(network.name == "mainnet" ? "regtest" : "main");
        EXPECT_ERROR(parse_address(text, foreign), ErrorCode::chain);
    }
}

TEST(Address, RefusesWhatIsNone)
{
    for (const auto& vector : test::load_vectors("key_io.json")) {
        if (vector.kind() == "address")
            continue;
        SCOPED_TRACE(vector.name());
        for (const auto& network : networks())
            EXPECT_THROW(static_cast<void>(parse_address(vector.text("string"), network)), Error);
        EXPECT_TRUE(networks_of_address(vector.text("string")).empty());
    }
}

TEST(Address, OfTestNetworksIsSharedExceptOnRegtest)
{
    const auto names = [](std::string_view text) {
        std::vector<std::string> found;
        for (const auto* network : networks_of_address(text))
            found.emplace_back(network->name);
        return found;
    };
    EXPECT_EQ(names("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"), std::vector<std::string>{"mainnet"});
    EXPECT_EQ(names("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"), (std::vector<std::string>{"testnet", "testnet4", "signet"}));
    EXPECT_EQ(names("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn"), (std::vector<std::string>{"testnet", "testnet4", "signet", "regtest"}));
}

TEST(Address, IsNoneForAScriptThatHasNone)
{
    const auto& mainnet = *find_network("mainnet");
    for (const auto* hex : {"", "6a", "6a0401020304", "51", "00021234", "76a914", "ac"})
        EXPECT_FALSE(format_address(encoding::decode_hex(hex), mainnet)) << hex;
    EXPECT_EQ(format_address(encoding::decode_hex("51024e73"), mainnet), "bc1pfeessrawgf"); // pay to anchor
}

TEST(Network, GenesisIsInInternalOrder)
{
    for (const auto& network : networks()) {
        auto shown = network.genesis();
        std::ranges::reverse(shown);
        EXPECT_EQ(encoding::encode_hex(shown), network.genesis_hash);
    }
    EXPECT_EQ(find_network("liquid"), nullptr);
}

} // namespace
} // namespace coffer::bitcoin
