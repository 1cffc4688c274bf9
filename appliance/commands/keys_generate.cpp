#include "appliance/commands/commands.h"
#include "appliance/commands/keys.h"
#include "core/console/dialogue.h"
#include "core/keys/mnemonic.h"

namespace coffer::appliance {

namespace {

constexpr std::size_t entropy_bytes = 32;

/// Words go to the terminal alone, never to a stream.
void show_words(console::Terminal& terminal, const SecretBytes& entropy)
{
    const auto words = keys::mnemonic_from_entropy(entropy);
    terminal.write_line("Write these words down, in order, and show them to nobody:");
    const auto shown = words.reveal();
    unsigned number = 0;
    for (std::size_t begin = 0; begin < shown.size();) {
        auto end = begin;
        while (end < shown.size() && shown[end] != ' ')
            ++end;
        ++number;
        terminal.write((number < 10 ? " " : "") + std::to_string(number) + " ");
        terminal.write(text_of(shown.subspan(begin, end - begin)));
        terminal.write("\n");
        begin = end + 1;
    }
    static_cast<void>(console::ask_text(terminal, "Press Enter when they are written down; the screen is cleared. "));
    for (std::size_t line = 0; line < terminal.size().rows; ++line)
        terminal.write("\n");
}

console::CommandResult generate(console::Invocation& invocation)
{
    auto& environment = invocation.environment();
    if (invocation.has("show-words"))
        console::require_terminal(environment.terminal, "showing the words");
    auto session = open_session(invocation);
    const auto id = invocation.text("id");
    const auto entropy = environment.random.secret(entropy_bytes);
    session.add_key(id, entropy, "generated", session.now(environment.clock));
    if (invocation.has("show-words"))
        show_words(environment.terminal, entropy);
    return describe_new_key(session, id);
}

} // namespace

console::Command keys_generate_command()
{
    return {{.name = "keys generate",
             .summary = "make a wallet key from the kernel's random source",
             .options = with_secrets({key_id_option(), {.name = "show-words", .help = "show its 24 words once, on the terminal"}}),
             .exits = session_exits()},
            generate};
}

} // namespace coffer::appliance
