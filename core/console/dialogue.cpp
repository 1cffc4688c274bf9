#include "core/console/dialogue.h"

#include "core/base/text.h"

#include <algorithm>

namespace coffer::console {

namespace {

constexpr int max_tries = 3;

std::string without_blanks(std::string_view text)
{
    std::string out{text};
    std::erase_if(out, [](char c) { return c == ' ' || c == '\t'; });
    return out;
}

} // namespace

void require_terminal(Terminal& terminal, std::string_view what)
{
    if (!terminal.present())
        throw Error{ErrorCode::presence, std::string{what} + " needs a person at a terminal, and there is none"};
}

bool ask_yes_no(Terminal& terminal, std::string_view question)
{
    require_terminal(terminal, "this question");
    terminal.flush_input();
    const auto answer = to_lower_ascii(trim(terminal.read_line(std::string{question} + " [y/N] ")));
    return answer == "y" || answer == "yes";
}

void require_yes(Terminal& terminal, std::string_view question, std::string consequence)
{
    if (!ask_yes_no(terminal, question))
        throw Error{ErrorCode::declined, std::move(consequence)};
}

bool confirm_date(Terminal& terminal, UtcTime now, std::string_view context)
{
    auto question = format_time_for_people(now) + " — is that the date?";
    if (!context.empty())
        question = std::string{context} + " · " + question;
    return ask_yes_no(terminal, question);
}

std::string ask_text(Terminal& terminal, std::string_view prompt)
{
    require_terminal(terminal, "this question");
    terminal.flush_input();
    return std::string{trim(terminal.read_line(prompt))};
}

void require_typed(Terminal& terminal, std::string_view prompt, std::string_view expected)
{
    const auto wanted = to_lower_ascii(without_blanks(expected));
    for (int attempt = 1; attempt <= max_tries; ++attempt) {
        const auto typed = to_lower_ascii(without_blanks(ask_text(terminal, prompt)));
        if (typed == wanted)
            return;
        if (typed == "n" || typed == "no")
            throw Error{ErrorCode::declined, "declined at the terminal"};
        terminal.write_line(attempt < max_tries ? "That is something else." : "That is something else, too.");
    }
    throw Error{ErrorCode::declined, "declined after three wrong answers"};
}

SecretBytes ask_passphrase(Terminal& terminal, std::string_view what)
{
    require_terminal(terminal, "the passphrase for " + std::string{what});
    terminal.flush_input();
    return terminal.read_secret("Passphrase for " + std::string{what} + ": ");
}

SecretBytes ask_new_passphrase(Terminal& terminal, std::string_view what)
{
    require_terminal(terminal, "a new passphrase for " + std::string{what});
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        terminal.flush_input();
        auto passphrase = terminal.read_secret("New passphrase for " + std::string{what} + ": ");
        if (passphrase.size() < min_passphrase_size) {
            terminal.write_line("Too short: at least " + std::to_string(min_passphrase_size) + " characters.");
            continue;
        }
        terminal.flush_input();
        if (terminal.read_secret("The same again: ").equals(passphrase))
            return passphrase;
        terminal.write_line("These are two different ones.");
    }
    throw Error{ErrorCode::declined, "no passphrase was set after three attempts"};
}

} // namespace coffer::console
