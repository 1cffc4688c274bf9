#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/following.h"
#include "cli/requests/home_books.h"
#include "cli/requests/refusals.h"
#include "cli/requests/request_document.h"
#include "core/requests/courier.h"
#include "core/storage/lock_file.h"

namespace coffer::cli {

namespace {

using requests::RequestService;

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "broadcast",
        .summary = "send what is signed to its chain",
        .description = "Without ids: everything that waits, and what was sent without an answer. Sends the same bytes however often it "
                       "runs; what an earlier run may have sent is looked up first. One run at a time: another one is busy.",
        .arguments = {{.name = "ID",
                       .help = "requests, or the beginnings of their ids",
                       .presence = console::Presence::optional,
                       .occurs = console::Occurs::repeatedly}},
        .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
        .examples = {{"coffer --json broadcast && coffer --json track", "in cron"}},
    };
    return value;
}

/// One item: what is wrong with it does not stop the others.
void send_one(Home& home, RequestService& service, ClientPool& clients, const RequestId& id, Document& list, console::CommandResult& result)
{
    std::optional<Error> error;
    try {
        if (const auto checked = service.find(id); !checked.is_signed() || checked.judgement.open.goes_to_chain()) {
            const auto chain = home.chain().charter().chain(checked.judgement.open.wallet->chain);
            error = requests::Courier{service, clients.of(chain)}.send(id);
        }
    } catch (const Error& refusal) {
        error = refusal.in("request " + format_uuid(id));
    }
    if (error)
        record_refusal(home, "broadcast", id, *error);
    try {
        const auto checked = service.find(id);
        list.add(describe_progress(checked, error));
        result.text.push_back(progress_in_words(checked, error));
    } catch (const Error& refusal) {
        list.add(Document::object().set("id", format_uuid(id)).set("error", describe_reason(refusal)));
        result.text.push_back(format_uuid(id) + "  " + refusal.message());
    }
    if (error && !result.first_refusal)
        result.first_refusal = error;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    HomeBooks books{home};
    RequestService service{books};
    const auto lease = storage::LockFile{home.paths().folder / "broadcast.lock"}.acquire(std::chrono::milliseconds{0});
    const auto ids = requests_of(invocation, service, service.to_broadcast());
    ClientPool clients{home};
    console::CommandResult result;
    auto list = Document::list();
    for (const auto& id : ids)
        send_one(home, service, clients, id, list, result);
    result.document.set("requests", std::move(list));
    if (ids.empty())
        result.text = {"Nothing waits to be sent."};
    else
        result.next = {"coffer track"};
    return result;
}

} // namespace

console::Command broadcast_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
