#include "formats/evm/account.h"

#include "tests/support/vectors.h"
#include "tests/unit/formats/evm/treasury.h"

namespace coffer::evm {
namespace {

TEST(EvmAccount, DerivesPublishedAddresses)
{
    EXPECT_EQ(format_address(derive_account(test::extended_public, "0/0").address), test::address_0);
    EXPECT_EQ(format_address(derive_account(test::extended_public, "0/1").address), test::address_1);
    EXPECT_EQ(format_address(derive_account(test::extended_public, "0/5").address),
              "0xA40cFBFc8534FFC84E20a7d8bBC3729B26a35F6f");
    EXPECT_THROW(derive_account(test::extended_public, "0h/0"), Error);
    EXPECT_THROW(derive_account("xpub", "0/0"), Error);
}

TEST(EvmAccount, BelongsToAWalletOfOneKey)
{
    const auto charter = test::make_charter();
    const AccountCache cache;
    for (int round = 0; round < 2; ++round) { // derived, then remembered
        EXPECT_EQ(format_address(cache.account_of(charter, charter.wallet("cold")).address), test::address_0);
        EXPECT_EQ(format_address(cache.account_of(charter, charter.wallet("cold-base")).address), test::address_0);
        EXPECT_EQ(format_address(cache.account_of(charter, charter.wallet("ops")).address), test::address_1);
    }
}

TEST(EvmAccount, RefusesWalletsWithoutAKeyOfTheirOwn)
{
    const AccountCache cache;
    const auto expect_refusal = [&](auto change) {
        auto charter = test::make_charter();
        EXPECT_NO_THROW(cache.account_of(charter, charter.wallets[0]));
        change(charter);
        EXPECT_ERROR(cache.account_of(charter, charter.wallets[0]), ErrorCode::policy_invalid);
    };
    expect_refusal([](auto& charter) { charter.wallets[0].keys.clear(); });
    expect_refusal([](auto& charter) { charter.wallets[0].keys.push_back(charter.wallets[2].keys[0]); });
    expect_refusal([](auto& charter) { charter.wallets[0].keys[0] = {"", "", "", "metamask"}; });
    expect_refusal([](auto& charter) { charter.wallets[0].keys[0].appliance = "vault-b"; });
    expect_refusal([](auto& charter) { charter.wallets[0].keys[0].key = "k2"; });
    expect_refusal([](auto& charter) { charter.wallets[0].keys[0].path = "0/2"; });
    expect_refusal([](auto& charter) { charter.wallets[0].address.pop_back(); });
}

TEST(EvmAccount, RemembersNothingOfAKeyThatDoesNotDerive)
{
    const AccountCache cache;
    auto charter = test::make_charter();
    charter.wallets[0].keys[0].path = "0h/0";
    EXPECT_THROW(cache.account_of(charter, charter.wallets[0]), Error);
    EXPECT_THROW(cache.account_of(charter, charter.wallets[0]), Error);
}

} // namespace
} // namespace coffer::evm
