#include "formats/qr/picture.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "tests/support/vectors.h"

namespace coffer::qr {
namespace {

TEST(Qr, HasAFinderInThreeCornersAndLightAround)
{
    const auto code = encode("COFFER");
    EXPECT_EQ(code.size(), 21U);
    for (const auto& [column, row] : {std::pair{0, 0}, {14, 0}, {0, 14}})
        for (int y = 0; y < 7; ++y)
            for (int x = 0; x < 7; ++x) {
                const bool is_ring = x == 0 || y == 0 || x == 6 || y == 6;
                const bool is_heart = x >= 2 && x <= 4 && y >= 2 && y <= 4;
                EXPECT_EQ(code.is_dark(column + x, row + y), is_ring || is_heart);
            }
    EXPECT_FALSE(code.is_dark(-1, 0));
    EXPECT_FALSE(code.is_dark(0, 21));
}

TEST(Qr, TakesTheSmallestVersionThatHoldsIt)
{
    EXPECT_EQ(version_for(1), 1U);
    EXPECT_EQ(version_for(25), 1U);
    EXPECT_EQ(version_for(26), 2U);
    EXPECT_EQ(version_for(4296), 40U);
    EXPECT_ERROR(version_for(4297), ErrorCode::qr_limit);
    EXPECT_EQ(capacity(40), 4296U);
    for (unsigned version = 2; version <= highest_version; ++version)
        EXPECT_GT(capacity(version), capacity(version - 1));
    EXPECT_EQ(encode("A", 7).size(), 17U + 4 * 7);
    EXPECT_ERROR(encode(std::string(4297, 'A')), ErrorCode::qr_limit);
}

TEST(Qr, HalfBlocksAreTwoRowsALine)
{
    const auto code = encode("COFFER");
    const auto on_dark = half_blocks(code, Screen::dark);
    const auto on_light = half_blocks(code, Screen::light);
    ASSERT_EQ(on_dark.size(), 15U); // 21 and twice 4, halved
    std::string full;
    for (int i = 0; i < 29; ++i)
        full += "\u2588";
    EXPECT_EQ(on_dark.front(), full) << "the quiet zone is light";
    EXPECT_EQ(on_light.front(), std::string(29, ' '));
}

TEST(Qr, PicturesHaveTheirSizeAndNothingElse)
{
    const auto code = encode("COFFER");
    const auto file = png(code, 3);
    EXPECT_EQ(text_of(ByteView{file}.subspan(1, 3)), "PNG");
    EXPECT_EQ(file[19], 29 * 3);
    EXPECT_EQ(file[23], 29 * 3);
    EXPECT_EQ(png(code, 3), file) << "the same picture always";
    EXPECT_NE(svg(code).find("viewBox=\"0 0 29 29\""), std::string::npos);
}

} // namespace
} // namespace coffer::qr
