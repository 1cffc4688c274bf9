#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/proposing.h"
#include "core/base/text.h"
#include "core/keys/derivation.h"
#include "core/payments/ceremony.h"
#include "core/requests/ceremony.h"
#include "core/requests/share_set.h"

namespace coffer::cli {

namespace {

using payments::Ceremony;

constexpr std::uint64_t most = 16; // groups, and members of one: four bits each (SLIP-39)

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = [] {
        console::CommandSpec made{
            .name = "propose ceremony",
            .summary = "open a request to make or combine shares of a key",
            .description = "What reveals a key that a charter has named is voted on like a payment: the rules of every wallet that has the key, for the "
                           "kind key_ceremony, decide together. The appliance holds the ceremony once it has the votes (coffer-cold shares … --bundle). "
                           "Needs no network.",
            .options = {{.name = "appliance", .metavar = "A", .help = "the appliance that has the key", .presence = console::Presence::required},
                        {.name = "id", .metavar = "K", .help = "the key's id in the charter", .presence = console::Presence::required},
                        {.name = "operation", .metavar = "OP", .help = "create, refresh or combine", .presence = console::Presence::required,
                         .choices = {"create", "refresh", "combine"}},
                        {.name = "threshold", .metavar = "T", .help = "how many shares restore the key"},
                        {.name = "count", .metavar = "N", .help = "how many there are"},
                        {.name = "groups", .metavar = "2of3,3of5", .help = "several groups instead, each with its own threshold and count"},
                        {.name = "group-threshold", .metavar = "G", .help = "how many of the groups it takes (default: all)"},
                        {.name = "memo", .metavar = "M", .help = "a note for this home; nobody signs it"}},
            .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
            .examples = {{"coffer propose ceremony --appliance vault-a --id k1 --operation create --threshold 3 --count 5", ""}},
        };
        for (auto& option : proposing_options())
            made.options.push_back(std::move(option));
        return made;
    }();
    return value;
}

/// `2of3`.
Ceremony::Group read_group(std::string_view text)
{
    const auto parts = split(text, 'o');
    unsigned numbers[2] = {};
    const std::string_view texts[2] = {parts.front(), parts.size() == 2 && parts[1].starts_with('f') ? std::string_view{parts[1]}.substr(1) : std::string_view{}};
    for (int i = 0; i < 2; ++i) {
        for (const auto digit : texts[i])
            numbers[i] = digit >= '0' && digit <= '9' && numbers[i] <= most ? numbers[i] * 10 + static_cast<unsigned>(digit - '0') : 1000;
        if (numbers[i] == 0 || numbers[i] > most)
            throw Error{ErrorCode::usage, "group " + coffer::quoted(text) + " is not of the form 2of3, of 1 to 16"};
    }
    return {numbers[0], numbers[1]};
}

void read_shape(const console::Invocation& invocation, Ceremony& ceremony)
{
    const bool is_simple = invocation.has("threshold") || invocation.has("count");
    if (ceremony.operation == Ceremony::Operation::combine) {
        if (is_simple || invocation.has("groups"))
            throw Error{ErrorCode::usage, "combine makes no shares: it takes no threshold, count or groups"};
        return;
    }
    if (invocation.has("groups") == is_simple)
        throw Error{ErrorCode::usage, "give either --threshold and --count, or --groups"};
    if (is_simple) {
        ceremony.groups = {{static_cast<unsigned>(invocation.number("threshold", 1, most)), static_cast<unsigned>(invocation.number("count", 1, most))}};
        ceremony.group_threshold = 1;
        return;
    }
    const auto text = invocation.text("groups");
    for (const auto& group : split(text, ','))
        ceremony.groups.push_back(read_group(trim(group)));
    ceremony.group_threshold = invocation.has("group-threshold") ? static_cast<unsigned>(invocation.number("group-threshold", 1, most))
                                                                 : static_cast<unsigned>(ceremony.groups.size());
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
    for (const auto operation : {Ceremony::Operation::create, Ceremony::Operation::refresh, Ceremony::Operation::combine})
        if (name_of(operation) == invocation.text("operation"))
            ceremony.operation = operation;
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
    const auto wallets = requests::wallets_with(charter, *appliance, *appliance->find_key(ceremony.key));
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
