#include "formats/evm/format.h"

#include "formats/evm/encode.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/evm/treasury.h"

#include <algorithm>

namespace coffer::evm {
namespace {

class EvmFormatTest : public testing::Test {
protected:
    charter::Charter charter = test::make_charter();
    const charter::Chain& chain = charter.chain("ethereum");
    EvmFormat format;
};

TEST_F(EvmFormatTest, IsFoundByItsFamily)
{
    const auto* found = chains::find_format("evm");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->family(), "evm");
    EXPECT_EQ(&chains::format_of(chain), found);
    EXPECT_EQ(std::ranges::count(chains::all_formats(), found), 1);
    EXPECT_EQ(chains::find_format("EVM"), nullptr);
    auto unknown = chain;
    unknown.family = "evn";
    EXPECT_ERROR(chains::format_of(unknown), ErrorCode::chain);
}

TEST_F(EvmFormatTest, DecodesPayloads)
{
    const auto bytes = encode_unsigned(build_transfer(test::token_plan()));
    const auto payload = format.decode(bytes, test::context_of(charter));
    EXPECT_EQ(payload->bytes(), bytes);
    EXPECT_EQ(payload->description().payer, "cold");
    EXPECT_ERROR(format.decode(bytes, test::context_of(charter, "cold-base")), ErrorCode::chain);
}

TEST_F(EvmFormatTest, ReadsAndWritesAddresses)
{
    const auto address = format.parse_address(test::address_0, chain);
    EXPECT_EQ(format.format_address(address, chain), test::address_0);
    EXPECT_ERROR(format.parse_address("0x9858effd232b4033e47d90003d41ec34ecaeda94", chain), ErrorCode::addr_checksum);
    EXPECT_ERROR(format.format_address(Bytes(19), chain), ErrorCode::malformed);
}

TEST_F(EvmFormatTest, DerivesTheOneAddressOfAWallet)
{
    EXPECT_EQ(format.format_address(format.derive_address(charter, charter.wallet("ops"), chains::Branch::receive, 0), chain), test::address_1);
    EXPECT_ERROR(format.derive_address(charter, charter.wallet("ops"), chains::Branch::receive, 1), ErrorCode::malformed);
    EXPECT_EQ(format.format_address(format.derive_address(chain, test::extended_public, "0/0"), chain), test::address_0);
}

TEST_F(EvmFormatTest, KnowsItsUnits)
{
    EXPECT_EQ(format.native_symbol(), "ETH");
    EXPECT_EQ(format.native_decimals(), 18U);
    EXPECT_EQ(format.format_feerate(format.parse_feerate("50 gwei")), "50 gwei");
}

TEST_F(EvmFormatTest, ChecksCharters)
{
    EXPECT_TRUE(format.check_charter(charter).empty());
    charter.chains[0].chain_id = 0;
    EXPECT_EQ(format.check_charter(charter).size(), 1U);
}

} // namespace
} // namespace coffer::evm
