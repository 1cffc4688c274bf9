#include "cli/commands/commands.h"

#include "cli/files/config.h"
#include "cli/policy_entries.h"
#include "cli/requests/proposing.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"

#include <algorithm>
#include <set>

namespace coffer::cli {

namespace {

using console::Presence;

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = entry_command(Signers::several, {
        .name = "order add",
        .summary = "make a standing order: payments that need no votes of their own",
        .description = "Needs the votes that one payment of its whole sum to each of its destinations would need; they are the signatures on it. It "
                       "holds from its first date to its last, and ends with the next amendment. `coffer propose transfer --order ID` pays "
                       "under it: rules, limits, freezes and rejections bind such a payment as any other. One appliance signs under it "
                       "and keeps its sums. The officer who proposes a payment does not count among those who signed the order, unless the "
                       "rule says that a requester may approve.",
        .arguments = {{.name = "ID", .help = "its name"}},
        .options = {wallet_option(),
                    {.name = "to", .metavar = "ADDRESS", .help = "an address, or the id of an address book entry or wallet", .presence = Presence::required,
                     .occurs = console::Occurs::repeatedly},
                    {.name = "asset", .metavar = "T", .help = "a token of the charter (default: the chain's native asset)"},
                    {.name = "per-payment", .metavar = "A", .help = "the most that one payment may be", .presence = Presence::required},
                    {.name = "per-span", .metavar = "A", .help = "the most in any --span", .presence = Presence::required},
                    {.name = "span", .metavar = "SPAN", .help = "a minute to 366 days", .default_value = "24h"},
                    {.name = "total", .metavar = "A", .help = "the most in all", .presence = Presence::required},
                    {.name = "fee", .metavar = "A", .help = "the most fee of a request, in the chain's native unit", .presence = Presence::required},
                    {.name = "total-fee", .metavar = "A", .help = "the most fees in all", .presence = Presence::required},
                    {.name = "starts", .metavar = "TIME", .help = "its first date (default: now)"},
                    {.name = "ends", .metavar = "TIME", .help = "its last date, at most 366 days later", .presence = Presence::required},
                    {.name = "signer", .metavar = "ID", .help = "an officer whose vote it is (default: who makes it, alone)",
                     .occurs = console::Occurs::repeatedly},
                    {.name = "appliance", .metavar = "ID", .help = "the appliance that signs under it (default: the one that has a key of the wallet)"}},
        .examples = {{"coffer order add payroll --wallet eth-hot --to payroll-eth --asset USDC --per-payment 5000 --per-span 50000 --span 7d "
                      "--total 400000 --fee 0.01 --total-fee 1 --ends 2027-03-31T00:00:00Z --signer alice --signer bob --out payroll.coffer",
                      "then `coffer entry sign` by the others"}},
    });
    return value;
}

std::vector<Bytes> parse_destinations(const std::vector<std::string>& texts, const std::string& asset, const charter::Charter& charter,
                                      const charter::Wallet& wallet)
{
    std::vector<Bytes> destinations;
    for (const auto& text : texts)
        destinations.push_back(parse_spend_all({text, {}, asset}, charter, wallet).destination);
    std::ranges::sort(destinations);
    destinations.erase(std::unique(destinations.begin(), destinations.end()), destinations.end());
    return destinations;
}

const charter::Appliance& choose_appliance(const console::Invocation& invocation, const charter::Charter& charter, const charter::Wallet& wallet)
{
    std::vector<std::string> holders;
    for (const auto& key : wallet.keys)
        if (!key.appliance.empty() && std::ranges::find(holders, key.appliance) == holders.end())
            holders.push_back(key.appliance);
    if (!invocation.has("appliance") && holders.size() != 1)
        throw Error{ErrorCode::usage, "wallet " + wallet.id + " has keys in " + std::to_string(holders.size()) + " appliances, so --appliance must say which one"};
    const auto id = invocation.find("appliance").value_or(holders.empty() ? std::string{} : holders.front());
    const auto* appliance = charter.find_appliance(id);
    if (appliance == nullptr)
        throw Error{ErrorCode::not_found, "appliance " + coffer::quoted(id) + " is not in the charter"};
    return *appliance;
}

std::vector<std::string> choose_signers(const console::Invocation& invocation, const Config& config)
{
    auto signers = invocation.has("signer") ? invocation.all("signer") : std::vector{officer_id(invocation, &config)};
    std::ranges::sort(signers);
    signers.erase(std::unique(signers.begin(), signers.end()), signers.end());
    return signers;
}

/// What one appliance signs alone would lie there half signed where the wallet asks for more.
void require_enough_keys(const charter::Charter& charter, const charter::Wallet& wallet, const charter::Appliance& appliance)
{
    std::set<std::pair<std::string, std::string>> keys; // those that are outside of all appliances may complete it
    for (const auto& key : wallet.keys)
        if (key.appliance.empty() || key.appliance == appliance.id)
            keys.emplace(key.appliance.empty() ? key.outside : key.appliance, key.key);
    const auto needed = chains::format_of(charter.chain(wallet.chain)).signers_needed(charter, wallet);
    if (keys.size() < needed)
        throw Error{ErrorCode::policy_invalid, "wallet " + wallet.id + " needs " + std::to_string(needed) + " signatures, and appliance " + appliance.id +
                                                   " with keys outside of appliances has " + std::to_string(keys.size()),
                    "one appliance signs under a standing order: it is for wallets that it can complete"};
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto& charter = home.chain().charter();
    const auto& wallet = charter.wallet(invocation.text("wallet"));
    const auto& chain = charter.chain(wallet.chain);
    const auto asset = invocation.find("asset").value_or(chain.symbol);
    const auto destinations = parse_destinations(invocation.all("to"), asset, charter, wallet);
    const auto decimals = charter.decimals({chain.id, asset});
    const auto amount = [&](std::string_view option) { return parse_decimal(invocation.text(option), decimals); };
    const auto fee = [&](std::string_view option) { return parse_decimal(invocation.text(option), chain.decimals); };
    const auto& appliance = choose_appliance(invocation, charter, wallet);
    require_enough_keys(charter, wallet, appliance);
    return sign_and_link(invocation, home,
                         charter::StandingOrder{.header = home.header(),
                                                .id = invocation.text("ID"),
                                                .wallet = wallet.id,
                                                .appliance = appliance.id,
                                                .identity = appliance.key,
                                                .asset = asset,
                                                .destinations = destinations,
                                                .per_payment = amount("per-payment"),
                                                .span = invocation.duration("span"),
                                                .per_span = amount("per-span"),
                                                .total = amount("total"),
                                                .fee = fee("fee"),
                                                .total_fee = fee("total-fee"),
                                                .first = invocation.has("starts") ? parse_time(invocation.text("starts")) : home.now(),
                                                .last = parse_time(invocation.text("ends")),
                                                .officers = choose_signers(invocation, home.config()),
                                                .charter = home.chain().charter_hash(),
                                                .time = home.now(),
                                                .reason = reason_of(invocation)});
}

} // namespace

console::Command order_add_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
