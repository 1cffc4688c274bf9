#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/foreign.h"
#include "cli/requests/home_books.h"
#include "cli/requests/proposing.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::cli {

namespace {

constexpr std::size_t most_payload_bytes = 64 * 1024 * 1024; // a PSBT with its previous transactions
constexpr std::uint64_t most_height = 499'999'999;

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = [] {
        console::CommandSpec made{
            .name = "propose raw",
            .summary = "open a request for a payload made elsewhere",
            .description = "An unsigned transaction as hex text or raw bytes, or a PSBT also in base64. It is decoded whole, and what cannot be "
                           "explained is refused; everything that is said about it comes from its own bytes. Signatures that are in it are "
                           "verified and kept. Needs no network.",
            .arguments = {{.name = "FILE", .help = "the unsigned transaction; - is standard input", .completes = console::Completes::file}},
            .options = {wallet_option(),
                        {.name = "memo", .metavar = "M", .help = "a note for this home; nobody signs it"},
                        {.name = "height", .metavar = "N", .help = "the chain's height, for a payload with a lock time"}},
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

/// What others had signed before it was adopted.
console::CommandResult with_signatures_of(const Bytes& foreign, Home& home, console::CommandResult result)
{
    HomeBooks books{home};
    requests::RequestService service{books};
    const auto id = service.find_id(result.document.find("id")->text());
    const auto found = foreign_signatures(service.find(id), home.chain().charter(), foreign);
    if (found.empty())
        return result;
    const auto imported = service.import_signatures(id, found);
    result.text.push_back("Signatures that came with it: " + std::to_string(imported.signatures.have) + "/" + std::to_string(imported.signatures.need) + ".");
    return result;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto& wallet = home.chain().charter().wallet(invocation.text("wallet"));
    const auto payload = read_payload(console::read_input(invocation, invocation.path("FILE"), most_payload_bytes));
    const auto& format = chains::format_of(home.chain().charter().chain(wallet.chain));
    const auto height = invocation.has("height") ? std::optional{invocation.number("height", 0, most_height)} : std::nullopt;
    const auto adopted = format.adopt(payload);
    auto result = propose(invocation, home, wallet, {}, {invocation.find("memo").value_or("")},
                          [&](const Room&) { return BuiltPayloads{{adopted}, height}; });
    return with_signatures_of(payload, home, std::move(result));
}

} // namespace

console::Command propose_raw_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
