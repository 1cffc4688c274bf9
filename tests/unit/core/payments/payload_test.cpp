#include "core/payments/payload.h"

#include "core/encoding/hex.h"

#include <gtest/gtest.h>

namespace coffer::payments {
namespace {

TEST(SpendSlot, IsOneByteString)
{
    EXPECT_EQ(encoding::encode_hex(SpendSlot{{0xaa, 0xbb}, 7}.encode()), "0002aabb0000000000000007");
    EXPECT_EQ(encoding::encode_hex(SpendSlot{{0xaa, 0xbb}, std::nullopt}.encode()), "0002aabb");
    EXPECT_EQ(encoding::encode_hex(SpendSlot{{}, 0}.encode()), "00000000000000000000");
}

TEST(SpendSlot, NoTwoSlotsShareAnEncoding)
{
    const SpendSlot nonce{{1}, 2};
    auto owner = Bytes{1};
    append(owner, ByteArray<8>{0, 0, 0, 0, 0, 0, 0, 2});
    const SpendSlot outpoint{owner, std::nullopt};
    EXPECT_NE(nonce.encode(), outpoint.encode());
    EXPECT_NE(nonce, outpoint);
}

TEST(SpendSlotDeathTest, AnOwnerOverSixtyFourKibibytesIsABrokenInvariant)
{
    EXPECT_EQ((SpendSlot{Bytes(0xffff), std::nullopt}).encode().size(), 0xffffU + 2);
    EXPECT_DEATH(static_cast<void>((SpendSlot{Bytes(0x10000), std::nullopt}).encode()), "slot owner");
}

} // namespace
} // namespace coffer::payments
