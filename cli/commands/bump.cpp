#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/following.h"
#include "cli/requests/home_books.h"
#include "cli/requests/refusals.h"
#include "cli/requests/replacing.h"
#include "core/requests/courier.h"
#include "core/storage/lock_file.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "bump",
        .summary = "pay the same for a higher fee",
        .description = "Sends the next step of the fee ladder that was proposed with the request: it is approved and signed already. Without one, "
                       "or with --feerate, it opens a request of its own, with votes of its own: it spends what the signed one spends, pays "
                       "the same destinations, and only its fee is higher, so that at most one of both is mined. The vault verifies that.",
        .arguments = {{.name = "ID", .help = "the signed request, or the beginning of its id"}},
        .options = replacing_options(),
        .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
        .examples = {{"coffer bump 0191f3c2", ""}},
    };
    return value;
}

/// None where no further step was proposed.
std::optional<console::CommandResult> send_next_step(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    HomeBooks books{home};
    requests::RequestService service{books};
    const auto id = service.find_id(invocation.text("ID"));
    const auto found = service.find(id);
    if (!found.next_step())
        return std::nullopt;
    const auto lease = storage::LockFile{home.paths().folder / "broadcast.lock"}.acquire(std::chrono::milliseconds{0});
    ClientPool clients{home};
    const auto error = recording_refusals(home, "bump", id, [&] {
        return requests::Courier{service, clients.of(home.chain().charter().chain(found.judgement.open.wallet->chain))}.send_next_step(id);
    });
    if (error)
        record_refusal(home, "bump", id, *error);
    const auto checked = service.find(id);
    console::CommandResult result;
    result.document = describe_progress(checked, error);
    result.text = {progress_in_words(checked, error)};
    result.first_refusal = error;
    result.next = {"coffer track " + format_uuid(id)};
    return result;
}

console::CommandResult run(console::Invocation& invocation)
{
    if (!invocation.has("feerate"))
        if (auto sent = send_next_step(invocation))
            return std::move(*sent);
    return propose_replacement(invocation, chains::ReplacementOrder::Purpose::bump);
}

} // namespace

console::Command bump_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
