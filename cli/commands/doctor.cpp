#include "cli/commands/commands.h"

#include "cli/chains/clients.h"
#include "cli/files/config.h"
#include "cli/home.h"
#include "core/audit/log.h"
#include "core/base/text.h"
#include "core/console/output.h"
#include "core/storage/file.h"
#include "core/storage/sqlite.h"

#include <functional>

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "doctor",
        .summary = "check the home: permissions, database, policy chain, audit log, nodes, clock",
        .description = "Runs every check and says all that is wrong; the exit status is that of the first. Reads every page of the "
                       "database, so it takes a while on a large one. Changes nothing but a schema that is older than the program. "
                       "In a folder that is open to others nothing is opened, and the other checks are not made.",
        .options = {{.name = "offline", .metavar = {}, .help = "ask no node"}},
        .exits = home_exits(),
    };
    return value;
}

/// Runs one check after the other; one that fails does not keep the next from running.
class Checkup {
public:
    /// `check` returns what is good in words, or throws.
    void run(const std::string& name, const std::function<std::string()>& check)
    {
        auto item = Document::object();
        item.set("check", name);
        try {
            const auto words = check();
            item.set("ok", true).set("detail", words);
            m_text.push_back("  ok    " + name + "  " + words);
        } catch (const Error& error) {
            item.set("ok", false).set("code", name_of(error.code())).set("detail", error.message());
            m_text.push_back("  WRONG " + name + "  " + error.message() + " (" + std::string{name_of(error.code())} + ")");
            if (!error.hint().empty())
                m_text.push_back("        " + error.hint());
            if (!m_first)
                m_first = error;
            ++m_count;
        }
        m_checks.add(std::move(item));
    }

    /// A check that cannot be made.
    void skip(const std::string& name, const std::string& why)
    {
        m_checks.add(Document::object().set("check", name).set("ok", Document{}).set("detail", "not checked: " + why));
        m_text.push_back("  -     " + name + "  not checked: " + why);
    }

    console::CommandResult result() &&
    {
        console::CommandResult made;
        made.document.set("ok", !m_first).set("checks", std::move(m_checks));
        made.text = std::move(m_text);
        if (m_first) {
            made.first_refusal = Error{m_first->code(), std::to_string(m_count) + (m_count == 1 ? " check" : " checks") + " failed: " + m_first->message()};
            made.document.set("error", *console::describe_error(*made.first_refusal).find("error"));
        }
        return made;
    }

private:
    Document m_checks = Document::list();
    std::vector<std::string> m_text;
    std::optional<Error> m_first;
    std::size_t m_count = 0;
};

std::string check_permissions(const HomePaths& paths)
{
    storage::require_private(paths.folder);
    for (const auto& file : {paths.config, paths.database(), paths.audit_key()})
        storage::require_private(file);
    return "closed to others";
}

std::string check_database(Home& home)
{
    dynamic_cast<storage::SqliteDatabase&>(home.database()).verify_integrity();
    return "every page reads well, schema is current";
}

std::string check_chain(Home& home)
{
    if (!home.has_charter())
        return "no charter adopted yet";
    const auto& chain = home.chain();
    const artefacts::ApprovalKey own{home.audit_key().public_key()};
    if (chain.charter().audit_key != own)
        throw Error{ErrorCode::binding, "the charter names audit key " + chain.charter().audit_key.format() + ", this home's is " +
                                            own.format(),
                    "audit.key was replaced; put the old one back, or amend the charter"};
    return "charter version " + std::to_string(chain.charter().version) + ", link " + std::to_string(chain.position().number);
}

std::string check_audit(Home& home)
{
    const auto size = home.audit().verify().size;
    return std::to_string(size) + (size == 1 ? " record" : " records") + ", chain unbroken";
}

std::string check_node(Home& home, const std::string& chain_id)
{
    if (!home.has_charter())
        return "not asked, since no charter says which chain it is";
    const auto& charter = home.chain().charter();
    const auto client = connect_client(charter.chain(chain_id), home.config().endpoints(chain_id));
    return "block " + std::to_string(client->height());
}

/// Nothing dates the machine's clock but what happened before: the newest record of the log.
std::string check_clock(Home& home)
{
    const auto now = home.now();
    const auto head = home.audit().head();
    if (head.size != 0) {
        const auto newest = home.audit().record(head.size - 1).time;
        if (now < newest)
            throw Error{ErrorCode::clock, "the clock says " + format_time(now) + ", and the newest audit record is of " +
                                              format_time(newest)};
    }
    if (now < parse_time("2025-01-01T00:00:00Z"))
        throw Error{ErrorCode::clock, "the clock says " + format_time(now)};
    return format_time(now);
}

/// None where the home is open to others or closed to this user; that is the first check then.
std::optional<Home> open_home(const console::Invocation& invocation, Checkup& checkup)
{
    try {
        return Home::open(invocation);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::file_perm && error.code() != ErrorCode::file_type)
            throw;
        checkup.run("permissions", [&]() -> std::string { throw error; });
        return std::nullopt;
    }
}

console::CommandResult run(console::Invocation& invocation)
{
    Checkup checkup;
    auto home = open_home(invocation, checkup);
    if (!home) {
        for (const auto* name : {"database", "policy chain", "audit log", "clock"})
            checkup.skip(name, "nothing is opened in such a folder");
        if (!invocation.has("offline"))
            checkup.skip("nodes", "nothing is opened in such a folder");
        return std::move(checkup).result();
    }
    checkup.run("permissions", [&] { return check_permissions(home->paths()); });
    checkup.run("database", [&] { return check_database(*home); });
    checkup.run("policy chain", [&] { return check_chain(*home); });
    checkup.run("audit log", [&] { return check_audit(*home); });
    checkup.run("clock", [&] { return check_clock(*home); });
    if (!invocation.has("offline"))
        for (const auto& [chain, endpoints] : home->config().rpc)
            checkup.run("node of " + escaped(chain), [&] { return check_node(*home, chain); });
    return std::move(checkup).result();
}

} // namespace

console::Command doctor_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
