#include "core/console/terminal.h"

#include "tests/support/scripted_terminal.h"

#include <gtest/gtest.h>

namespace coffer::console {
namespace {

TEST(Terminal, ShowsNoRawControlCharacter)
{
    test::ScriptedTerminal terminal;
    std::string all;
    for (int byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    all += "\xc2\x9b\xe2\x80\xae\xe2\x80\x8b\xcc\x81";
    terminal.write_line(all);
    terminal.write(all);
    terminal.expect("", "");
    terminal.read_line(all);
    terminal.read_key(all);
    terminal.expect("", "");
    terminal.read_secret(all);
    for (const char c : terminal.transcript())
        EXPECT_TRUE((c >= 0x20 && c < 0x7f) || c == '\n') << static_cast<int>(c);
    EXPECT_NE(terminal.transcript().find("\\u202e"), std::string::npos);
    EXPECT_NE(terminal.transcript().find("\\x1b"), std::string::npos);
}

TEST(Terminal, ShowsLettersAsTheyAre)
{
    test::ScriptedTerminal terminal;
    terminal.write_line("~ 120 ETH — für März, 水 · № 7 …");
    EXPECT_EQ(terminal.transcript(), "~ 120 ETH — für März, 水 · № 7 …\n");
}

TEST(Terminal, KeepsALineALine)
{
    test::ScriptedTerminal terminal;
    terminal.write_line("memo: one\nPassphrase for bob.key: \rtwo");
    EXPECT_EQ(terminal.transcript(), "memo: one\\x0aPassphrase for bob.key: \\x0dtwo\n");
}

} // namespace
} // namespace coffer::console
