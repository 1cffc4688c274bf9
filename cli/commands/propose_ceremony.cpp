#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/proposing.h"
#include "core/base/text.h"
#include "core/console/share_shape.h"
#include "core/keys/derivation.h"
#include "core/payments/ceremony.h"
#include "core/requests/ceremony.h"
#include "core/requests/share_set.h"

namespace coffer::cli {

namespace {

using payments::Ceremony;

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = [] {
        console::CommandSpec made{
            .name = "propose ceremony",
            .summary = "open a request to make or combine shares of a key, or to show its words",
            .description = "What reveals a key that a charter has named is voted on like a payment: the rules of every wallet that has the key, for the "
                           "kind key_ceremony, decide together. The appliance holds the ceremony once it has the votes (coffer-cold shares … or keys words, with --bundle). "
                           "Needs no network.",
            .options = {{.name = "appliance", .metavar = "A", .help = "the appliance that has the key", .presence = console::Presence::required},
                        {.name = "id", .metavar = "K", .help = "the key's id in the charter", .presence = console::Presence::required},
                        {.name = "operation", .metavar = "OP", .help = "create, refresh or combine shares, or show words", .presence = console::Presence::required,
                         .choices = {"create", "refresh", "combine", "words"}},
                        {.name = "memo", .metavar = "M", .help = "a note for this home; nobody signs it"}},
            .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
            .examples = {{"coffer propose ceremony --appliance vault-a --id k1 --operation create --threshold 3 --count 5", ""}},
        };
        const auto shape = console::share_shape_options();
        made.options.insert(made.options.end() - 1, shape.begin(), shape.end()); // before --memo
        for (auto& option : proposing_options())
            made.options.push_back(std::move(option));
        return made;
    }();
    return value;
}

void read_shape(const console::Invocation& invocation, Ceremony& ceremony)
{
    if (!payments::makes_shares(ceremony.operation)) {
        if (console::names_share_shape(invocation))
            throw Error{ErrorCode::usage, std::string{name_of(ceremony.operation)} + " makes no shares: it takes no threshold, count or groups"};
        return;
    }
    const auto shape = console::read_share_shape(invocation);
    ceremony.group_threshold = shape.group_threshold;
    for (const auto& [threshold, count] : shape.groups)
        ceremony.groups.emplace_back(threshold, count);
}

Ceremony read_ceremony(const console::Invocation& invocation, const charter::Charter& charter)
{
    Ceremony ceremony{.appliance = invocation.text("appliance"), .key = invocation.text("id"), .public_key = {}};
    const auto* appliance = charter.find_appliance(ceremony.appliance);
    const auto* key = appliance == nullptr ? nullptr : appliance->find_key(ceremony.key);
    if (key == nullptr)
        throw Error{ErrorCode::not_found, "the charter in force names no key " + coffer::quoted(ceremony.key) + " of an appliance " + coffer::quoted(ceremony.appliance),
                    "coffer charter show"};
    ceremony.public_key = to_bytes(keys::ExtendedPublicKey::parse(key->extended_public).key().compressed());
    ceremony.operation = payments::parse_ceremony_operation(invocation.text("operation"));
    read_shape(invocation, ceremony);
    if (!ceremony.groups.empty())
        ceremony.share_set = requests::make_share_set_identifier(charter.header.environment, invocation.environment().random);
    return ceremony;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto& charter = home.chain().charter();
    const auto ceremony = read_ceremony(invocation, charter);
    const auto payload = payments::encode_ceremony(ceremony);
    static_cast<void>(payments::decode_ceremony(payload)); // says what is wrong with the shape
    const auto* appliance = charter.find_appliance(ceremony.appliance);
    const auto wallets = requests::wallets_with(charter, *appliance->find_key(ceremony.key));
    if (wallets.empty())
        throw Error{ErrorCode::policy_denied, "key " + ceremony.key + " of " + ceremony.appliance + " is in no wallet of the charter, so no rule decides about it"};
    return propose(invocation, home, *wallets.front(), {.kind = charter::RequestKind::key_ceremony}, {invocation.find("memo").value_or("")},
                   [&](const Room&) { return BuiltPayloads{{payload}, std::nullopt}; });
}

} // namespace

console::Command propose_ceremony_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
