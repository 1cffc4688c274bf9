#include "cli/files/key_text.h"

#include "core/base/error.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::cli {
namespace {

const std::string origin = "[73c5da0a/48h/0h/0h/2h]";
const std::string xpub =
    "xpub6DkFAXWQ2dHxq2vatrt9qyA3bXYU4ToWQwCHbf5XB2mSTexcHZCeKS1VZYcPoBd5X8yVcbXFHJR9R8UCVpt82VX1VhR28mCyxUFL4r6KFrf";
const std::string xprv =
    "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi";

TEST(KeyText, ReadsALineWithOrLackingItsEnd)
{
    for (const auto& end : {"", "\n", "\r\n"}) {
        const auto key = parse_key_text(origin + xpub + end);
        EXPECT_EQ(key.origin, origin);
        EXPECT_EQ(key.extended_public, xpub);
    }
}

TEST(KeyText, ReadsJsonWithOriginAndKey)
{
    const auto key = parse_key_text(R"({"id": "k1", "xpub": ")" + xpub + R"(", "origin": ")" + origin + "\"}\n");
    EXPECT_EQ(key.origin, origin);
    EXPECT_EQ(key.extended_public, xpub);
    EXPECT_ERROR(parse_key_text(R"({"xpub": ")" + xpub + "\"}"), ErrorCode::malformed);
    EXPECT_ERROR(parse_key_text(R"({"origin": ")" + origin + R"(", "xpub": 1})"), ErrorCode::malformed);
    EXPECT_ERROR(parse_key_text(R"({"origin": "[73c5da0a/48h\n]", "xpub": ")" + xpub + "\"}"), ErrorCode::malformed);
}

TEST(KeyText, DemandsTheOrigin)
{
    EXPECT_ERROR(parse_key_text(xpub), ErrorCode::malformed);
    EXPECT_ERROR(parse_key_text(origin.substr(0, 10) + xpub), ErrorCode::malformed);
    EXPECT_ERROR(parse_key_text(R"({"origin": "", "xpub": ")" + xpub + "\"}"), ErrorCode::malformed);
}

TEST(KeyText, IsOneKeyOnOneLine)
{
    EXPECT_ERROR(parse_key_text(""), ErrorCode::malformed);
    EXPECT_ERROR(parse_key_text("\n"), ErrorCode::malformed);
    EXPECT_ERROR(parse_key_text(origin + xpub + "\n" + origin + xpub + "\n"), ErrorCode::malformed);
    EXPECT_ERROR(parse_key_text(origin + xpub + "/<0;1>/*"), ErrorCode::malformed);
    EXPECT_ERROR(parse_key_text(std::string(most_key_text_bytes + 1, 'x')), ErrorCode::limit);
}

TEST(KeyText, HoldsNoOtherCharacters)
{
    for (const auto& character : {"\x1b", "\t", " ", "\u202e", "\x7f"})
        EXPECT_ERROR(parse_key_text(origin + character + xpub), ErrorCode::malformed);
    EXPECT_ERROR(parse_key_text(origin + std::string(1, '\0') + xpub), ErrorCode::malformed);
}

TEST(KeyText, RefusesPrivateKeysWithoutShowingThem)
{
    for (const auto& text : {xprv, origin + xprv, origin + "zprv" + xprv.substr(4), R"({"origin": ")" + origin + R"(", "xpub": ")" + xprv + "\"}"})
        try {
            static_cast<void>(parse_key_text(text));
            ADD_FAILURE() << "accepted";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::secret_source);
            EXPECT_EQ((error.message() + error.hint()).find(xprv.substr(4, 20)), std::string::npos);
        }
}

TEST(KeyText, IsToldFromTheNameOfAFile)
{
    EXPECT_TRUE(is_key_text(origin + xpub));
    EXPECT_TRUE(is_key_text(xpub));
    EXPECT_TRUE(is_key_text("{\"origin\": \"\"}"));
    EXPECT_FALSE(is_key_text("electrum.txt"));
    EXPECT_FALSE(is_key_text("-"));
    EXPECT_FALSE(is_key_text("/media/" + std::string(120, 'a')));
}

} // namespace
} // namespace coffer::cli
