#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/proposing.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = [] {
        console::CommandSpec made{
            .name = "propose transfer",
            .summary = "open a request that pays one destination",
            .description = "Builds the exact unsigned transaction, finds the rule that decides, and opens a request signed by its "
                           "requester. What no rule allows is refused now. Its nonce is reserved until the request ends.",
            .options = {{.name = "to", .metavar = "ADDRESS", .help = "an address, or the id of an address book entry or wallet",
                         .presence = console::Presence::required},
                        {.name = "amount", .metavar = "A", .help = "in the asset's unit: 1.25, or max for everything",
                         .presence = console::Presence::required},
                        {.name = "asset", .metavar = "T", .help = "a token of the charter (default: the chain's native asset)"},
                        {.name = "memo", .metavar = "M", .help = "a note for this home; nobody signs it"},
                        wallet_option(),
                        feerate_option(),
                        ladder_option(),
                        order_option(),
                        utxo_option(),
                        offline_option()},
            .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
            .examples = {{"coffer propose transfer --wallet eth-cold --to exchange-eth --amount 120", ""},
                         {"coffer propose transfer --wallet eth-cold --to exchange-eth --amount max --asset USDC", "everything of a token"},
                         {"coffer propose transfer -w btc-cold --to exchange-btc --amount 1.5 --feerate '5 sat/vB' --ladder '20 sat/vB'",
                          "with a second step for a bad day"}},
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
    const auto& charter = home.chain().charter();
    const auto& wallet = charter.wallet(invocation.text("wallet"));
    const PaymentText text{invocation.text("to"), invocation.text("amount"), invocation.find("asset").value_or("")};
    const bool spend_all = text.amount == "max";
    const auto payment = spend_all ? parse_spend_all(text, charter, wallet) : parse_payment(text, charter, wallet);
    return propose_payout(invocation, home, wallet,
                          {.payments = {payment}, .spend_all = spend_all, .memos = {invocation.find("memo").value_or("")}});
}

} // namespace

console::Command propose_transfer_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
