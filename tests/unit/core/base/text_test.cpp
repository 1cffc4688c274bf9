#include "core/base/text.h"

#include "tests/support/vectors.h"

namespace coffer {
namespace {

TEST(Escaped, LetsNothingHostileThrough)
{
    EXPECT_EQ(escaped("plain text, ünïcödé, 水"), "plain text, ünïcödé, 水");
    EXPECT_EQ(escaped("\x1b[31m"), "\\x1b[31m");
    EXPECT_EQ(escaped("a\nb\r\t"), "a\\x0ab\\x0d\\x09");
    EXPECT_EQ(escaped(std::string_view{"\0\x7f", 2}), "\\x00\\x7f");
    EXPECT_EQ(escaped("\xc2\x9b"), "\\xc2\\x9b");                 // C1 control sequence introducer
    EXPECT_EQ(escaped("\u202e"), "\\u202e");                      // right-to-left override
    EXPECT_EQ(escaped("\u200b\ufeff"), "\\u200b\\ufeff");         // zero-width space, byte order mark
    EXPECT_EQ(escaped("\u2028"), "\\u2028");                      // line separator
    EXPECT_EQ(escaped("\U000e0041"), "\\U000e0041");              // tag letter
    EXPECT_EQ(escaped("\xff\xc3"), "\\xff\\xc3");                 // no UTF-8
    EXPECT_EQ(escaped("\xed\xa0\x80"), "\\xed\\xa0\\x80");        // a surrogate
}

TEST(Escaped, ShowsLookAlikesInAWordAsWhatTheyAre)
{
    EXPECT_EQ(escaped("ex\u0441hange"), "ex\\u0441hange");      // Cyrillic
    EXPECT_EQ(escaped("USD\u0421 \u039fK"), "USD\\u0421 \\u039fK"); // Cyrillic, Greek
    EXPECT_EQ(escaped("1\u041e\u041e ETH"), "1\\u041e\\u041e ETH");
    EXPECT_EQ(escaped("a\u0561 \u13aab \ua4d0b \u2c82b"), "a\\u0561 \\u13aab \\ua4d0b \\u2c82b");
    EXPECT_EQ(escaped("\uff21\uff10 \U0001d400 \u212a"), "\\uff21\\uff10 \\U0001d400 \\u212a");
}

TEST(Escaped, ShowsWordsOfOneScriptAsTheyAre)
{
    for (const std::string text : {"Казначейство", "Иван Petrov", "Ταμείο No. 7", "5 m², 1ª, 20 °C", "Zürich-Žižkov",
                                   "金庫2号", "`a` \\x1b"})
        EXPECT_EQ(escaped(text), text);
}

TEST(Quoted, CannotBeEndedByTheText)
{
    EXPECT_EQ(coffer::quoted("alice`, which is approved by `bob"), "`alice\\x60, which is approved by \\x60bob`");
    EXPECT_EQ(coffer::quoted("`"), "`\\x60`");
}

TEST(Quoted, CutsBetweenCharacters)
{
    EXPECT_EQ(coffer::quoted("abäcd", 3), "`ab` (cut, 6 bytes)");
    EXPECT_EQ(coffer::quoted("abäcd", 4), "`abä` (cut, 6 bytes)");
    EXPECT_EQ(coffer::quoted("ab水", 4), "`ab` (cut, 5 bytes)");
    EXPECT_EQ(coffer::quoted("\x80\x80\x80\x80\x80\x80", 5), "`\\x80\\x80\\x80\\x80\\x80` (cut, 6 bytes)");
    EXPECT_EQ(coffer::quoted("ä", 0), "`` (cut, 2 bytes)");
}

TEST(Quoted, ShowsTheTextBetweenMarksAndCutsIt)
{
    EXPECT_EQ(coffer::quoted("abc"), "`abc`");
    EXPECT_EQ(coffer::quoted("a\x1b"), "`a\\x1b`");
    EXPECT_EQ(coffer::quoted(std::string(300, 'a')), "`" + std::string(200, 'a') + "` (cut, 300 bytes)");
    EXPECT_EQ(coffer::quoted("abcdef", 3), "`abc` (cut, 6 bytes)");
}

TEST(Utf8, IsChecked)
{
    EXPECT_TRUE(is_valid_utf8(""));
    EXPECT_TRUE(is_valid_utf8("水\U0001f600"));
    for (const auto* text : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80"})
        EXPECT_FALSE(is_valid_utf8(text));
}

TEST(Normalization, FollowsUnicode)
{
    EXPECT_EQ(normalize_nfkd("p\u00e4ss"), "pa\u0308ss");
    EXPECT_EQ(normalize_nfkd("\uff26\uff55"), "Fu");
    EXPECT_EQ(normalize_nfkd(""), "");
    EXPECT_ERROR(normalize_nfkd("\xff"), ErrorCode::malformed);
    EXPECT_TRUE(is_nfc("p\u00e4ss"));
    EXPECT_FALSE(is_nfc("pa\u0308ss"));
    EXPECT_FALSE(is_nfc("\xff"));
}

TEST(Normalization, OfASecretIsTheSame)
{
    for (const std::string text : {"", "plain", "p\u00e4ss", "\uff26\uff55", "\uac00\U0001f600", "\ufdfa\ufdfa"})
        EXPECT_EQ(text_of(normalize_nfkd(SecretBytes::copy_of(bytes_of(text))).reveal()), normalize_nfkd(text));
    EXPECT_ERROR(normalize_nfkd(SecretBytes::copy_of(bytes_of("\xff"))), ErrorCode::malformed);
    EXPECT_ERROR(normalize_nfkd(SecretBytes::copy_of(bytes_of("a\xc3"))), ErrorCode::malformed);
    EXPECT_EQ(normalize_nfkd(SecretBytes::copy_of(Bytes{'a', 0, 'b'})).size(), 3U); // a zero byte ends nothing
}

TEST(Identifiers, AreShortAndPlain)
{
    for (const auto* good : {"a", "btc-cold", "a1", "abcdefghijklmnopqrstuvwxyz012345"})
        EXPECT_TRUE(is_identifier(good)) << good;
    for (const auto* bad : {"", "A", "1a", "-a", "a_b", "a b", "a.b", "\u00e4", "abcdefghijklmnopqrstuvwxyz0123456"})
        EXPECT_FALSE(is_identifier(bad)) << bad;
}

TEST(Text, SplitsJoinsAndTrims)
{
    EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
    EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
    EXPECT_EQ(join({"a", "", "b"}, ", "), "a, , b");
    EXPECT_EQ(join({}, ","), "");
    EXPECT_EQ(trim(" \ta b\r\n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
    EXPECT_EQ(to_lower_ascii("AbC\xc3\x84"), "abc\xc3\x84");
}

TEST(Text, MeasuresAndWrapsByColumns)
{
    EXPECT_EQ(display_width("abc"), 3U);
    EXPECT_EQ(display_width("水"), 2U);
    EXPECT_EQ(display_width("a\u0308"), 1U);
    EXPECT_EQ(wrap("one two three", 7), (std::vector<std::string>{"one two", "three"}));
    EXPECT_EQ(wrap("abcdefghij k", 5), (std::vector<std::string>{"abcdefghij", "k"}));
    EXPECT_EQ(wrap("水水 水", 5), (std::vector<std::string>{"水水", "水"}));
}

TEST(Text, GroupsAnAddress)
{
    EXPECT_EQ(in_groups("0x8B3392483BA26D65E331dB86D4F430E9B3814E5e"),
              "0x8B33 9248 3BA2 6D65 E331 dB86 D4F4 30E9 B381 4E5e");
    EXPECT_EQ(in_groups("abcdef"), "abcd ef");
    EXPECT_EQ(in_groups(""), "");
}

TEST(Text, FindsTheNearestCandidate)
{
    const std::vector<std::string> commands{"propose", "approve", "export"};
    EXPECT_EQ(nearest("aprove", commands), "approve");
    EXPECT_EQ(nearest("exprot", commands), "export");
    EXPECT_EQ(nearest("zzzzzz", commands), "");
    EXPECT_EQ(nearest("x", {}), "");
}

} // namespace
} // namespace coffer
