#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/console/terminal.h"

#include <string>
#include <string_view>

namespace coffer::console {

/// Questions to the person at the terminal. Each discards what was typed before it was asked.

/// Fewest bytes of a new passphrase.
constexpr std::size_t min_passphrase_size = 8;

/// Throws Error{presence} that says what waits, when there is no terminal.
void require_terminal(Terminal& terminal, std::string_view what);

/// "question [y/N] "; only y and yes are yes, and anything else is no.
bool ask_yes_no(Terminal& terminal, std::string_view question);
/// As ask_yes_no(); no throws Error{declined} with `consequence` as its message.
void require_yes(Terminal& terminal, std::string_view question, std::string consequence);

/// "21 November 2026 14:02 UTC — is that the date? [y/N]", led by `context` when it is not empty.
bool confirm_date(Terminal& terminal, UtcTime now, std::string_view context = {});

/// A line, without blanks at its ends.
std::string ask_text(Terminal& terminal, std::string_view prompt);
/// The person types `expected` (a hash, say; blanks and case do not matter). Three tries, then
/// Error{declined}; `n` declines at once.
void require_typed(Terminal& terminal, std::string_view prompt, std::string_view expected);

/// "Passphrase for WHAT: ", once, not judged.
SecretBytes ask_passphrase(Terminal& terminal, std::string_view what);
/// Asked twice. Shorter than min_passphrase_size or different ones are asked for again, three times in
/// all, then Error{declined}.
SecretBytes ask_new_passphrase(Terminal& terminal, std::string_view what);

} // namespace coffer::console
