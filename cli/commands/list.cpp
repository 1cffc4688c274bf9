#include "cli/commands/commands.h"

#include "cli/requests/home_books.h"
#include "core/base/text.h"
#include "core/console/output.h"
#include "core/requests/request_service.h"

#include <set>

namespace coffer::cli {

namespace {

using requests::Status;

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "list",
        .summary = "the requests of this home",
        .description = "From the columns of the database, which nobody signs: `coffer show ID` computes a request again.",
        .options = {{.name = "status",
                     .metavar = "S",
                     .help = "only those in this state",
                     .letter = 's',
                     .choices = {"pending_review", "pending_signature", "rejected", "expired", "cancelled", "pending_broadcast",
                                 "broadcast", "success", "failed", "replaced", "void"}}},
        .exits = {ExitStatus::not_found, ExitStatus::unavailable, ExitStatus::integrity},
        .examples = {{"coffer list --status pending_review", "what waits for votes"}},
    };
    return value;
}

/// Each short id means one request: neighbours in the order of ids tell how many characters it takes.
std::map<RequestId, std::string> short_ids(const std::vector<requests::RequestRow>& rows)
{
    constexpr std::size_t least = 8;
    std::set<RequestId> sorted;
    for (const auto& row : rows)
        sorted.insert(row.id);
    std::map<RequestId, std::string> ids;
    std::string before;
    for (auto at = sorted.begin(); at != sorted.end(); ++at) {
        const auto text = format_uuid(*at);
        const auto after = std::next(at) == sorted.end() ? std::string{} : format_uuid(*std::next(at));
        auto length = least;
        while (length < text.size() && (before.starts_with(text.substr(0, length)) || after.starts_with(text.substr(0, length))))
            ++length;
        if (length < text.size() && text[length - 1] == '-')
            ++length;
        ids.emplace(*at, text.substr(0, length));
        before = text;
    }
    return ids;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    HomeBooks books{home};
    requests::RequestService service{books};
    const auto status = invocation.find("status");
    const auto rows = service.list(status ? std::optional{requests::parse_status(*status)} : std::nullopt);

    console::CommandResult result;
    auto list = Document::list();
    const auto ids = invocation.output().is_json() ? std::map<RequestId, std::string>{} : short_ids(status ? service.list(std::nullopt) : rows);
    console::Table table{{{.title = "id"}, {.title = "status"}, {.title = "wallet"}, {.title = "pays"}, {.title = "expires"}}};
    for (const auto& row : rows) {
        if (invocation.output().is_json())
            list.add(Document::object()
                         .set("id", format_uuid(row.id))
                         .set("status", name_of(row.status))
                         .set("kind", row.kind)
                         .set("wallet", row.wallet)
                         .set("summary", row.summary)
                         .set("request_digest", Document::hex(row.digest.bytes()))
                         .set("created_at", row.created)
                         .set("expires_at", row.expires));
        else
            table.add({ids.at(row.id), std::string{name_of(row.status)}, row.wallet, row.summary,
                       requests::is_open(row.status) ? format_time(row.expires) : ""});
    }
    result.document.set("requests", std::move(list)).set("verified", false);
    if (rows.empty())
        result.text = {status ? "No request is " + *status + "." : "There are no requests."};
    else
        result.text = table.lines(invocation.output().width());
    return result;
}

} // namespace

console::Command list_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
