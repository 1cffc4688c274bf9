#include "tests/unit/formats/evm/treasury.h"

namespace coffer::evm::test {

namespace {

Bytes raw(std::string_view address)
{
    return to_bytes(parse_address(address, Checksum::required).bytes());
}

charter::Wallet make_wallet(std::string id, std::string chain, std::string_view address, std::string path)
{
    charter::Wallet wallet;
    wallet.id = std::move(id);
    wallet.chain = std::move(chain);
    wallet.address = raw(address);
    wallet.keys = {{"vault-a", "k1", std::move(path), ""}};
    return wallet;
}

} // namespace

charter::Charter make_charter()
{
    // RFC 8032, test 1: any point serves, nothing here is signed by it.
    const auto approval_key = artefacts::ApprovalKey::parse(
        "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    charter::Charter charter{.header = {},
                             .name = "Example Treasury",
                             .version = 1,
                             .previous = std::nullopt,
                             .adopt_before = std::nullopt,
                             .amendment = {},
                             .roles = {},
                             .officers = {},
                             .appliances = {},
                             .audit_key = approval_key,
                             .chains = {},
                             .tokens = {},
                             .wallets = {},
                             .destinations = {},
                             .rules = {}};
    charter.appliances = {{"vault-a", approval_key, charter::Appliance::State::active,
                           {{"k1", "[73c5da0a/44h/60h/0h]", std::string{extended_public}}}}};
    charter.chains = {{"ethereum", "evm", 1, "", "ETH", 18}, {"base", "evm", 8453, "", "ETH", 18}};
    charter.tokens = {{"USDC", "ethereum", to_bytes(usdc.bytes()), 6}};
    charter.wallets = {make_wallet("cold", "ethereum", address_0, "0/0"), make_wallet("cold-base", "base", address_0, "0/0"),
                       make_wallet("ops", "ethereum", address_1, "0/1")};
    charter.destinations = {{"exchange", "ethereum", to_bytes(stranger.bytes())}};
    return charter;
}

TransferPlan native_plan()
{
    TransferPlan plan;
    plan.chain_id = 1;
    plan.nonce = 7;
    plan.gas_limit = 21000;
    plan.max_fee_per_gas = 50'000'000'000;
    plan.max_priority_fee_per_gas = 2'000'000'000;
    plan.recipient = stranger;
    plan.amount = 1'000'000'000'000'000'000;
    return plan;
}

TransferPlan token_plan()
{
    auto plan = native_plan();
    plan.gas_limit = 65000;
    plan.amount = 1'000'000;
    plan.token = usdc;
    return plan;
}

} // namespace coffer::evm::test
