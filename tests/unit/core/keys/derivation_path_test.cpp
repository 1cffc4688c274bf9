#include "core/keys/derivation_path.h"

#include "tests/support/vectors.h"

namespace coffer::keys {
namespace {

TEST(DerivationPath, ParsesBothSpellingsAndWritesOne)
{
    const DerivationPath path{{44 | hardened, 60 | hardened, 0 | hardened, 0, 5}};
    EXPECT_EQ(DerivationPath::parse("m/44h/60h/0h/0/5"), path);
    EXPECT_EQ(DerivationPath::parse("m/44'/60'/0h/0/5"), path);
    EXPECT_EQ(path.format(), "m/44h/60h/0h/0/5");
    EXPECT_EQ(DerivationPath::parse("m"), DerivationPath{});
    EXPECT_EQ(DerivationPath{}.format(), "m");
    EXPECT_EQ(DerivationPath::parse("m/2147483647h").steps().front(), 0xffffffff);
}

TEST(DerivationPath, TellsARelativePathFromAWholeOne)
{
    const auto relative = DerivationPath::parse("0/7");
    EXPECT_EQ(relative.start(), PathStart::here);
    EXPECT_EQ(relative.format(), "0/7");
    EXPECT_NE(relative, DerivationPath::parse("m/0/7"));
    EXPECT_EQ(relative.child(3 | hardened).format(), "0/7/3h");
}

TEST(DerivationPath, RefusesEverythingElse)
{
    for (const auto* text : {"", "/", "m/", "/0", "0/", "m//0", "M/0", "m/0H", "m/0hh", "m/h", "m/'", "m/-1", "m/+1",
                             "m/00", "m/01", "m/2147483648", "m/4294967296", "m/99999999999999999999", "m/0x1", "m/ 0",
                             "m/0 ", "m/1.0", "mm/0", "m0", "m/0/m", "0/*", "m/<0;1>"})
        EXPECT_ERROR(DerivationPath::parse(text), ErrorCode::malformed);
}

TEST(DerivationPath, HasAtMost255Steps)
{
    std::string text = "m";
    for (int i = 0; i < 255; ++i)
        text += "/2147483647h";
    EXPECT_EQ(DerivationPath::parse(text).steps().size(), 255U);
    EXPECT_EQ(DerivationPath::parse(text).format(), text);
    EXPECT_ERROR(DerivationPath::parse(text + "/0"), ErrorCode::malformed);
    EXPECT_ERROR(DerivationPath::parse(text).child(0), ErrorCode::malformed);
    EXPECT_ERROR(DerivationPath::parse("m/0/0" + std::string(100'000, '0')), ErrorCode::malformed);
}

TEST(KeyOrigin, GoesRound)
{
    const auto origin = KeyOrigin::parse("[d34db33f/44'/60h/0h]");
    EXPECT_EQ(origin.fingerprint.bytes(), (ByteArray<4>{0xd3, 0x4d, 0xb3, 0x3f}));
    EXPECT_EQ(origin.path.format(), "m/44h/60h/0h");
    EXPECT_EQ(origin.format(), "[d34db33f/44h/60h/0h]");
    EXPECT_EQ(KeyOrigin::parse("[D34DB33F]").format(), "[d34db33f]");
}

TEST(KeyOrigin, RefusesEverythingElse)
{
    for (const auto* text : {"", "[]", "d34db33f/44h", "[d34db33f/44h", "d34db33f/44h]", "[d34db33/44h]",
                             "[d34db33f44h]", "[d34db33f0/44h]", "[d34db33g/44h]", "[d34db33f/]", "[d34db33f//0]",
                             "[d34db33f/m/0]", "[d34db33f/44h] ", "[d34db33f/44h]]", "[d34db33f/44h/*]"})
        EXPECT_ERROR(KeyOrigin::parse(text), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::keys
