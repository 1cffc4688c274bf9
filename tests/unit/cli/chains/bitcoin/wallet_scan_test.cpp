#include "cli/chains/bitcoin/wallet_scan.h"

#include "tests/support/vectors.h"
#include "tests/unit/cli/chains/bitcoin/fixture.h"

namespace coffer::cli {
namespace {

using bitcoin::Place;
using chains::Branch;
using test::FakeCore;

const charter::Charter charter = coffer::test::bitcoin_charter({"wpkh(K0)"});
const bitcoin::DescriptorWallet wallet{charter, charter.wallets[0]};

WalletScan scan(const FakeCore& node, std::uint32_t next_change = 0)
{
    RpcNode rpc{{node.url(), {}, {}}, core_limits(), core_rules()};
    return scan_wallet(rpc, wallet, next_change, {3, std::chrono::milliseconds{1}});
}

/// Notes how many scripts each scan asked for.
void note_sizes(FakeCore& node, std::vector<std::size_t>& sizes)
{
    node.set("scantxoutset", [&](const Json& params) {
        EXPECT_EQ(*params.list()->front().text(), "start");
        sizes.push_back((*params.list())[1].list()->size());
        return node.scan();
    });
}

TEST(WalletScan, FindsWhatBothBranchesHold)
{
    FakeCore node;
    const auto first = node.pay(wallet, 5000, {Branch::receive, 3});
    const auto second = node.pay(wallet, 7, {Branch::change, 799}, 1000);
    const auto found = scan(node);
    EXPECT_EQ(found.tip.height, 1000u);
    EXPECT_EQ(found.tip.hash, FakeCore::hash_of(1000));
    ASSERT_EQ(found.outputs.size(), 2u);
    const auto& one = found.outputs[found.outputs[0].outpoint == first ? 0 : 1];
    const auto& other = found.outputs[found.outputs[0].outpoint == first ? 1 : 0];
    EXPECT_EQ(one, (WalletOutput{first, 5000, {Branch::receive, 3}, 900, false}));
    EXPECT_EQ(other, (WalletOutput{second, 7, {Branch::change, 799}, 1000, false}));
    EXPECT_EQ(node.count("scantxoutset"), 1u);
    EXPECT_TRUE(scan(FakeCore{}).outputs.empty());
}

TEST(WalletScan, LooksFurtherWhereABranchIsUsedToItsEnd)
{
    FakeCore node;
    std::vector<std::size_t> sizes;
    note_sizes(node, sizes);
    node.pay(wallet, 1000, {Branch::receive, 799});
    scan(node);
    EXPECT_EQ(sizes, (std::vector<std::size_t>{2000}));
    node.pay(wallet, 1000, {Branch::receive, 800});
    scan(node);
    EXPECT_EQ(sizes, (std::vector<std::size_t>{2000, 2000, 3000}));
    sizes.clear();
    scan(node, 5000);
    EXPECT_EQ(sizes, (std::vector<std::size_t>{6200, 7200}));
}

TEST(WalletScan, WaitsForAnotherScan)
{
    FakeCore node;
    unsigned asked = 0;
    const std::string busy = R"(!{"code":-8,"message":"Scan already in progress, use action \"abort\" or \"status\""})";
    node.set("scantxoutset", [&](const Json&) { return ++asked < 3 ? busy : node.scan(); });
    EXPECT_NO_THROW(scan(node));
    EXPECT_EQ(asked, 3u);
    node.set("scantxoutset", busy);
    EXPECT_ERROR(scan(node), ErrorCode::rpc);
    node.set("scantxoutset", R"(!{"code":-8,"message":"Invalid action"})");
    EXPECT_ERROR(scan(node), ErrorCode::rpc);
    EXPECT_EQ(node.count("scantxoutset"), 3u + 3u + 1u);
}

// J01, J09
TEST(WalletScan, RefusesAnswersThatCannotBeTrue)
{
    FakeCore node;
    const auto txid = std::string(64, 'a');
    const auto script = encoding::encode_hex(wallet.script_pubkey({}));
    const auto answer = [&](const std::vector<std::string>& unspents) {
        node.m_unspents = unspents;
        return scan(node);
    };
    const auto good = FakeCore::unspent(txid, 1, script, "0.00000005", "900");
    EXPECT_EQ(answer({good}).outputs.at(0).amount, 5u);
    EXPECT_ERROR(answer({good, good}), ErrorCode::rpc);
    for (const auto& bad : {
             FakeCore::unspent(txid, 1, encoding::encode_hex(test::elsewhere), "0.00000005", "900"), // not asked for
             FakeCore::unspent(txid, 1, script + "00", "0.00000005", "900"),
             FakeCore::unspent(txid, 1, script, "0.00000005", "1001"), // above the tip
             FakeCore::unspent(txid, 1, script, "0.00000005", "-1"),
             FakeCore::unspent(txid, 1, script, "-0.00000005", "900"),
             FakeCore::unspent(txid, 1, script, "0.000000051", "900"),
             FakeCore::unspent(txid, 1, script, "\"0.00000005\"", "900"),
             FakeCore::unspent(txid, 1, script, "21000000.00000001", "900"),
             FakeCore::unspent(txid, -1, script, "0.00000005", "900"),
             FakeCore::unspent(txid + "aa", 1, script, "0.00000005", "900"),
             FakeCore::unspent(txid, 1, script, "0.00000005", "900", R"(,"coinbase":1)"),
             std::string{"null"},
             std::string{"{}"},
         }) {
        SCOPED_TRACE(bad);
        EXPECT_ERROR(answer({bad}), ErrorCode::rpc);
    }
    EXPECT_NO_THROW(answer({FakeCore::unspent(txid, 1, script, "21000000.00000000", "900")}));
    EXPECT_ERROR(answer({FakeCore::unspent(txid, 1, script, "21000000.00000000", "900"), FakeCore::unspent(txid, 2, script, "0.00000001", "900")}), ErrorCode::rpc);
    for (const auto* whole : {"null", "[]", "{}", R"({"success":false,"height":1000,"bestblock":")", R"({"success":true,"height":1000,"unspents":[]})"}) {
        node.set("scantxoutset", std::string{whole}.ends_with("\"") ? whole + FakeCore::hash_of(1000) + R"(","unspents":[]})" : std::string{whole});
        EXPECT_ERROR(scan(node), ErrorCode::rpc);
    }
}

// J09
TEST(WalletScan, RefusesListsWithoutEnd)
{
    FakeCore node;
    std::string nulls = "null";
    for (int i = 0; i < 100'000; ++i)
        nulls += ",null";
    node.m_unspents = {nulls};
    EXPECT_ERROR(scan(node), ErrorCode::rpc_limit);
    node.set("scantxoutset", "[" + std::string(100, '[') + std::string(100, ']') + "]");
    EXPECT_ERROR(scan(node), ErrorCode::rpc_limit);
}

TEST(WalletScan, TakesYoungOutputsOfOldNodesForNewlyMined)
{
    FakeCore node;
    const auto script = encoding::encode_hex(wallet.script_pubkey({}));
    node.m_unspents = {FakeCore::unspent(std::string(64, 'a'), 1, script, "0.1", "901", ""), FakeCore::unspent(std::string(64, 'b'), 1, script, "0.1", "902", "")};
    const auto found = scan(node);
    EXPECT_FALSE(found.outputs[0].is_coinbase);
    EXPECT_TRUE(found.outputs[1].is_coinbase);
}

} // namespace
} // namespace coffer::cli
