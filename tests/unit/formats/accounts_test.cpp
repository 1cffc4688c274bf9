#include "core/chains/account.h"

#include "core/chains/payload_format.h"
#include "core/keys/slip10.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <set>

namespace coffer::chains {
namespace {

const SecretBytes seed{64};

AccountKey key_of(const AccountChain& chain, const AccountKind& kind, std::uint32_t account)
{
    const auto path = kind.path(chain, account);
    const auto master = keys::ExtendedPrivateKey::from_seed(seed);
    if (kind.tree == KeyTree::ed25519)
        return {{master.fingerprint(), path}, keys::Slip10Key::derive(seed, path).key().public_key()};
    return {{master.fingerprint(), path}, master.derive(path).extended_public_key().on(chain.key_network)};
}

TEST(Accounts, OfEveryChainWithPayloads)
{
    for (const auto* format : all_formats())
        for (const auto name : format->chain_names()) {
            const auto& chain = account_chain_named(name);
            EXPECT_EQ(chain.family, format->family()) << name;
            EXPECT_EQ(chain.key_network, format->key_network(*format->chain_named(name))) << name;
        }
}

TEST(Accounts, LieWhereTheirStandardsSay)
{
    const auto path = [](std::string_view chain, std::optional<std::uint32_t> purpose, std::uint32_t account) {
        const auto& named = account_chain_named(chain);
        return account_kind(named, purpose).path(named, account).format();
    };
    EXPECT_EQ(path("bitcoin", {}, 0), "m/84h/0h/0h");
    EXPECT_EQ(path("bitcoin", 44, 1), "m/44h/0h/1h");
    EXPECT_EQ(path("bitcoin", 49, 0), "m/49h/0h/0h");
    EXPECT_EQ(path("bitcoin", 86, 2147483647), "m/86h/0h/2147483647h");
    EXPECT_EQ(path("bitcoin", 48, 7), "m/48h/0h/7h/2h");
    for (const auto* network : {"testnet", "testnet4", "signet", "regtest"})
        EXPECT_EQ(path(network, {}, 0), "m/84h/1h/0h") << network;
    EXPECT_EQ(path("evm", {}, 3), "m/44h/60h/3h");
    EXPECT_EQ(path("tron", {}, 3), "m/44h/195h/3h");
    EXPECT_EQ(path("solana", {}, 3), "m/44h/501h/3h/0h");
}

TEST(Accounts, AreAllHardenedSoThatNoKeyOfOneGivesAnother)
{
    for (const auto& chain : account_chains())
        for (const auto& kind : account_kinds())
            if (kind.family == chain.family) {
                const auto path = kind.path(chain, 5);
                EXPECT_TRUE(std::ranges::all_of(path.steps(), [](auto step) { return (step & keys::hardened) != 0; })) << path.format();
            }
}

TEST(Accounts, NoTwoLieAtOnePlaceOrGiveOneAddress)
{
    std::set<std::string> paths;
    std::set<std::string> addresses;
    std::size_t count = 0;
    for (const auto* name : {"bitcoin", "regtest", "evm", "tron", "solana"}) {
        const auto& chain = account_chain_named(name);
        for (const auto& kind : account_kinds())
            if (kind.family == chain.family) {
                ++count;
                paths.insert(kind.path(chain, 0).format());
                addresses.insert(kind.first_address == nullptr ? kind.path(chain, 0).format()
                                                               : kind.first_address(chain, key_of(chain, kind, 0)).text);
            }
    }
    EXPECT_EQ(count, 13U);
    EXPECT_EQ(paths.size(), count);
    EXPECT_EQ(addresses.size(), count);
}

TEST(Accounts, UnknownChainsAndPurposesAreRefused)
{
    for (const auto* name : {"dogecoin", "", "mainnet", "Bitcoin", "ethereum"})
        EXPECT_ERROR(account_chain_named(name), ErrorCode::usage);
    EXPECT_ERROR(account_kind(account_chain_named("bitcoin"), 45), ErrorCode::usage);
    EXPECT_ERROR(account_kind(account_chain_named("bitcoin"), 0), ErrorCode::usage);
    for (const auto* name : {"evm", "tron", "solana"})
        for (const std::uint32_t purpose : {48U, 49U, 84U, 86U})
            EXPECT_ERROR(account_kind(account_chain_named(name), purpose), ErrorCode::usage);
}

TEST(Accounts, OnlyAloneOnesHaveAddresses)
{
    for (const auto& kind : account_kinds())
        EXPECT_EQ(kind.first_address != nullptr, kind.use == AccountUse::alone) << kind.family << " " << kind.purpose;
}

} // namespace
} // namespace coffer::chains
