#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/proposing.h"
#include "core/chains/payload_format.h"

namespace coffer::cli {

namespace {

constexpr std::uint64_t highest_index = 0x7fffffff; // BIP-32: above are hardened ones

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = [] {
        auto wallet = wallet_option();
        wallet.help = "the wallet whose address signs";
        console::CommandSpec made{
            .name = "propose message",
            .summary = "open a request to sign a text",
            .description = "An address of the wallet signs it: on Bitcoin by BIP-322 in its simple form, on Ethereum and its kin by "
                           "EIP-191. A rule that names the kind message decides. Nothing is sent: once the receipt is imported, show "
                           "has the signature. Needs no network.",
            .options = {{.name = "text", .metavar = "T", .help = "the text, as it is: at most 4096 bytes of UTF-8, no control characters but line feeds",
                         .presence = console::Presence::required},
                        wallet,
                        {.name = "index", .metavar = "N", .help = "the receive address that signs (Bitcoin)", .default_value = "0"},
                        {.name = "memo", .metavar = "M", .help = "a note for this home; nobody signs it"}},
            .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
            .examples = {{"coffer propose message --wallet eth-cold --text 'We hold this account. 2026-11-02'", ""}},
        };
        for (auto& option : proposing_options())
            made.options.push_back(std::move(option));
        return made;
    }();
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto wallet_id = home.chain().charter().wallet(invocation.text("wallet")).id;
    const auto text = invocation.text("text");
    const auto index = static_cast<std::uint32_t>(invocation.number("index", 0, highest_index));
    return propose(invocation, home, home.chain().charter().wallet(wallet_id), {.kind = charter::RequestKind::message}, {invocation.find("memo").value_or("")},
                   [&](const Room&) {
                       const auto& charter = home.chain().charter();
                       const auto& wallet = charter.wallet(wallet_id);
                       const auto& format = chains::format_of(charter.chain(wallet.chain));
                       return BuiltPayloads{{format.make_message(bytes_of(text), {charter, wallet}, index)}, std::nullopt};
                   });
}

} // namespace

console::Command propose_message_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
