#include "cli/chains/bitcoin/sighting.h"

#include "cli/chains/bitcoin/core_node.h"
#include "tests/support/vectors.h"
#include "tests/unit/cli/chains/bitcoin/fixture.h"

namespace coffer::cli {
namespace {

using chains::Sighting;
using test::FakeCore;

const bitcoin::Network& regtest = *bitcoin::find_network("regtest");

bitcoin::Transaction spending(const bitcoin::Outpoint& outpoint)
{
    bitcoin::Transaction transaction;
    bitcoin::TxInput input;
    input.previous = outpoint;
    input.sequence = 0xfffffffd;
    transaction.inputs.push_back(input);
    transaction.outputs = {{1000, test::elsewhere}, {2000, test::elsewhere}};
    transaction.lock_time = 980;
    return transaction;
}

class BitcoinSighting : public testing::Test {
protected:
    Sighting find(std::uint64_t since = 0) { return find_transaction(m_rpc, regtest, m_transaction, since); }
    bool is_spent(std::uint64_t depth) { return is_spent_below(m_rpc, regtest, m_spent, depth); }

    /// Block `height` lists it; other blocks list something else.
    void mine(std::uint64_t height)
    {
        m_node.set("getblock", [this, height](const Json& params) {
            const auto asked = FakeCore::height_of(*params.list()->front().text());
            return m_node.block(asked, {"\"" + (asked == height ? m_txid : std::string(64, 'c')) + "\""});
        });
    }
    /// Its output `vout` is unspent with so many confirmations.
    void leave_output(const std::string& txid, int vout, const std::string& confirmations)
    {
        m_node.set("gettxout", [=](const Json& params) {
            const auto& list = *params.list();
            return *list[0].text() == txid && *list[1].number() == std::to_string(vout)
                       ? R"({"bestblock":")" + FakeCore::hash_of(1000) + R"(","confirmations":)" + confirmations + "}"
                       : "null";
        });
    }
    void spend_in(std::uint64_t height, const bitcoin::Outpoint& outpoint)
    {
        m_node.set("getblock", [=, this](const Json& params) {
            const auto asked = FakeCore::height_of(*params.list()->front().text());
            const auto vin = R"({"vin":[{"coinbase":"00"}]},{"vin":[{"txid":")" +
                             (asked == height ? bitcoin::format_txid(outpoint.txid) : std::string(64, 'c')) + R"(","vout":)" +
                             std::to_string(outpoint.index) + "}]}";
            EXPECT_EQ(*(*params.list())[1].number(), "2");
            return m_node.block(asked, {vin});
        });
    }

    const bitcoin::Outpoint m_spent{bitcoin::Txid{{7}}, 3};
    const bitcoin::Transaction m_transaction = spending(m_spent);
    const std::string m_txid = bitcoin::format_txid(bitcoin::txid_of(m_transaction));
    FakeCore m_node;
    RpcNode m_rpc{{m_node.url(), {}, {}}, core_limits(), core_rules()};
};

TEST_F(BitcoinSighting, IsInTheMempool)
{
    m_node.set("getmempoolentry", R"({"vsize":141})");
    EXPECT_EQ(find().place, Sighting::Place::mempool);
    for (const auto* bad : {"null", "{}", R"({"vsize":"x"})", R"(!{"code":-1,"message":"out of order"})"}) {
        m_node.set("getmempoolentry", bad);
        EXPECT_ERROR(find(), ErrorCode::rpc);
    }
}

TEST_F(BitcoinSighting, IsInTheBlockThatAnUnspentOutputLeadsTo)
{
    leave_output(m_txid, 1, "6");
    mine(995);
    const auto found = find();
    EXPECT_EQ(found.place, Sighting::Place::block);
    EXPECT_EQ(found.block_number, 995u);
    EXPECT_EQ(found.confirmations, 6u);
    EXPECT_EQ(encoding::encode_hex(found.block_hash), FakeCore::hash_of(995));
    EXPECT_TRUE(found.succeeded);
    EXPECT_EQ(m_node.count("getblock"), 1u);
    mine(996); // the block that it should be in does not list it
    EXPECT_ERROR(find(), ErrorCode::rpc);
    for (const auto* confirmations : {"0", "-1", "1002", "1.5", "null"}) {
        leave_output(m_txid, 1, confirmations);
        EXPECT_ERROR(find(), ErrorCode::rpc);
    }
}

TEST_F(BitcoinSighting, IsSearchedWhereItsOutputsAreSpent)
{
    mine(985);
    EXPECT_EQ(find().block_number, 985u);
    EXPECT_EQ(m_node.count("getblock"), 10u); // from 981 on, ten at once
    EXPECT_EQ(find(986).place, Sighting::Place::nowhere);
    EXPECT_EQ(find(985).confirmations, 16u);
    mine(980); // before its lock time lets it
    EXPECT_EQ(find().place, Sighting::Place::nowhere);
    mine(1000);
    EXPECT_EQ(find().confirmations, 1u);
}

TEST_F(BitcoinSighting, IsNowhereWhileItsInputsAreUnspent)
{
    leave_output(bitcoin::format_txid(m_spent.txid), 3, "50");
    EXPECT_EQ(find().place, Sighting::Place::nowhere);
    EXPECT_EQ(m_node.count("getblock"), 0u);
}

TEST_F(BitcoinSighting, DistrustsBlocksThatAreOthers)
{
    m_node.set("getblock", [this](const Json&) { return m_node.block(777, {"\"" + m_txid + "\""}); });
    EXPECT_ERROR(find(), ErrorCode::rpc);
    for (const auto* bad : {"0", "-1", "null"}) {
        m_node.set("getblock", [this, bad](const Json& params) {
            const auto height = FakeCore::height_of(*params.list()->front().text());
            return R"({"hash":")" + FakeCore::hash_of(height) + R"(","height":1,"confirmations":)" + bad + R"(,"tx":[")" + m_txid + "\"]}";
        });
        EXPECT_ERROR(find(), ErrorCode::rpc);
    }
}

TEST_F(BitcoinSighting, SeesASpentOutpointOnlyAtItsDepth)
{
    leave_output(bitcoin::format_txid(m_spent.txid), 3, "50");
    EXPECT_FALSE(is_spent(1));
    m_node.set("gettxout", "null");
    spend_in(995, m_spent); // 6 confirmations
    EXPECT_TRUE(is_spent(0));
    EXPECT_TRUE(is_spent(1));
    EXPECT_TRUE(is_spent(6));
    EXPECT_FALSE(is_spent(7));
    EXPECT_FALSE(is_spent(100));
    EXPECT_FALSE(is_spent(1002));
    spend_in(995, {m_spent.txid, 4});
    EXPECT_TRUE(is_spent(7));
}

TEST_F(BitcoinSighting, SeesThatAnOutpointWaitsInTheMempool)
{
    m_node.set("gettxout", [](const Json& params) {
        return *(*params.list())[2].boolean() ? R"({"confirmations":0})" : "null";
    });
    EXPECT_FALSE(is_spent(1));
}

TEST_F(BitcoinSighting, RefusesBlocksThatAreNone)
{
    for (const auto* tx : {"1", R"({"vin":1})", R"({"vin":[{"txid":"ab"}]})", R"({})"}) {
        m_node.set("getblock", [this, tx](const Json& params) {
            return m_node.block(FakeCore::height_of(*params.list()->front().text()), {tx});
        });
        EXPECT_ERROR(is_spent(3), ErrorCode::rpc);
    }
}

} // namespace
} // namespace coffer::cli
