#include "cli/commands/commands.h"

#include "cli/audit_text.h"
#include "cli/home.h"
#include "core/audit/log.h"
#include "core/base/text.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "audit log",
        .summary = "what was done in this home, newest last",
        .options = {{.name = "count", .metavar = "N", .help = "how many of the newest records", .letter = 'n', .default_value = "50"},
                    {.name = "start", .metavar = "SEQUENCE", .help = "from this record on instead"},
                    {.name = "type", .metavar = "TYPE", .help = "only events of this type"}},
        .exits = home_exits(),
        .examples = {{"coffer audit log --count 20", ""}, {"coffer --json audit log --start 0", "all of it"}},
    };
    return value;
}

bool is_of_type(const audit::Record& record, const std::optional<std::string>& type)
{
    if (!type)
        return true;
    const auto found = describe_record(record);
    const auto* own = found.find("type");
    return own != nullptr && own->text() == *type;
}

std::uint64_t first_record(const console::Invocation& invocation, std::uint64_t size)
{
    constexpr std::uint64_t most = 1'000'000'000;
    if (invocation.has("start"))
        return invocation.number("start", 0, most);
    const auto count = invocation.number("count", 1, most);
    return size > count ? size - count : 0;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto head = home.audit().head();
    const auto type = invocation.find("type");
    auto records = Document::list();
    console::CommandResult result;
    home.audit().for_each(
        [&](const audit::Record& record) {
            if (!is_of_type(record, type))
                return;
            records.add(describe_record(record));
            result.text.push_back(record_in_words(record));
        },
        first_record(invocation, head.size));
    if (result.text.empty())
        result.text = {"No records."};
    result.document.set("size", head.size).set("root", Document::hex(head.root.bytes())).set("records", std::move(records));
    return result;
}

} // namespace

console::Command audit_log_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
