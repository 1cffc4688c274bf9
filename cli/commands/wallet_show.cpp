#include "cli/commands/commands.h"

#include "cli/home.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"

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

Document describe_keys(const charter::Charter& charter, const charter::Wallet& wallet, std::vector<std::string>& text)
{
    auto keys = Document::list();
    for (const auto& key : wallet.keys) {
        auto item = Document::object();
        if (!key.outside.empty()) {
            item.set("outside", key.outside);
            text.push_back("  key            outside, " + escaped(key.outside));
        } else {
            item.set("appliance", key.appliance).set("key", key.key).set("path", key.path);
            const auto* appliance = charter.find_appliance(key.appliance);
            const auto found = std::ranges::find(appliance->keys, key.key, &charter::ApplianceKey::id);
            item.set("origin", found->origin).set("public", found->extended_public);
            text.push_back("  key            " + key.appliance + " " + key.key + "/" + key.path + "  " + escaped(found->origin));
        }
        keys.add(std::move(item));
    }
    return keys;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto& charter = home.chain().charter();
    const auto& wallet = charter.wallet(invocation.text("W"));
    const auto& chain = charter.chain(wallet.chain);
    const auto address = wallet.descriptor.empty() ? chains::format_of(chain).format_address(wallet.address, chain) : std::string{};

    console::CommandResult result;
    result.text = {"wallet " + wallet.id + " on " + wallet.chain,
                   "",
                   "  tier           " + std::string{charter::name_of(wallet.tier)},
                   "  mode           " + std::string{charter::name_of(wallet.mode)},
                   "  presence       " + std::string{charter::name_of(wallet.presence)},
                   "  confirmations  " + std::to_string(wallet.confirmations),
                   address.empty() ? "  descriptor     " + escaped(wallet.descriptor) : "  address        " + in_groups(address)};
    auto keys = describe_keys(charter, wallet, result.text);
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
    if (address.empty())
        result.document.set("descriptor", wallet.descriptor);
    else
        result.document.set("address", address);
    result.document.set("keys", std::move(keys)).set("rules", std::move(rules));
    return result;
}

} // namespace

console::Command wallet_show_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
