#include "appliance/ceremony/dice.h"
#include "appliance/ceremony/key_words.h"
#include "appliance/ceremony/words_on_paper.h"
#include "appliance/commands/commands.h"
#include "appliance/commands/keys.h"
#include "core/base/text.h"
#include "core/console/dialogue.h"
#include "core/console/passphrase.h"
#include "core/keys/entropy.h"

#include <algorithm>

namespace coffer::appliance {

namespace {

constexpr std::size_t kernel_bytes = 32;

/// Digit by digit, so that no copy of the whole is left in memory.
void write_hex(console::Terminal& terminal, ByteView bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    for (const auto byte : bytes)
        terminal.write(std::string{digits[byte >> 4], digits[byte & 15]});
    terminal.write("\n");
}

/// What somebody needs to compute the key elsewhere, and compare.
void show_sources(console::Terminal& terminal, const keys::EntropySources& sources, const SecretBytes& entropy)
{
    const ClearedScreen screen{terminal};
    terminal.write_line("To compute the key elsewhere, as coffer-cold(8) says:");
    if (!sources.kernel.empty()) {
        terminal.write("  kernel   ");
        write_hex(terminal, sources.kernel.reveal());
    }
    if (!sources.dice.empty()) {
        terminal.write("  dice     ");
        for (const auto digit : sources.dice.reveal())
            terminal.write(std::string(1, static_cast<char>(digit)));
        terminal.write("\n");
    }
    if (!sources.file.empty())
        terminal.write_line("  file     " + std::to_string(sources.file.size()) + " bytes");
    terminal.write("  entropy  ");
    write_hex(terminal, entropy.reveal());
    static_cast<void>(console::ask_text(terminal, "Press Enter when it is compared; the screen is cleared. "));
}

void require_options_make_sense(const console::Invocation& invocation)
{
    if (const auto id = invocation.text("id"); !is_identifier(id))
        throw Error{ErrorCode::usage, "key id " + coffer::quoted(id) + " is not a small letter followed by small letters, digits and dashes"};
    if (invocation.has("dice-only") && (invocation.has("dice") || invocation.has("entropy-file")))
        throw Error{ErrorCode::usage, "--dice-only is the only source: neither --dice nor --entropy-file stands beside it"};
    auto& terminal = invocation.environment().terminal;
    if (invocation.has("show-words")) {
        require_has_words(invocation.text("id"), keys::parse_seed_scheme(invocation.text("scheme")));
        console::require_terminal(terminal, "showing the words");
    }
    if (invocation.has("show-sources"))
        console::require_terminal(terminal, "showing the sources");
    if (invocation.has("dice") || invocation.has("dice-only"))
        console::require_terminal(terminal, "typing dice");
}

/// Before anybody rolls dice for a key that could not be kept.
void require_possible(const console::Invocation& invocation, const Session& session)
{
    const auto& ledger = session.ledger();
    const auto id = invocation.text("id");
    if (std::ranges::find(ledger.keys(), id, &requests::vault::KeyMade::id) != ledger.keys().end())
        throw Error{ErrorCode::exists, "this home already has key " + coffer::quoted(id)};
    const bool is_for_tests = ledger.environment() == artefacts::Environment::test;
    if (!is_for_tests && !invocation.has("dice") && !invocation.has("entropy-file") && !invocation.has("dice-only"))
        throw Error{ErrorCode::usage, "the kernel's random source alone makes keys of test homes only",
                    "add a second source: --dice, --entropy-file FILE, or both"};
    if (invocation.has("show-sources") && ledger.environment() == artefacts::Environment::production)
        throw Error{ErrorCode::env, "what a key is made of is shown in test and rehearsal homes only",
                    "check the recipe there, with the same program"};
}

SecretBytes ask_rolls(const console::Invocation& invocation, std::size_t least)
{
    return SecretBytes::copy_of(ask_dice(invocation.environment().terminal, least).digits());
}

keys::EntropySources collect(const console::Invocation& invocation)
{
    keys::EntropySources sources;
    if (invocation.has("dice-only")) {
        sources.dice = ask_rolls(invocation, keys::least_sole_rolls);
        return sources;
    }
    if (invocation.has("entropy-file")) {
        sources.file = console::read_secret_file(invocation.path("entropy-file"), keys::most_entropy_file);
        keys::require_random_file(sources.file.reveal());
    }
    // Before the dice are known: nobody behind the kernel can answer them.
    sources.kernel = invocation.environment().random.secret(kernel_bytes);
    if (invocation.has("dice"))
        sources.dice = ask_rolls(invocation, keys::least_mixed_rolls);
    return sources;
}

console::CommandResult generate(console::Invocation& invocation)
{
    auto& environment = invocation.environment();
    require_options_make_sense(invocation);
    auto session = open_session(invocation);
    require_possible(invocation, session);
    const auto sources = collect(invocation);
    const bool is_dice_only = invocation.has("dice-only");
    const auto entropy = is_dice_only ? keys::entropy_of_dice(sources.dice.reveal()) : keys::mix_entropy(sources);
    const auto id = invocation.text("id");
    session.add_key({.id = id,
                     .source = keys::name_of_sources(sources),
                     .scheme = keys::parse_seed_scheme(invocation.text("scheme")),
                     .rest = requests::vault::parse_key_rest(invocation.text("rest"))},
                    entropy, session.now(environment.clock));
    if (invocation.has("show-sources"))
        show_sources(environment.terminal, sources, entropy);
    if (invocation.has("show-words"))
        show_key_words(environment, session, id, std::nullopt);
    return describe_new_key(session, id);
}

} // namespace

console::Command keys_generate_command()
{
    return {{.name = "keys generate",
             .summary = "make a wallet key from several random sources",
             .description = "Mixes the kernel's random source with dice, a file or both by a hash that coffer-cold(8) documents; each is "
                            "enough alone. Outside of test homes one of them must be given.",
             .options = with_secrets(
                 {key_id_option(),
                  {.name = "dice", .help = "mix in 50 or more rolls of a die, typed at the terminal"},
                  {.name = "entropy-file",
                   .metavar = "FILE",
                   .help = "mix in a private file of random bytes, 32 to 1048576 of them",
                   .completes = console::Completes::file},
                  {.name = "dice-only", .help = "make it of 99 or more rolls of a die and of nothing else"},
                  {.name = "show-sources", .help = "show what it is made of, to compute it elsewhere; not in production"},
                  {.name = "show-words", .help = "show its 24 words on the terminal, as `keys words` does"},
                  key_scheme_option("bip39"),
                  key_rest_option()}),
             .exits = session_exits(),
             .examples = {{"coffer-cold keys generate --id k1 --dice", "a key of the kernel and of a die"},
                          {"coffer-cold keys generate --id k1 --dice-only", "a key that pencil and sha256sum can check"}}},
            generate};
}

} // namespace coffer::appliance
