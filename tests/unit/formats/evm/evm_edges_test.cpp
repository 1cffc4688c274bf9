// What seldom happens to Ethereum's formats: each of these is a way out of a condition that other tests do not take.

#include "core/base/error.h"
#include "formats/evm/address.h"
#include "formats/evm/check_charter.h"
#include "formats/evm/decode.h"
#include "formats/evm/format.h"
#include "formats/evm/rlp.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/evm/treasury.h"

#include <gtest/gtest.h>

namespace coffer::evm {
namespace {

TEST(EvmEdges, TheNeighboursOfHexDigitsAreNone)
{
    const std::string good = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
    EXPECT_NO_THROW(static_cast<void>(parse_address(good, Checksum::optional)));
    for (const char c : {'/', ':', '@', 'G', '`', 'g'}) {
        auto text = good;
        text.back() = c;
        EXPECT_ERROR(static_cast<void>(parse_address(text, Checksum::optional)), ErrorCode::malformed);
    }
}

TEST(EvmEdges, AnAccountHasOneAddress)
{
    const auto charter = test::make_charter();
    const auto& format = chains::format_of(charter.chain("ethereum"));
    const auto& wallet = charter.wallets[0];
    EXPECT_EQ(format.derive_address(charter, wallet, chains::Branch::receive, 0), wallet.address);
    EXPECT_ERROR(static_cast<void>(format.derive_address(charter, wallet, chains::Branch::change, 0)), ErrorCode::malformed);
    EXPECT_ERROR(static_cast<void>(format.derive_address(charter, wallet, chains::Branch::receive, 1)), ErrorCode::malformed);
}

TEST(EvmEdges, WhatIsOnOtherChainsIsNotLookedAt)
{
    auto charter = test::make_charter();
    charter.chains.push_back({"bitcoin", "bitcoin", 0, "mainnet", "BTC", 8});
    charter.tokens.push_back({"T", "bitcoin", Bytes(3, 1), 6});
    charter.tokens.push_back({"U", "unheard-of", Bytes(3, 1), 6});
    EXPECT_TRUE(check_charter(charter).empty());
}

/// An old transaction of nine items; the last three are v, r and s.
Bytes legacy(ByteView v, ByteView r, ByteView s)
{
    Bytes items{0x01, 0x02, 0x82, 0x52, 0x08, 0x94};
    append(items, Bytes(20, 0x11));
    append(items, Bytes{0x05, 0x80});
    for (const auto part : {v, r, s})
        append(items, part);
    Bytes list{static_cast<std::uint8_t>(0xc0 + items.size())};
    append(list, items);
    return list;
}

TEST(EvmEdges, AnUnsignedLegacyTransactionHasEmptyRAndS)
{
    const Bytes chain{0x01}, empty{0x80}, one{0x01}, empty_list{0xc0};
    EXPECT_NO_THROW(static_cast<void>(decode_unsigned(legacy(chain, empty, empty))));
    EXPECT_FALSE(is_signed(legacy(chain, empty, empty)));
    for (const auto& [r, s] : {std::pair{one, empty}, std::pair{empty, one}, std::pair{empty_list, empty}, std::pair{empty, empty_list}}) {
        EXPECT_ERROR(static_cast<void>(decode_unsigned(legacy(chain, r, s))), ErrorCode::rlp);
        EXPECT_TRUE(is_signed(legacy(chain, r, s)));
    }
}

} // namespace
} // namespace coffer::evm
