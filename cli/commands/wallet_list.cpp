#include "cli/commands/commands.h"

#include "cli/home.h"
#include "core/chains/payload_format.h"
#include "core/console/output.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "wallet list",
        .summary = "the wallets of the charter in force",
        .description = "Of a wallet with a descriptor the first receive address is shown.",
        .exits = home_exits(),
    };
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto& charter = home.chain().charter();
    auto list = Document::list();
    console::Table table{{{"wallet"}, {"chain"}, {"tier"}, {"mode"}, {"address"}}};
    for (const auto& wallet : charter.wallets) {
        const auto& chain = charter.chain(wallet.chain);
        const auto& format = chains::format_of(chain);
        const auto address = format.format_address(format.derive_address(charter, wallet, chains::Branch::receive, 0), chain);
        const std::string tier{charter::name_of(wallet.tier)};
        const std::string mode{charter::name_of(wallet.mode)};
        auto item = Document::object();
        item.set("id", wallet.id).set("chain", wallet.chain).set("tier", tier).set("mode", mode).set("address", address);
        if (!wallet.descriptor.empty())
            item.set("descriptor", wallet.descriptor);
        list.add(std::move(item));
        table.add({wallet.id, wallet.chain, tier, mode, address});
    }
    console::CommandResult result;
    result.document.set("wallets", std::move(list));
    result.text = table.empty() ? std::vector<std::string>{"The charter names no wallet."} : table.lines(invocation.output().width());
    return result;
}

} // namespace

console::Command wallet_list_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
