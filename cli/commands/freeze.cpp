#include "cli/commands/commands.h"

#include "cli/policy_entries.h"
#include "cli/files/config.h"
#include "core/base/text.h"

#include <algorithm>

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = entry_command(Signers::one, {
        .name = "freeze",
        .summary = "keep wallets from signing anything for a while",
        .description = "By one officer; the charter may name a role for it. For 72 hours at most, and renewed once while it lasts. The vault goes by its own "
                       "clock, once a bundle has brought it the entry: `coffer export --links` makes one.\n"
                       "What is signed already stays signed.",
        .arguments = {{.name = "WALLET", .help = "what is frozen", .occurs = console::Occurs::repeatedly}},
        .options = {{.name = "for", .metavar = "SPAN", .help = "how long, 72 hours at most", .default_value = "72h"},
                    {.name = "renew", .help = "extend a freeze that lasts; that can be done once"}},
        .examples = {{"coffer freeze eth-hot --reason 'key of the host may be stolen' --officer alice --key alice.key", ""}},
    });
    return value;
}

/// What is frozen already stays as it is, so that a run which was interrupted may be repeated.
std::optional<console::CommandResult> find_standing(const charter::PolicyChain& chain, const std::vector<std::string>& wallets, UtcTime now)
{
    console::CommandResult result;
    auto frozen = Document::list();
    for (const auto& wallet : wallets) {
        const auto* freeze = chain.find_freeze(wallet, now);
        if (freeze == nullptr)
            return std::nullopt;
        frozen.add(Document::object()
                       .set("wallet", wallet)
                       .set("until", freeze->until)
                       .set("by", freeze->by)
                       .set("entry_hash", Document::hex(freeze->entry.bytes())));
        result.text.push_back("Frozen already until " + format_time_for_people(freeze->until) + " by " + freeze->by + ": " + wallet + ".");
    }
    result.document.set("frozen", std::move(frozen)).set("known", true);
    result.text.emplace_back("Nothing was done; --renew extends it once.");
    return result;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    auto wallets = invocation.all("WALLET");
    std::ranges::sort(wallets);
    wallets.erase(std::unique(wallets.begin(), wallets.end()), wallets.end());
    for (const auto& wallet : wallets)
        static_cast<void>(home.chain().charter().wallet(wallet));
    const auto span = invocation.duration("for");
    if (span <= Duration{} || charter::longest_freeze < span)
        throw Error{ErrorCode::usage, "--for is " + format_duration(span) + ", a freeze lasts up to 72 hours"};
    const auto now = home.now();
    const charter::Freeze freeze{.header = home.header(),
                                 .wallets = wallets,
                                 .officer = officer_id(invocation, &home.config()),
                                 .appliance = {},
                                 .time = now,
                                 .until = now + span,
                                 .reason = reason_of(invocation)};
    if (invocation.has("renew"))
        return sign_and_link(invocation, home, freeze);
    if (auto standing = find_standing(home.chain(), wallets, now))
        return std::move(*standing);
    // Two who freeze at once would have the later one taken for a renewal.
    const auto require_none_standing = [&](const charter::PolicyChain& chain) {
        if (find_standing(chain, wallets, now))
            throw Error{ErrorCode::busy, "another run has frozen " + join(wallets, ", ") + " meanwhile"};
    };
    try {
        return sign_and_link(invocation, home, freeze, require_none_standing);
    } catch (const Error& error) {
        auto standing = error.code() == ErrorCode::busy ? find_standing(home.chain(), wallets, now) : std::nullopt;
        if (!standing)
            throw;
        return std::move(*standing);
    }
}

} // namespace

console::Command freeze_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
