#include "cli/chains/evm/client.h"

#include "cli/chains/clients.h"
#include "cli/chains/evm/facts.h"
#include "cli/chains/evm/quantity.h"
#include "core/keys/derivation.h"
#include "core/keys/mnemonic.h"
#include "core/storage/file.h"
#include "formats/evm/address.h"
#include "formats/evm/payload.h"
#include "tests/support/vectors.h"

#include <cstdlib>

namespace coffer::cli {
namespace {

using chains::SendOutcome;
using chains::Sighting;

constexpr std::uint64_t gwei = 1'000'000'000;
constexpr std::uint64_t ether = 1'000'000'000 * gwei;
/// What anvil derives its development accounts from.
constexpr std::string_view mnemonic = "test test test test test test test test test test test junk";

Json json_file(const char* variable)
{
    const auto* path = std::getenv(variable);
    require(path != nullptr, "this test is run by tests/integration/with-anvil");
    return Json::parse(text_of(storage::read_file(path, 65536)));
}

SecretBytes secret(std::string_view text)
{
    return SecretBytes::copy_of(bytes_of(text));
}

keys::ExtendedPrivateKey account_key()
{
    const auto seed = keys::seed_from_mnemonic(secret(mnemonic), secret(""));
    return keys::ExtendedPrivateKey::from_seed(seed).derive(keys::DerivationPath::parse("m/44h/60h/0h"));
}

/// A wallet `a0` to `a9` for each development account, the token TUSD, and RUSD, whose transfers revert
/// unless it is open.
charter::Charter test_charter(const Json& node, const Json& token)
{
    const auto any_key =
        artefacts::ApprovalKey::parse("ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    charter::Charter charter{{}, {}, 1, {}, {}, {}, {}, {}, {}, {}, any_key, {}, {}, {}, {}, {}};
    const auto key = account_key();
    charter.appliances.push_back({"vault", any_key, {}, {{"k1", "", key.extended_public_key().format()}}});
    charter.chains.push_back({"anvil", "evm", std::stoull(*node.find("chain_id")->number()), {}, "ETH", 18});
    const auto address_in = [](const Json& json) {
        return to_bytes(evm::parse_address(*json.find("address")->text(), evm::Checksum::required).bytes());
    };
    charter.tokens.push_back({"TUSD", "anvil", address_in(token), 6});
    charter.tokens.push_back({"RUSD", "anvil", address_in(*token.find("reverting")), 6});
    for (const char digit : std::string_view{"0123456789"}) {
        charter::Wallet wallet;
        wallet.id = std::string{"a"} + digit;
        wallet.chain = "anvil";
        wallet.keys.push_back({"vault", "k1", std::string{"0/"} + digit, ""});
        const auto account = key.derive(keys::DerivationPath::parse(wallet.keys[0].path)).key().public_key();
        wallet.address = to_bytes(evm::address_of(account).bytes());
        charter.wallets.push_back(std::move(wallet));
    }
    return charter;
}

class EvmClientOnAnvil : public testing::Test {
protected:
    EvmClientOnAnvil() { rpc("evm_setAutomine", Document::list().add(false)); }

    Json rpc(const std::string& method, Document params = Document::list())
    {
        return m_node.call(method, std::move(params)).result();
    }
    void mine(int blocks = 1)
    {
        for (int i = 0; i < blocks; ++i)
            rpc("evm_mine");
    }

    /// A call of the reverting token's setOpen from a development account of the node's own.
    void set_open(bool is_open)
    {
        auto data = Bytes{0x6f, 0xdc, 0xa5, 0xe0}; // setOpen(bool)
        data.resize(35, 0);
        data.push_back(is_open ? 1 : 0);
        auto call = Document::object();
        call.set("from", format_data(m_charter.wallet("a9").address)).set("to", format_data(m_charter.tokens[1].address));
        call.set("data", format_data(data));
        rpc("eth_sendTransaction", Document::list().add(std::move(call)));
        mine();
    }

    chains::TransferOrder order(const std::string& wallet, std::vector<payments::Payment> payments)
    {
        return {m_charter, m_charter.wallet(wallet), std::move(payments), false, {}, {}};
    }
    static payments::Payment pay(std::uint8_t destination, const std::string& asset, const Uint256& amount)
    {
        return {Bytes(20, destination), Amount{{"anvil", asset}, amount}};
    }

    std::unique_ptr<const payments::Payload> decode(const Bytes& payload, const std::string& wallet)
    {
        return evm::EvmPayload::decode(payload, {m_charter, m_charter.wallet(wallet)}, m_accounts);
    }
    payments::SignedTransaction sign(const Bytes& bytes, const std::string& wallet)
    {
        const auto payload = decode(bytes, wallet);
        const auto task = payload->signing_tasks().front();
        const auto key = account_key().derive(keys::DerivationPath::parse(task.path)).key();
        const auto signature = key.sign(task.digest);
        return payload->finalize(std::vector<payments::TaskSignature>{
            {0, to_bytes(key.public_key().compressed()), to_bytes(signature.compact)}});
    }
    std::vector<payments::SignedTransaction> build_and_sign(const chains::TransferOrder& transfer)
    {
        std::vector<payments::SignedTransaction> transactions;
        for (const auto& payload : m_client->build(transfer).payloads)
            transactions.push_back(sign(payload, transfer.wallet.id));
        return transactions;
    }
    Uint256 balance(ByteView address)
    {
        return read_quantity(rpc("eth_getBalance", Document::list().add(format_data(address)).add("latest")), "balance");
    }
    Uint256 token_balance(ByteView address)
    {
        const auto call = token_balance_call(m_charter.tokens[0], address, "latest");
        return read_token_balance(m_node.call(call.method, call.params), m_charter.tokens[0]);
    }

    std::string m_url = *json_file("COFFER_TEST_NODE").find("url")->text();
    RpcNode m_node{{m_url, {}, {}}};
    charter::Charter m_charter = test_charter(json_file("COFFER_TEST_NODE"), json_file("COFFER_TEST_TOKEN"));
    std::unique_ptr<chains::ChainClient> m_client = connect_client(m_charter.chains[0], {{m_url, {}, {}}});
    evm::AccountCache m_accounts;
};

TEST_F(EvmClientOnAnvil, TakesANativeTransferFromProposalToConfirmation)
{
    const auto transfer = order("a1", {pay(0xb1, "ETH", ether)});
    const auto built = m_client->build(transfer);
    ASSERT_EQ(built.payloads.size(), 1u);
    EXPECT_EQ(built.height, m_client->height());
    const auto payload = decode(built.payloads[0], "a1");
    EXPECT_EQ(payload->description().payments, transfer.payments);
    const auto slot = payload->slots().front();
    EXPECT_EQ(slot.owner, evm::slot_owner(m_charter.chains[0].chain_id, m_charter.wallet("a1").address));

    const auto transaction = sign(built.payloads[0], "a1");
    EXPECT_EQ(m_client->look_up(transaction, 0).place, Sighting::Place::nowhere);
    EXPECT_EQ(m_client->send(transaction), SendOutcome::accepted);
    EXPECT_EQ(m_client->send(transaction), SendOutcome::already_known);
    EXPECT_EQ(m_client->look_up(transaction, 0).place, Sighting::Place::mempool);
    EXPECT_FALSE(m_client->is_spent(slot, 1));

    mine();
    const auto found = m_client->look_up(transaction, 0);
    EXPECT_EQ(found.place, Sighting::Place::block);
    EXPECT_EQ(found.confirmations, 1u);
    EXPECT_TRUE(found.succeeded);
    EXPECT_EQ(found.block_number, m_client->height());
    mine(2);
    EXPECT_EQ(m_client->look_up(transaction, 0).confirmations, 3u);
    EXPECT_TRUE(m_client->is_spent(slot, 3));
    EXPECT_FALSE(m_client->is_spent(slot, 4));
    EXPECT_EQ(m_client->send(transaction), SendOutcome::already_known); // "nonce too low"
    EXPECT_EQ(balance(Bytes(20, 0xb1)), Uint256{ether});
}

TEST_F(EvmClientOnAnvil, PaysABatchOfTokensAndEther)
{
    const auto transactions =
        build_and_sign(order("a0", {pay(0xb2, "TUSD", 1'250'000), pay(0xb3, "ETH", 7), pay(0xb2, "TUSD", 1)}));
    ASSERT_EQ(transactions.size(), 3u);
    for (const auto& transaction : transactions)
        EXPECT_EQ(m_client->send(transaction), SendOutcome::accepted);
    mine();
    for (const auto& transaction : transactions)
        EXPECT_TRUE(m_client->look_up(transaction, 0).succeeded);
    EXPECT_EQ(token_balance(Bytes(20, 0xb2)), Uint256{1'250'001});
    EXPECT_EQ(balance(Bytes(20, 0xb3)), Uint256{7});

    const auto balances = m_client->balances(m_charter, m_charter.wallet("a0"));
    ASSERT_EQ(balances.size(), 3u);
    EXPECT_EQ(balances[1].base_units(), token_balance(m_charter.wallet("a0").address));
}

TEST_F(EvmClientOnAnvil, LeavesRoomForOpenRequests)
{
    auto transfer = order("a2", {pay(0xb4, "ETH", 1)});
    const auto first = m_client->build(transfer).payloads[0];
    transfer.reserved = decode(first, "a2")->slots();
    const auto second = m_client->build(transfer).payloads[0];
    EXPECT_EQ(*decode(second, "a2")->slots()[0].sequence, *decode(first, "a2")->slots()[0].sequence + 1);
}

TEST_F(EvmClientOnAnvil, ReportsARevertedTransferAsFailed)
{
    set_open(true);
    const auto transactions = build_and_sign(order("a3", {pay(0xb5, "RUSD", 5)}));
    set_open(false);
    EXPECT_EQ(m_client->send(transactions[0]), SendOutcome::accepted);
    mine();
    const auto found = m_client->look_up(transactions[0], 0);
    EXPECT_EQ(found.place, Sighting::Place::block);
    EXPECT_FALSE(found.succeeded);
    // While it is closed the estimate already says so, and nothing is built.
    EXPECT_ERROR(m_client->build(order("a3", {pay(0xb5, "RUSD", 5)})), ErrorCode::rpc);
}

TEST_F(EvmClientOnAnvil, SeesAReorganisationAndSendsAgain)
{
    const auto snapshot = *rpc("evm_snapshot").text();
    const auto transaction = build_and_sign(order("a4", {pay(0xb6, "ETH", 1)})).front();
    EXPECT_EQ(m_client->send(transaction), SendOutcome::accepted);
    mine(2);
    const auto before = m_client->look_up(transaction, 0);
    EXPECT_EQ(before.place, Sighting::Place::block);
    EXPECT_EQ(before.confirmations, 2u);

    // The same heights with other blocks.
    rpc("evm_revert", Document::list().add(snapshot));
    rpc("evm_increaseTime", Document::list().add(1000));
    mine(2);
    EXPECT_EQ(m_client->look_up(transaction, 0).place, Sighting::Place::nowhere);
    EXPECT_EQ(m_client->send(transaction), SendOutcome::accepted);
    mine();
    const auto after = m_client->look_up(transaction, 0);
    EXPECT_EQ(after.place, Sighting::Place::block);
    EXPECT_EQ(after.confirmations, 1u);
    EXPECT_NE(after.block_hash, before.block_hash);

    rpc("anvil_reorg", Document::list().add(1).add(Document::list()));
    EXPECT_NE(m_client->look_up(transaction, 0).place, Sighting::Place::block);
}

TEST_F(EvmClientOnAnvil, KnowsWhenAnotherTransactionTookTheNonce)
{
    const auto lost = build_and_sign(order("a5", {pay(0xb7, "ETH", 1)})).front();
    const auto payload = m_client->build(order("a5", {pay(0xb7, "ETH", 2)})).payloads[0];
    EXPECT_EQ(m_client->send(sign(payload, "a5")), SendOutcome::accepted);
    EXPECT_ERROR(m_client->send(lost), ErrorCode::rpc); // "replacement transaction underpriced"
    mine();
    EXPECT_ERROR(m_client->send(lost), ErrorCode::rpc); // "nonce too low"
    EXPECT_EQ(m_client->look_up(lost, 0).place, Sighting::Place::nowhere);
    EXPECT_TRUE(m_client->is_spent(decode(payload, "a5")->slots()[0], 1));
}

TEST_F(EvmClientOnAnvil, SendsEverything)
{
    auto transfer = order("a6", {pay(0xb8, "ETH", 0)});
    transfer.spend_all = true;
    const auto before = balance(m_charter.wallet("a6").address);
    const auto transaction = build_and_sign(transfer).front();
    EXPECT_EQ(m_client->send(transaction), SendOutcome::accepted);
    mine();
    EXPECT_TRUE(m_client->look_up(transaction, 0).succeeded);
    // What stays is what the fee was below its ceiling.
    EXPECT_LT(balance(m_charter.wallet("a6").address), Uint256{ether / 100});
    EXPECT_GT(balance(Bytes(20, 0xb8)), before - Uint256{ether / 100});

    auto tokens = order("a0", {pay(0xb9, "TUSD", 0)});
    tokens.spend_all = true;
    EXPECT_EQ(m_client->send(build_and_sign(tokens).front()), SendOutcome::accepted);
    mine();
    EXPECT_TRUE(token_balance(m_charter.wallet("a0").address).is_zero());
}

TEST_F(EvmClientOnAnvil, RefusesWhatTheNodeContradicts)
{
    auto chain = m_charter.chains[0];
    chain.chain_id = 1;
    EXPECT_ERROR(connect_client(chain, {{m_url, {}, {}}})->height(), ErrorCode::chain);
    EXPECT_ERROR(m_client->build(order("a7", {pay(0xba, "ETH", Uint256{ether} * Uint256{1'000'000})})),
                 ErrorCode::insufficient_funds);
    EXPECT_ERROR(m_client->build(order("a7", {pay(0xba, "TUSD", 1)})), ErrorCode::insufficient_funds);
    auto capped = order("a7", {pay(0xba, "ETH", 1)});
    capped.max_fee = Uint256{1};
    EXPECT_ERROR(m_client->build(capped), ErrorCode::fee_cap);
}

TEST_F(EvmClientOnAnvil, AgreesWithItselfAsTwoNodes)
{
    const auto two = connect_client(m_charter.chains[0], {{m_url, {}, {}}, {m_url, {}, {}}});
    EXPECT_EQ(two->build(order("a7", {pay(0xba, "ETH", 1)})).payloads,
              m_client->build(order("a7", {pay(0xba, "ETH", 1)})).payloads);
}

} // namespace
} // namespace coffer::cli
