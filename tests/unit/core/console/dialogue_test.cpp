#include "core/console/dialogue.h"

#include "tests/support/test_environment.h"
#include "tests/support/vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coffer::console {
namespace {

using testing::HasSubstr;

std::string shown(const SecretBytes& secret)
{
    return std::string{text_of(secret.reveal())};
}

TEST(Dialogue, TakesOnlyYForYes)
{
    for (const auto* yes : {"y", "Y", " yes ", "YES"}) {
        test::ScriptedTerminal terminal;
        EXPECT_TRUE(ask_yes_no(terminal.expect("Go on? [y/N] ", yes), "Go on?")) << yes;
    }
    for (const auto* no : {"", "n", "no", "yy", "ja", "1", "yes please", "\x1b"}) {
        test::ScriptedTerminal terminal;
        EXPECT_FALSE(ask_yes_no(terminal.expect("Go on? [y/N] ", no), "Go on?")) << no;
    }
    test::ScriptedTerminal terminal;
    terminal.expect("Go on?", "");
    EXPECT_ERROR(require_yes(terminal, "Go on?", "nothing was removed"), ErrorCode::declined);
}

TEST(Dialogue, DiscardsWhatWasTypedBeforeTheQuestion)
{
    test::ScriptedTerminal terminal;
    terminal.type_ahead("y").expect("Go on?", "n");
    EXPECT_FALSE(ask_yes_no(terminal, "Go on?"));
    EXPECT_TRUE(terminal.is_finished());

    test::ScriptedTerminal secret;
    secret.type_ahead("pasted secret").expect("Passphrase for bob.key: ", "typed secret");
    EXPECT_EQ(shown(ask_passphrase(secret, "bob.key")), "typed secret");

    test::ScriptedTerminal typed;
    typed.type_ahead("3f9a").expect("hash", "n");
    EXPECT_ERROR(require_typed(typed, "Type the hash: ", "3f9a"), ErrorCode::declined);

    test::ScriptedTerminal fresh;
    fresh.type_ahead("pasted secret").expect("New passphrase", "long enough").expect("again", [&](const std::string&) {
        return std::string{"long enough"};
    });
    EXPECT_EQ(shown(ask_new_passphrase(fresh, "bob.key")), "long enough");
    EXPECT_EQ(fresh.flush_count(), 2);
}

TEST(Dialogue, ConfirmsTheDate)
{
    test::ScriptedTerminal terminal;
    terminal.expect("vault-a · 21 November 2026 14:02 UTC — is that the date? [y/N] ", "y");
    EXPECT_TRUE(confirm_date(terminal, parse_time("2026-11-21T14:02:00Z"), "vault-a"));
    terminal.expect("1 January 1970 00:00 UTC", "n");
    EXPECT_FALSE(confirm_date(terminal, UtcTime{0}));
}

TEST(Dialogue, AsksForANewPassphraseTwice)
{
    test::ScriptedTerminal terminal;
    terminal.expect("New passphrase for bob.key: ", "short")
        .expect("New passphrase", "long enough")
        .expect("again", "different!");
    terminal.expect("New passphrase", "long enough").expect("again", "long enough");
    EXPECT_EQ(shown(ask_new_passphrase(terminal, "bob.key")), "long enough");
    EXPECT_TRUE(terminal.is_finished());
    EXPECT_THAT(terminal.transcript(), HasSubstr("Too short: at least 8 characters."));
    EXPECT_THAT(terminal.transcript(), testing::Not(HasSubstr("enough")));

    test::ScriptedTerminal stubborn;
    for (int i = 0; i < 3; ++i)
        stubborn.expect("New passphrase", "1234567");
    EXPECT_ERROR(ask_new_passphrase(stubborn, "bob.key"), ErrorCode::declined);
}

TEST(Dialogue, RequiresWhatMustBeTyped)
{
    test::ScriptedTerminal terminal;
    terminal.expect("hash", "3f9b").expect("hash", " 3F 9A ");
    require_typed(terminal, "Type the hash: ", "3f9a");
    EXPECT_TRUE(terminal.is_finished());
    terminal.expect("hash", "").expect("hash", "3f9").expect("hash", "3f9aa");
    EXPECT_ERROR(require_typed(terminal, "Type the hash: ", "3f9a"), ErrorCode::declined);
    EXPECT_TRUE(terminal.is_finished());
}

TEST(Dialogue, NeedsATerminal)
{
    test::ScriptedTerminal terminal;
    terminal.detach();
    EXPECT_ERROR(ask_yes_no(terminal, "Go on?"), ErrorCode::presence);
    EXPECT_ERROR(ask_text(terminal, "Name: "), ErrorCode::presence);
    EXPECT_ERROR(require_typed(terminal, "Type: ", "x"), ErrorCode::presence);
    EXPECT_ERROR(ask_passphrase(terminal, "bob.key"), ErrorCode::presence);
    EXPECT_ERROR(ask_new_passphrase(terminal, "bob.key"), ErrorCode::presence);
}

TEST(Dialogue, IsInterruptedByTheEndOfTheTerminal)
{
    test::ScriptedTerminal terminal;
    terminal.expect_and_close("Go on?");
    EXPECT_ERROR(ask_yes_no(terminal, "Go on?"), ErrorCode::interrupted);
    terminal.expect("New passphrase", "long enough").expect_and_close("again");
    EXPECT_ERROR(ask_new_passphrase(terminal, "bob.key"), ErrorCode::interrupted);
}

} // namespace
} // namespace coffer::console
