#include "cli/commands/commands.h"

#include "cli/explanation.h"
#include "cli/files/config.h"
#include "cli/home.h"
#include "cli/requests/home_books.h"
#include "core/base/text.h"
#include "core/requests/outflow.h"
#include "core/requests/recipient.h"
#include "core/requests/request_service.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "policy explain",
        .summary = "which rule decides, and why the others do not",
        .description = "Of a request, or of a payment that does not exist yet. Fee ceilings and expiry are judged when the request is built. Says what the limits leave, too.",
        .arguments = {{.name = "ID", .help = "of a request", .presence = console::Presence::optional}},
        .options = {{.name = "wallet", .metavar = "W", .help = "that would pay"},
                    {.name = "to", .metavar = "ADDRESS", .help = "or the id of a destination or wallet"},
                    {.name = "amount", .metavar = "A", .help = "in the asset's unit"},
                    {.name = "asset", .metavar = "T", .help = "default: the chain's own"},
                    {.name = "kind", .metavar = "KIND", .help = "of the request", .default_value = "transfer"},
                    {.name = "requester", .metavar = "ID", .help = "who would ask for it, for limits by requester (default: the configuration's officer)"}},
        .exits = home_exits({ExitStatus::signature}),
        .examples = {{"coffer policy explain --wallet eth-cold --to exchange-eth --amount 120", ""}},
    };
    return value;
}

charter::RequestKind kind_of(const console::Invocation& invocation)
{
    try {
        return charter::parse_request_kind(invocation.text("kind"));
    } catch (const Error& error) {
        throw Error{ErrorCode::usage, "--kind: " + error.message()};
    }
}

/// What the rules in force say about it, whatever its votes say.
Explanation explain_request(Home& home, requests::RequestService& service, const RequestId& id)
{
    auto windows = service.find(id).windows; // first: it may follow the policy chain further
    const auto stored = requests::RequestStore{home.database()}.find(id);
    const auto& chain = home.chain();
    const auto open = requests::open_request(chain, stored.value().submission(), home.now());
    auto explanation = explain(chain.charter(),
                               policy::Facts{.kind = open.request.kind,
                                             .wallet = open.wallet,
                                             .description = &open.description,
                                             .created = open.request.created,
                                             .expires = open.request.expires,
                                             .known_for = std::nullopt,
                                             .words = requests::words_of(chain.charter(), *open.wallet)},
                               requests::outflow_of(open, chain.charter(), requests::Replaced::counted));
    explanation.windows = std::move(windows);
    return explanation;
}

Explanation explain_payment(const console::Invocation& invocation, Home& home, requests::RequestService& service)
{
    const auto explained = [&] {
        return explain(home.chain().charter(),
                       HypotheticalPayment{.wallet = invocation.text("wallet"),
                                           .to = invocation.text("to"),
                                           .amount = invocation.text("amount"),
                                           .asset = invocation.find("asset").value_or(""),
                                           .kind = kind_of(invocation),
                                           .requester = invocation.find("requester").value_or(home.config().officer.id)},
                       home.now());
    };
    auto windows = service.window_uses(explained().outflow); // as above
    auto explanation = explained();
    explanation.windows = std::move(windows);
    return explanation;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    HomeBooks books{home};
    requests::RequestService service{books};
    const auto explanation = invocation.has("ID") ? explain_request(home, service, service.find_id(invocation.text("ID")))
                                                  : explain_payment(invocation, home, service);
    console::CommandResult result;
    result.document = explanation.describe(home.chain().charter());
    result.text = explanation.in_words(home.chain().charter());
    return result;
}

} // namespace

console::Command policy_explain_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
