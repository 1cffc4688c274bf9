// Keys that look different and derive the same: one signer must neither count twice nor hold two wallets.

#include "formats/bitcoin/check_charter.h"
#include "formats/bitcoin/wallet.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/bitcoin/treasury.h"

#include <algorithm>

namespace coffer::bitcoin {
namespace {

class SharedKeys : public testing::Test {
protected:
    const keys::ExtendedPublicKey parent = coffer::test::wallet_key_named("parent").extended_public_key();
    const std::string stranger = coffer::test::wallet_key_named("stranger").extended_public_key().format();
};

TEST_F(SharedKeys, OfOneDescriptorAreFoundAsTheyDerive)
{
    const auto with_child = [&](std::uint32_t child) {
        return test::charter_of("wsh(sortedmulti(2," + parent.format() + "/0/<0;1>/*," + parent.derive(child).format() + "/<0;1>/*," + stranger + "/<0;1>/*))");
    };
    const auto hostile = with_child(0);
    EXPECT_ERROR((DescriptorWallet{hostile, hostile.wallets.front()}), ErrorCode::enrol_dupkey);
    const auto benign = with_child(1);
    EXPECT_NO_THROW((DescriptorWallet{benign, benign.wallets.front()}));
}

TEST_F(SharedKeys, OfTwoWalletsAreFoundAsTheyDerive)
{
    const auto problems_with_child = [&](std::uint32_t child) {
        auto charter = test::charter_of("wpkh(" + parent.format() + "/0/<0;1>/*)");
        auto other = test::charter_of("wpkh(" + parent.derive(child).format() + "/<0;1>/*)");
        other.wallets.front().id = "btc-warm";
        other.wallets.front().keys.front().appliance = other.appliances.front().id = "vault-b";
        charter.appliances.push_back(other.appliances.front());
        charter.wallets.push_back(other.wallets.front());
        return check_charter(charter);
    };
    const auto hostile = problems_with_child(0);
    ASSERT_EQ(hostile.size(), 1U);
    EXPECT_EQ(hostile.front().code, ErrorCode::policy_sharedkey) << hostile.front().message;
    EXPECT_TRUE(problems_with_child(1).empty());
}

} // namespace
} // namespace coffer::bitcoin
