#include "cli/net/json.h"

#include "tests/support/vectors.h"

namespace coffer::cli {
namespace {

TEST(Json, ReadsEveryKindOfValue)
{
    const auto json = Json::parse(R"( {"a": [null, true, "x\u00e9\ud83d\ude00", -1, 1.50, 1e30], "b": {}} )");
    ASSERT_NE(json.find("a"), nullptr);
    const auto& list = *json.find("a")->list();
    ASSERT_EQ(list.size(), 6u);
    EXPECT_TRUE(list[0].is_null());
    EXPECT_EQ(list[1].boolean(), true);
    EXPECT_EQ(*list[2].text(), "x\u00e9\U0001f600");
    EXPECT_EQ(*list[3].number(), "-1");
    EXPECT_EQ(*list[4].number(), "1.50");
    EXPECT_TRUE(json.find("b")->fields()->empty());
    EXPECT_EQ(json.find("c"), nullptr);
    EXPECT_EQ(list[0].text(), nullptr);
    EXPECT_EQ(list[2].number(), nullptr);
    EXPECT_EQ(list[2].find("a"), nullptr);
}

TEST(Json, KeepsEveryDigitOfABigInteger)
{
    for (const std::string digits : {"18446744073709551615", "18446744073709551616",
                                     "115792089237316195423570985008687907853269984665640564039457584007913129639935"})
        EXPECT_EQ(*Json::parse(digits).number(), digits);
}

TEST(Json, RefusesWhatIsNotJson)
{
    for (const std::string text :
         {"", " ", "{", "[1,]", "{\"a\":1,}", "NaN", "Infinity", "-Infinity", "01", "+1", "1.", ".5", "0x10", "'a'",
          "nul", "[1] 2", "{\"a\" 1}", "\"\x01\"", "\"\\x\"", "\"\\ud800\"", "\"\xff\"", "\"\xc0\xaf\"",
          "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "// a\n1", "\xef\xbb\xbf{}"}) {
        SCOPED_TRACE(text);
        EXPECT_ERROR(Json::parse(text), ErrorCode::malformed);
    }
    EXPECT_ERROR(Json::parse(std::string_view{"[1]\0", 4}), ErrorCode::malformed);
    EXPECT_ERROR(Json::parse(std::string_view{"[1]\0 garbage", 12}), ErrorCode::malformed);
}

TEST(Json, RefusesEveryTruncation)
{
    const std::string text = R"({"a":[1,{"b":"c"}],"d":true})";
    EXPECT_NO_THROW(Json::parse(text));
    for (std::size_t length = 0; length < text.size(); ++length)
        EXPECT_ERROR(Json::parse(text.substr(0, length)), ErrorCode::malformed);
    EXPECT_ERROR(Json::parse(text + "}"), ErrorCode::malformed);
}

TEST(Json, SaysWhereItBreaks)
{
    try {
        Json::parse("[1, x]");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.offset(), 4u);
    }
}

TEST(Json, RefusesAKeyThatComesTwice)
{
    EXPECT_ERROR(Json::parse(R"({"a":1,"b":2,"a":1})"), ErrorCode::malformed);
    EXPECT_ERROR(Json::parse(R"([{"a":{"x":1,"\u0078":2}}])"), ErrorCode::malformed);
    EXPECT_NO_THROW(Json::parse(R"([{"a":1},{"a":2}])"));
}

TEST(Json, HoldsItsLimits)
{
    EXPECT_NO_THROW(Json::parse(std::string(32, '[') + std::string(32, ']')));
    EXPECT_ERROR(Json::parse(std::string(33, '[') + std::string(33, ']')), ErrorCode::limit);
    EXPECT_ERROR(Json::parse(std::string(8'000'000, '[')), ErrorCode::limit);
    std::string objects;
    for (int i = 0; i < 1'000'000; ++i)
        objects += "{\"\":";
    EXPECT_ERROR(Json::parse(objects), ErrorCode::limit);

    EXPECT_NO_THROW(Json::parse("[1,1]", {.bytes = 5, .depth = 1, .values = 3, .number_characters = 1}));
    EXPECT_ERROR(Json::parse("[1,1]", {.bytes = 4}), ErrorCode::limit);
    EXPECT_ERROR(Json::parse("[1,1]", {.depth = 0}), ErrorCode::limit);
    EXPECT_ERROR(Json::parse("[1,1]", {.values = 2}), ErrorCode::limit);
    EXPECT_ERROR(Json::parse("1e400"), ErrorCode::limit);
    EXPECT_ERROR(Json::parse(std::string(1000, '9')), ErrorCode::limit);
    EXPECT_ERROR(Json::parse("[10000000000000000000000,1]", {.number_characters = 20}), ErrorCode::limit);
}

TEST(Json, EscapesHostileTextInMessages)
{
    try {
        Json::parse("{\"\\u001b]52;c;x\":1,\"\\u001b]52;c;x\":1}");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.message().find('\x1b'), std::string::npos);
    }
}

} // namespace
} // namespace coffer::cli
