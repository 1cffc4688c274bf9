#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/proposing.h"
#include "core/base/text.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::cli {

namespace {

constexpr std::size_t most_payload_bytes = 1024 * 1024;

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = [] {
        console::CommandSpec made{
            .name = "propose raw",
            .summary = "open a request for a payload made elsewhere",
            .description = "An unsigned transaction as hex text or raw bytes. It is decoded whole, and what cannot be explained is "
                           "refused; everything that is said about it comes from its own bytes. Needs no network.",
            .arguments = {{.name = "FILE", .help = "the unsigned transaction; - is standard input", .completes = console::Completes::file}},
            .options = {{.name = "memo", .metavar = "M", .help = "a note for this home; nobody signs it"}},
            .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
            .examples = {{"coffer propose raw --wallet eth-cold unsigned.hex", ""}},
        };
        for (auto& option : proposing_options())
            made.options.push_back(std::move(option));
        return made;
    }();
    return value;
}

/// Hex with or without 0x and blanks around it; anything else is the bytes themselves.
Bytes read_payload(const Bytes& content)
{
    auto text = trim(text_of(content));
    if (text.starts_with("0x") || text.starts_with("0X"))
        text.remove_prefix(2);
    const bool is_hex = !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
    return is_hex ? encoding::decode_hex(text) : content;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto& wallet = home.chain().charter().wallet(invocation.text("wallet"));
    const auto payload = read_payload(console::read_input(invocation, invocation.path("FILE"), most_payload_bytes));
    return propose(invocation, home, wallet, {invocation.find("memo").value_or("")},
                   [&](const auto&, const auto&) { return BuiltPayloads{{payload}, std::nullopt}; });
}

} // namespace

console::Command propose_raw_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
