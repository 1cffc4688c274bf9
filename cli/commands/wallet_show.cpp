#include "cli/commands/commands.h"

#include "cli/home.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/wallet_text.h"

#include <algorithm>

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "wallet show",
        .summary = "one wallet of the charter in force: keys, address, rules",
        .arguments = {{.name = "W", .help = "id of the wallet"}},
        .exits = home_exits(),
    };
    return value;
}

Document describe_keys(const std::vector<chains::HeldKey>& held)
{
    auto keys = Document::list();
    for (const auto& [holder, origin, extended_public] : held) {
        auto item = Document::object();
        if (!holder.outside.empty())
            item.set("outside", holder.outside);
        else
            item.set("appliance", holder.appliance).set("key", holder.key).set("path", holder.path);
        keys.add(std::move(item.set("origin", origin).set("public", extended_public)));
    }
    return keys;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto& charter = home.chain().charter();
    const auto& wallet = charter.wallet(invocation.text("W"));
    const auto& chain = charter.chain(wallet.chain);
    const auto& format = chains::format_of(chain);
    const auto address = format.format_address(format.derive_address(charter, wallet, chains::Branch::receive, 0), chain);
    const auto held = format.keys_of(charter, wallet);

    console::CommandResult result;
    result.text = {"wallet " + wallet.id + " on " + wallet.chain,
                   "",
                   "  tier           " + std::string{charter::name_of(wallet.tier)},
                   "  mode           " + std::string{charter::name_of(wallet.mode)},
                   "  presence       " + std::string{charter::name_of(wallet.presence)},
                   "  confirmations  " + std::to_string(wallet.confirmations),
                   (wallet.descriptor.empty() ? "  address        " : "  first address  ") + in_groups(address)};
    if (!wallet.descriptor.empty())
        result.text.push_back("  descriptor     " + escaped(wallet.descriptor));
    for (const auto& key : held)
        result.text.push_back("  key            " + console::format_holder(key));
    auto rules = Document::list();
    for (const auto& rule : charter.rules)
        if (!rule.wallets || std::ranges::find(*rule.wallets, wallet.id) != rule.wallets->end()) {
            rules.add(rule.id);
            result.text.push_back("  rule           " + rule.id + ": " + rule.approvals.text());
        }
    result.document.set("id", wallet.id)
        .set("chain", wallet.chain)
        .set("tier", charter::name_of(wallet.tier))
        .set("mode", charter::name_of(wallet.mode))
        .set("presence", charter::name_of(wallet.presence))
        .set("confirmations", wallet.confirmations)
        .set("first_nonce", wallet.first_nonce);
    result.document.set("address", address);
    if (!wallet.descriptor.empty())
        result.document.set("descriptor", wallet.descriptor);
    result.document.set("keys", describe_keys(held)).set("rules", std::move(rules));
    return result;
}

} // namespace

console::Command wallet_show_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
