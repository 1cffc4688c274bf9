#include "core/requests/courier.h"

#include "tests/support/scripted_books.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>

namespace coffer::requests {
namespace {

using chains::SendOutcome;
using chains::Sighting;
using test::Proposal;

/// A chain that does what the test says: takes, keeps silent, refuses, mines, forgets.
class ScriptedChainClient final : public chains::ChainClient {
public:
    enum class Mood {
        takes,
        takes_silently, ///< the transaction arrives, the answer does not
        loses,          ///< neither arrives
        refuses,
        fails_to_answer_lookups,
    };

    chains::BuiltTransfer build(const chains::TransferOrder&) override { fatal("a courier builds nothing"); }
    chains::BuiltTransfer replace(const chains::ReplacementOrder&) override { fatal("a courier replaces nothing"); }
    std::vector<Amount> balances(const charter::Charter&, const charter::Wallet&) override { return {}; }
    std::uint64_t height() override { return 100; }

    SendOutcome send(const payments::SignedTransaction& transaction) override
    {
        sent.push_back(transaction);
        switch (mood) {
        case Mood::refuses: throw Error{ErrorCode::rpc, "insufficient funds"};
        case Mood::loses: return SendOutcome::unknown;
        case Mood::takes_silently: pool.insert(transaction.txid); return SendOutcome::unknown;
        case Mood::takes:
        case Mood::fails_to_answer_lookups: break;
        }
        return pool.insert(transaction.txid).second ? SendOutcome::accepted : SendOutcome::already_known;
    }
    Sighting look_up(const payments::SignedTransaction& transaction, std::uint64_t) override
    {
        ++look_ups;
        if (mood == Mood::fails_to_answer_lookups)
            throw Error{ErrorCode::rpc, "no endpoint answers"};
        if (const auto mined = blocks.find(transaction.txid); mined != blocks.end())
            return mined->second;
        if (!pool.contains(transaction.txid))
            return {};
        return {Sighting::Place::mempool, 0, {}, 0, false};
    }
    bool is_spent(const payments::SpendSlot& slot, std::uint64_t depth) override
    {
        asked_depth = depth;
        if (mined_while_asked) {
            blocks[*mined_while_asked] = {Sighting::Place::block, 90, Bytes(32, 1), 3, true};
            return true;
        }
        return spent.contains(slot);
    }

    void mine(const std::string& txid, std::uint64_t confirmations, bool succeeded = true)
    {
        blocks[txid] = {Sighting::Place::block, 90, Bytes(32, 1), confirmations, succeeded};
    }

    Mood mood = Mood::takes;
    std::vector<payments::SignedTransaction> sent;
    std::set<std::string> pool;
    std::map<std::string, Sighting> blocks;
    std::set<payments::SpendSlot> spent;
    std::optional<std::string> mined_while_asked;
    std::uint64_t asked_depth = 0;
    int look_ups = 0;
};

using Mood = ScriptedChainClient::Mood;

/// With a request that is signed.
class CourierTest : public testing::Test {
protected:
    explicit CourierTest(const Proposal& proposal)
    {
        const auto opened = service.open(test::submission_of(proposal, books.chain(), books.now_is));
        id = opened.id();
        const auto digest = opened.stored.row.digest;
        for (const auto* officer : {"bob", "carol"})
            service.record(test::vote_of(officer, digest, VoteDecision::approve, books.chain(), books.now_is), "");
        ReceiptFacts receipt{.artefact = {artefacts::Kind::receipt, Bytes{1}},
                             .header = books.chain().charter().header,
                             .bundle = {},
                             .appliance = "vault-a",
                             .time = books.now_is,
                             .results = {{digest, "signed", "", test::vault_signatures(service.find(id))}},
                             .position = books.chain().position(),
                             .log = {1, Hash256{}},
                             .continues = {},
                             .proof = {},
                             .head = {}};
        receipt.artefact.sign(test::key_named("vault-a"));
        service.import(receipt);
    }

    std::vector<std::string> txids()
    {
        std::vector<std::string> ids;
        for (const auto& transaction : service.find(id).signed_transactions)
            ids.push_back(transaction->txid);
        return ids;
    }
    std::vector<bool> seen()
    {
        std::vector<bool> all;
        for (const auto& payload : service.find(id).stored.payloads)
            all.push_back(payload.seen);
        return all;
    }

    test::ScratchDirectory scratch;
    test::ScriptedBooks books{scratch.path()};
    RequestService service{books};
    RequestId id;
    ScriptedChainClient client;
    Courier courier{service, client};
};

class CourierOfTwo : public CourierTest {
protected:
    CourierOfTwo() : CourierTest{{.payments = {{"exchange", test::ether(2)}, {"supplier", test::ether(3)}}}} {}
};

class CourierOfALadder : public CourierTest {
protected:
    CourierOfALadder() : CourierTest{{.ladder = {30, 60}}} {}

    std::vector<Status> states()
    {
        std::vector<Status> all;
        for (const auto& payload : service.find(id).stored.payloads)
            all.push_back(payload.status);
        return all;
    }
    /// The pool keeps the newest step only.
    void replace_in_pool(std::size_t step) { client.pool = {txids()[step]}; }
};

TEST_F(CourierOfTwo, SendsInOrderAndOnce)
{
    EXPECT_FALSE(courier.send(id));
    ASSERT_EQ(client.sent.size(), 2U);
    EXPECT_EQ(client.sent[0].txid, txids()[0]);
    EXPECT_EQ(client.sent[1].txid, txids()[1]);
    EXPECT_EQ(client.look_ups, 0);
    EXPECT_FALSE(courier.send(id));
    EXPECT_EQ(client.sent.size(), 2U);
    EXPECT_THAT(seen(), testing::ElementsAre(true, true));
}

// J04
TEST_F(CourierOfTwo, LooksBeforeItSendsAgain)
{
    client.mood = Mood::takes_silently;
    const auto unanswered = courier.send(id);
    ASSERT_TRUE(unanswered);
    EXPECT_EQ(unanswered->code(), ErrorCode::rpc);
    EXPECT_EQ(client.sent.size(), 1U); // what follows would wait for its nonce
    EXPECT_THAT(seen(), testing::ElementsAre(false, false));
    EXPECT_EQ(service.find(id).status, Status::broadcast);
    client.mood = Mood::takes;
    EXPECT_FALSE(courier.send(id));
    ASSERT_EQ(client.sent.size(), 2U); // the first one had arrived
    EXPECT_EQ(client.sent[1].txid, txids()[1]);
    EXPECT_THAT(seen(), testing::ElementsAre(true, true));
}

TEST_F(CourierOfTwo, SendsTheSameBytesAgainWhenTheyWereLost)
{
    client.mood = Mood::loses;
    EXPECT_TRUE(courier.send(id));
    EXPECT_TRUE(courier.send(id));
    client.mood = Mood::takes;
    EXPECT_FALSE(courier.send(id));
    ASSERT_EQ(client.sent.size(), 4U);
    EXPECT_EQ(client.sent[0].bytes, client.sent[1].bytes);
    EXPECT_EQ(client.sent[0].bytes, client.sent[2].bytes);
}

TEST_F(CourierOfTwo, KeepsWhatIsRefusedForTheNextRun)
{
    client.mood = Mood::refuses;
    const auto refused = courier.send(id);
    ASSERT_TRUE(refused);
    EXPECT_THAT(refused->message(), testing::HasSubstr("insufficient funds"));
    client.mood = Mood::fails_to_answer_lookups;
    EXPECT_TRUE(courier.send(id));
    EXPECT_EQ(client.sent.size(), 1U); // without an answer nothing is sent
    client.mood = Mood::takes;
    EXPECT_FALSE(courier.send(id));
    EXPECT_EQ(client.pool.size(), 2U);
}

TEST_F(CourierOfTwo, FollowsTheLeastAdvanced)
{
    EXPECT_ERROR(courier.follow(id), ErrorCode::state); // nothing was sent
    courier.send(id);
    client.mine(txids()[0], 5);
    EXPECT_EQ(courier.follow(id).status, Status::broadcast);
    client.mine(txids()[1], 2);
    EXPECT_EQ(courier.follow(id).status, Status::broadcast); // the wallet asks for 3
    client.mine(txids()[1], 3);
    EXPECT_EQ(courier.follow(id).status, Status::success);
    client.mine(txids()[1], 3, false);
    EXPECT_EQ(courier.follow(id).status, Status::failed);
}

TEST_F(CourierOfTwo, CallsASlotUsedOnlyWhenTheTransactionIsNowhere)
{
    courier.send(id);
    const auto slot = service.find(id).judgement.open.payloads[0]->slots()[0];
    client.spent.insert(slot);
    EXPECT_EQ(courier.follow(id).status, Status::broadcast); // it waits in the pool
    client.pool.erase(txids()[0]);
    client.mined_while_asked = txids()[0]; // it is the one that used the slot
    EXPECT_EQ(courier.follow(id).stored.payloads[0].status, Status::success);
    client.mined_while_asked.reset();
    client.blocks.clear();
    EXPECT_EQ(courier.follow(id).stored.payloads[0].status, Status::replaced);
    EXPECT_EQ(client.asked_depth, 3U);
}


TEST_F(CourierOfALadder, SendsOneStepAtATime)
{
    EXPECT_ERROR(courier.send_next_step(id), ErrorCode::state); // nothing was sent
    EXPECT_FALSE(courier.send(id));
    EXPECT_FALSE(courier.send(id));
    ASSERT_EQ(client.sent.size(), 1U);
    EXPECT_EQ(client.sent[0].txid, txids()[0]);
    EXPECT_THAT(states(), testing::ElementsAre(Status::broadcast, Status::pending_broadcast, Status::pending_broadcast));
    EXPECT_EQ(service.find(id).status, Status::broadcast);

    EXPECT_FALSE(courier.send_next_step(id));
    replace_in_pool(1);
    EXPECT_EQ(courier.follow(id).status, Status::broadcast);
    EXPECT_FALSE(courier.send(id)); // what the second step put out of the pool is not sent again
    ASSERT_EQ(client.sent.size(), 2U);
    EXPECT_EQ(client.sent[1].txid, txids()[1]);

    EXPECT_FALSE(courier.send_next_step(id));
    EXPECT_EQ(client.sent.back().txid, txids()[2]);
    EXPECT_ERROR(courier.send_next_step(id), ErrorCode::state);
    EXPECT_FALSE(service.find(id).next_step());
}

TEST_F(CourierOfALadder, SendsTheNewestStepAgainWhenItWasLost)
{
    courier.send(id);
    client.mood = Mood::loses;
    EXPECT_TRUE(courier.send_next_step(id));
    client.mood = Mood::takes;
    EXPECT_FALSE(courier.send(id));
    ASSERT_EQ(client.sent.size(), 3U);
    EXPECT_EQ(client.sent[1].bytes, client.sent[2].bytes);
    EXPECT_EQ(client.sent[2].txid, txids()[1]);
}

TEST_F(CourierOfALadder, FinishesAStepThatBrokeOffBeforeTheNext)
{
    courier.send(id);
    client.mood = Mood::takes_silently;
    EXPECT_TRUE(courier.send_next_step(id));
    client.mood = Mood::takes;
    EXPECT_FALSE(courier.send_next_step(id)); // it had arrived
    EXPECT_EQ(client.sent.size(), 2U);
    EXPECT_EQ(service.find(id).next_step(), 2U);

    client.mood = Mood::fails_to_answer_lookups;
    EXPECT_FALSE(courier.send_next_step(id));
    EXPECT_EQ(client.sent.back().txid, txids()[2]);
}

TEST_F(CourierOfALadder, GoesOnWhereNodesRefuseAStep)
{
    client.mood = Mood::refuses; // its fee is too low for them
    EXPECT_TRUE(courier.send(id));
    EXPECT_TRUE(courier.send_next_step(id));
    ASSERT_EQ(client.sent.size(), 3U);
    EXPECT_EQ(client.sent[1].txid, txids()[0]);
    EXPECT_EQ(client.sent[2].txid, txids()[1]);
    client.mood = Mood::fails_to_answer_lookups; // no network: no step is used up
    EXPECT_TRUE(courier.send_next_step(id));
    EXPECT_EQ(client.sent.size(), 3U);
    EXPECT_EQ(service.find(id).next_step(), 2U);
}

TEST_F(CourierOfALadder, EndsWithWhicheverStepIsMined)
{
    courier.send(id);
    courier.send_next_step(id);
    client.pool.clear();
    client.mine(txids()[0], 1); // the lower one, although the higher was sent
    EXPECT_EQ(courier.follow(id).status, Status::broadcast);
    EXPECT_ERROR(courier.send_next_step(id), ErrorCode::state);
    client.mine(txids()[0], 3);
    client.spent.insert(service.find(id).judgement.open.slots()[0].slot);
    const auto done = courier.follow(id);
    EXPECT_EQ(done.status, Status::success);
    EXPECT_EQ(done.stored.row.status, Status::success);
    EXPECT_EQ(done.deciding_payload().sent->txid, txids()[0]);
    EXPECT_THAT(states(), testing::ElementsAre(Status::success, Status::replaced, Status::pending_broadcast));
    EXPECT_FALSE(courier.send(id));
    EXPECT_EQ(client.sent.size(), 2U);

    client.blocks.clear(); // a re-org, after which the other one is mined
    client.mine(txids()[1], 3);
    EXPECT_EQ(courier.follow(id).status, Status::success);
    EXPECT_THAT(states(), testing::ElementsAre(Status::replaced, Status::success, Status::pending_broadcast));
}

TEST_F(CourierOfALadder, IsReplacedWhenSomethingElseUsedItsSlot)
{
    courier.send(id);
    client.pool.clear();
    client.spent.insert(service.find(id).judgement.open.slots()[0].slot);
    EXPECT_EQ(courier.follow(id).status, Status::replaced);
    EXPECT_ERROR(courier.send_next_step(id), ErrorCode::state);
}

} // namespace
} // namespace coffer::requests
