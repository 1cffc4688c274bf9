#include "cli/commands/commands.h"

#include "cli/chains/clients.h"
#include "cli/files/config.h"
#include "cli/home.h"
#include "core/console/output.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "wallet balance",
        .summary = "what a wallet holds, as its chain's node says",
        .arguments = {{.name = "W", .help = "id of the wallet"}},
        .exits = home_exits(),
    };
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto& charter = home.chain().charter();
    const auto& wallet = charter.wallet(invocation.text("W"));
    auto client = connect_client(charter.chain(wallet.chain), home.config().endpoints(wallet.chain));

    auto list = Document::list();
    console::Table table{{{"asset"}, {"amount", console::Align::right}}};
    for (const auto& balance : client->balances(charter, wallet)) {
        const auto decimals = charter.decimals(balance.asset());
        list.add(Document::object()
                     .set("asset", balance.asset().symbol)
                     .set("amount", balance.base_units())
                     .set("decimals", decimals));
        table.add({balance.asset().symbol, format_decimal(balance.base_units(), decimals)});
    }
    console::CommandResult result;
    result.document.set("wallet", wallet.id).set("chain", wallet.chain).set("balances", std::move(list));
    result.text = table.lines(invocation.output().width());
    return result;
}

} // namespace

console::Command wallet_balance_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
