#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/home_books.h"
#include "core/base/text.h"
#include "core/console/output.h"
#include "core/requests/request_service.h"

#include <algorithm>

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
        .exits = home_exits(),
        .examples = {{"coffer list --status pending_review", "what waits for votes"}},
    };
    return value;
}

/// How many hexadecimal digits two ids have in common at their beginning.
std::size_t common_digits(const RequestId& one, const RequestId& other)
{
    const auto [left, right] = std::ranges::mismatch(one.bytes(), other.bytes());
    const auto whole = 2 * static_cast<std::size_t>(left - one.bytes().begin());
    return left != one.bytes().end() && (*left ^ *right) < 0x10 ? whole + 1 : whole;
}

/// What means this request only, in a home of these ids: its neighbours tell how many characters it takes.
std::string short_id(const std::vector<RequestId>& sorted, const RequestId& id)
{
    constexpr std::size_t least_digits = 8;
    const auto place = std::ranges::lower_bound(sorted, id);
    auto wanted = least_digits;
    if (place != sorted.begin())
        wanted = std::max(wanted, common_digits(*std::prev(place), id) + 1);
    if (place != sorted.end() && std::next(place) != sorted.end())
        wanted = std::max(wanted, common_digits(*std::next(place), id) + 1);
    auto text = format_uuid(id);
    std::size_t length = 0;
    for (std::size_t count = 0; count < wanted && length < text.size(); ++length)
        if (text[length] != '-')
            ++count;
    text.resize(length);
    return text;
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
    // After the rows: a request that comes in between only makes an id longer.
    const auto ids = invocation.output().is_json() || rows.empty() ? std::vector<RequestId>{} : service.all_ids();
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
            table.add({short_id(ids, row.id), std::string{name_of(row.status)}, row.wallet, row.summary,
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
