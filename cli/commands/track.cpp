#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/following.h"
#include "cli/requests/home_books.h"
#include "cli/requests/request_document.h"
#include "core/console/output.h"
#include "core/requests/courier.h"

#include <thread>

namespace coffer::cli {

namespace {

using requests::RequestService;

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "track",
        .summary = "follow what was sent until it is final",
        .description = "To the confirmations that the charter asks for the wallet. A re-org moves a request back; a reverted "
                       "transaction is failed; one whose nonce another transaction used is replaced. Without ids: everything that "
                       "is on its way or not deep in its chain.",
        .arguments = {{.name = "ID",
                       .help = "requests, or the beginnings of their ids",
                       .presence = console::Presence::optional,
                       .occurs = console::Occurs::repeatedly}},
        .options = {{.name = "watch", .help = "go on until everything is final; with --json one document a line"},
                    {.name = "interval", .metavar = "SPAN", .help = "time between two looks with --watch", .default_value = "15s"}},
        .exits = home_exits({ExitStatus::signature}),
        .examples = {{"coffer track --watch", ""}},
    };
    return value;
}

struct Round {
    console::CommandResult result;
    bool is_settled = true; ///< nothing more happens by itself
};

void follow_one(Home& home, RequestService& service, ClientPool& clients, const RequestId& id, Document& list, Round& round)
{
    try {
        const auto chain = home.chain().charter().chain(service.find(id).judgement.open.wallet->chain);
        const auto checked = requests::Courier{service, clients.of(chain)}.follow(id);
        list.add(describe_progress(checked, std::nullopt));
        round.result.text.push_back(progress_in_words(checked, std::nullopt));
        round.is_settled = round.is_settled && requests::is_final(checked.status);
    } catch (const Error& refusal) {
        const auto error = refusal.in("request " + format_uuid(id));
        list.add(Document::object().set("id", format_uuid(id)).set("error", describe_reason(error)));
        round.result.text.push_back(error.message());
        // A node may come back; anything else stays as it is.
        round.is_settled = round.is_settled && error.exit_status() != ExitStatus::unavailable;
        if (!round.result.first_refusal)
            round.result.first_refusal = error;
    }
}

Round look(const console::Invocation& invocation, Home& home, RequestService& service, ClientPool& clients)
{
    Round round;
    auto list = Document::list();
    const auto ids = requests_of(invocation, service, service.to_track());
    for (const auto& id : ids)
        follow_one(home, service, clients, id, list, round);
    round.result.document.set("requests", std::move(list));
    if (ids.empty())
        round.result.text = {"Nothing is on its way."};
    return round;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    HomeBooks books{home};
    RequestService service{books};
    ClientPool clients{home};
    const auto interval = std::chrono::seconds{invocation.duration("interval").seconds};
    if (interval.count() < 1)
        throw Error{ErrorCode::usage, "--interval is at least 1s"};
    std::string last;
    for (;;) {
        auto round = look(invocation, home, service, clients);
        if (!invocation.has("watch") || round.is_settled)
            return std::move(round.result);
        if (auto now = round.result.document.to_json(); now != last) {
            invocation.output().result(round.result);
            last = std::move(now);
        }
        std::this_thread::sleep_for(interval);
    }
}

} // namespace

console::Command track_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
