#include "core/charter/charter.h"

#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

namespace coffer::charter {
namespace {

using test::address_named;

TEST(Charter, FindsByIdOrFindsNothing)
{
    const auto charter = test::example_charter();
    EXPECT_EQ(charter.find_officer("bob")->id, "bob");
    EXPECT_EQ(charter.find_role("compliance")->veto, true);
    EXPECT_EQ(charter.find_appliance("vault-b")->state, Appliance::State::standby);
    EXPECT_EQ(charter.find_chain("polygon")->chain_id, 137U);
    EXPECT_EQ(charter.find_wallet("purse")->mode, Mode::personal);
    EXPECT_EQ(charter.find_token({"ethereum", "USDC"})->decimals, 6U);
    EXPECT_EQ(charter.find_officer("Bob"), nullptr);
    EXPECT_EQ(charter.find_role("board"), nullptr);
    EXPECT_EQ(charter.find_appliance("vault"), nullptr);
    EXPECT_EQ(charter.find_chain("bitcoin"), nullptr);
    EXPECT_EQ(charter.find_wallet(""), nullptr);
    EXPECT_EQ(charter.find_token({"polygon", "USDC"}), nullptr);
    EXPECT_EQ(charter.find_token({"ethereum", "usdc"}), nullptr);
}

TEST(Charter, FindsAnOfficerByAnyOfTheirKeys)
{
    auto charter = test::example_charter();
    charter.officers[1].keys.push_back(test::approval_key_named("bob's second"));
    EXPECT_EQ(charter.find_officer_of(test::approval_key_named("bob").id())->id, "bob");
    EXPECT_EQ(charter.find_officer_of(test::approval_key_named("bob's second").id())->id, "bob");
    EXPECT_EQ(charter.find_officer_of(test::approval_key_named("mallory").id()), nullptr);
    EXPECT_TRUE(charter.officers[1].has_role("admin"));
    EXPECT_FALSE(charter.officers[1].has_role("compliance"));
}

TEST(Charter, AnAddressBelongsToOneChain)
{
    const auto charter = test::example_charter();
    const auto address = charter.wallet("eth-cold").address;
    EXPECT_EQ(charter.find_wallet_at("ethereum", address)->id, "eth-cold");
    EXPECT_EQ(charter.find_wallet_at("polygon", address)->id, "pol-cold");
    EXPECT_EQ(charter.find_wallet_at("bitcoin", address), nullptr);
    EXPECT_EQ(charter.find_destination_at("ethereum", address_named("exchange"))->id, "exchange");
    EXPECT_EQ(charter.find_destination_at("polygon", address_named("exchange")), nullptr);
    EXPECT_EQ(charter.find_token_at("ethereum", address_named("USDC"))->id, "USDC");
    EXPECT_EQ(charter.find_token_at("polygon", address_named("USDC")), nullptr);
    auto near = address_named("exchange");
    near.back() ^= 1;
    EXPECT_EQ(charter.find_destination_at("ethereum", near), nullptr);
}

TEST(Charter, NothingIsAtAnEmptyAddress)
{
    auto charter = test::example_charter();
    charter.wallets[0].address.clear();
    charter.wallets[0].descriptor = "wsh()";
    charter.destinations[0].address.clear();
    EXPECT_EQ(charter.find_wallet_at("ethereum", {}), nullptr);
    EXPECT_EQ(charter.find_destination_at("ethereum", {}), nullptr);
}

TEST(Charter, WhatMustBeThereThrowsWhenItIsNot)
{
    const auto charter = test::example_charter();
    EXPECT_EQ(charter.wallet("eth-hot").tier, Tier::hot);
    EXPECT_ERROR(charter.wallet("btc-cold"), ErrorCode::wallet_unknown);
    EXPECT_EQ(charter.chain("ethereum").native(), (AssetId{"ethereum", "ETH"}));
    EXPECT_ERROR(charter.chain("bitcoin"), ErrorCode::chain);
}

TEST(Charter, DecimalsAreThoseOfTheCharterAlone) // B14, B15
{
    const auto charter = test::example_charter();
    EXPECT_EQ(charter.decimals({"ethereum", "ETH"}), 18U);
    EXPECT_EQ(charter.decimals({"ethereum", "USDC"}), 6U);
    EXPECT_ERROR(charter.decimals({"polygon", "USDC"}), ErrorCode::token_unknown);
    EXPECT_ERROR(charter.decimals({"polygon", "ETH"}), ErrorCode::token_unknown);
    EXPECT_ERROR(charter.decimals({"bitcoin", "BTC"}), ErrorCode::token_unknown);
}

TEST(Signers, AreTheOfficersWhoseKeysVerify)
{
    const auto charter = test::example_charter();
    auto artefact = test::signed_by(seal(charter), {"alice", "erin", "mallory", "vault-a"});
    artefact.add_signature({test::approval_key_named("bob").id(), Bytes(64)});
    const auto present = signers(artefact, charter);
    ASSERT_EQ(present.size(), 2U);
    EXPECT_EQ(present[0].officer, "alice");
    EXPECT_EQ(present[1].officer, "erin");
    EXPECT_EQ(present[1].roles, (std::vector<std::string>{"finance", "compliance"}));
}

TEST(FoundingSignatures, NameWhoIsMissing)
{
    const auto charter = test::example_charter();
    EXPECT_NO_THROW(require_founding_signatures(test::signed_by(seal(charter), test::officer_ids(charter)), charter));
    try {
        require_founding_signatures(test::signed_by(seal(charter), {"alice", "bob", "dave", "erin"}), charter);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::appr_missing);
        EXPECT_NE(error.message().find("carol, olga"), std::string::npos) << error.message();
    }
}

TEST(Names, OfEnumeratorsAreThoseOfTheCharterFile)
{
    EXPECT_EQ(name_of(Tier::cold), "cold");
    EXPECT_EQ(name_of(Tier::warm), "warm");
    EXPECT_EQ(name_of(Tier::hot), "hot");
    EXPECT_EQ(name_of(Mode::governed), "governed");
    EXPECT_EQ(name_of(Mode::personal), "personal");
    EXPECT_EQ(name_of(Presence::person), "person");
    EXPECT_EQ(name_of(Presence::none), "none");
    for (const auto* name : {"transfer", "consolidate", "message", "call", "approve_token", "safe_admin", "permission", "stake", "bump", "void", "key_ceremony"})
        EXPECT_EQ(name_of(parse_request_kind(name)), name);
    for (const auto* name : {"", "Transfer", "void_", "any"})
        EXPECT_ERROR(parse_request_kind(name), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::charter
