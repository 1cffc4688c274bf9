#include "cli/chains/evm/quantity.h"

#include "tests/support/vectors.h"

namespace coffer::cli {
namespace {

Uint256 read(const std::string& json)
{
    return read_quantity(Json::parse(json), "test");
}

TEST(Quantity, ReadsHexWithoutLeadingZeros)
{
    EXPECT_EQ(read(R"("0x0")"), Uint256{0});
    EXPECT_EQ(read(R"("0x400")"), Uint256{1024});
    EXPECT_EQ(read(R"("0xFf")"), Uint256{255});
    EXPECT_EQ(read("\"0x" + std::string(64, 'f') + "\"").decimal(),
              "115792089237316195423570985008687907853269984665640564039457584007913129639935");
    EXPECT_EQ(read_u64(Json::parse(R"("0xffffffffffffffff")"), "test"), ~std::uint64_t{0});
}

TEST(Quantity, RefusesEverythingElse)
{
    for (const auto* json : {"null", "1", "-1", "1.5", "true", "[]", "{}", R"("")", R"("0x")", R"("0x00")", R"("0x01")",
                             R"("-0x1")", R"("0x-1")", R"("NaN")", R"("0xNaN")", R"("Infinity")", R"("12")", R"("0X1")",
                             R"(" 0x1")", R"("0x1 ")", R"("0x1g")", R"("0x\u0000")"}) {
        SCOPED_TRACE(json);
        EXPECT_ERROR(read(json), ErrorCode::rpc);
    }
    EXPECT_ERROR(read("\"0x1" + std::string(64, '0') + "\""), ErrorCode::rpc);
    EXPECT_ERROR(read_u64(Json::parse(R"("0x10000000000000000")"), "test"), ErrorCode::rpc);
    EXPECT_ERROR(read_data(Json::parse(R"("0x123")"), "test"), ErrorCode::rpc);
    EXPECT_ERROR(read_hash(Json::parse(R"("0x12")"), "test"), ErrorCode::rpc);
}

TEST(Quantity, WritesWhatItReads)
{
    for (const std::uint64_t value : {0ull, 1ull, 15ull, 16ull, 255ull, 256ull, 21000ull, ~0ull})
        EXPECT_EQ(read("\"" + format_quantity(Uint256{value}) + "\""), Uint256{value});
    EXPECT_EQ(format_quantity(Uint256{0}), "0x0");
    EXPECT_EQ(format_quantity(Uint256{256}), "0x100");
    EXPECT_EQ(read_data(Json::parse("\"" + format_data(Bytes{0, 1, 0xff}) + "\""), "test"), (Bytes{0, 1, 0xff}));
}

} // namespace
} // namespace coffer::cli
