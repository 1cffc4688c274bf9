#include "core/base/document.h"

#include <gtest/gtest.h>

namespace coffer {
namespace {

TEST(Document, IsWrittenAsJson)
{
    auto document = Document::object();
    document.set("text", "a").set("flag", true).set("number", -7).set("none", Document{});
    document.set("hex", Document::hex(Bytes{0x0a, 0xff})).set("time", UtcTime{0});
    document.set("amount", Uint256{5}).set("list", Document::list().add(1).add("b"));
    EXPECT_EQ(document.to_json(), R"({"text":"a","flag":true,"number":-7,"none":null,"hex":"0aff",)"
                                  R"("time":"1970-01-01T00:00:00Z","amount":"5","list":[1,"b"]})");
    EXPECT_EQ(Document::object().to_json(), "{}");
    EXPECT_EQ(Document::list().to_json(), "[]");
}

TEST(Document, EscapesJsonToAscii)
{
    EXPECT_EQ(Document{"\"\\/\n\x1b"}.to_json(), R"("\"\\/\u000a\u001b")");
    EXPECT_EQ(Document{"\u00e4\u6c34"}.to_json(), R"("\u00e4\u6c34")");
    EXPECT_EQ(Document{"\U0001f600"}.to_json(), R"("\ud83d\ude00")");
    EXPECT_EQ(Document{"\xff\x7f"}.to_json(), R"("\ufffd\u007f")");
}

TEST(Document, KeepsLargeNumbersAsText)
{
    EXPECT_EQ(Document{std::uint64_t{INT64_MAX}}.to_json(), "9223372036854775807");
    EXPECT_EQ(Document{UINT64_MAX}.to_json(), "\"18446744073709551615\"");
}

TEST(Document, ReplacesAMemberOfTheSameName)
{
    auto document = Document::object();
    document.set("a", 1).set("b", 2).set("a", 3);
    EXPECT_EQ(document.to_json(), R"({"a":3,"b":2})");
    EXPECT_EQ(document.find("b")->text(), "2");
    EXPECT_EQ(document.find("c"), nullptr);
}

TEST(Document, IsWrittenForPeopleInColumns)
{
    auto inner = Document::object();
    inner.set("to", "x").set("amount", 5);
    auto document = Document::object();
    document.set("id", "r1").set("status", "open").set("ready", false).set("nothing", Document{});
    document.set("payments", Document::list().add(inner).add("plain"));
    document.set("empty", Document::list());
    EXPECT_EQ(document.to_text(), (std::vector<std::string>{"id       r1", "status   open", "ready    no",
                                                            "nothing  none", "payments", "  - to      x",
                                                            "    amount  5", "  - plain"}));
}

TEST(Document, EscapesHostileTextForPeople)
{
    auto document = Document::object();
    document.set("label", "a\x1b[2J\nowned: yes");
    EXPECT_EQ(document.to_text(), std::vector<std::string>{"label  a\\x1b[2J\\x0aowned: yes"});
}

} // namespace
} // namespace coffer
