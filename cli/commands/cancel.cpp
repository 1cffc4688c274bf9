#include "cli/commands/commands.h"

#include "cli/files/config.h"
#include "cli/home.h"
#include "cli/officer_key.h"
#include "cli/requests/home_books.h"
#include "cli/requests/request_document.h"
#include "core/base/text.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = [] {
        console::CommandSpec made{
            .name = "cancel",
            .summary = "take a request back",
            .description = "By its requester, or by an officer whose vote on it would count. The signed cancel becomes a link of the "
                           "policy chain, so that it can be kept from the vault only together with every later vote. A request that "
                           "the vault has signed ends only on its chain.",
            .arguments = {{.name = "ID", .help = "the request, or the beginning of its id"}},
            .options = {{.name = "reason", .metavar = "TEXT", .help = "why; everybody will read it"}},
            .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
            .examples = {{"coffer cancel 0191f3c2 --officer alice --key alice.key", ""}},
        };
        for (auto& option : officer_options())
            made.options.push_back(std::move(option));
        return made;
    }();
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    HomeBooks books{home};
    requests::RequestService service{books};
    const auto id = service.find_id(invocation.text("ID"));
    const auto finish = [&](const requests::CheckedRequest& checked, bool is_new) {
        console::CommandResult result;
        result.document = describe_request(checked, home.chain().charter());
        result.text = {"Request " + format_uuid(id) + (is_new ? " is cancelled." : " was cancelled already.")};
        return result;
    };
    RequestDigest digest;
    {
        const auto checked = service.find(id);
        if (checked.status == requests::Status::cancelled)
            return finish(checked, false);
        if (checked.status != requests::Status::expired || !checked.stored.row.exported)
            requests::require_open(checked);
        digest = checked.stored.row.digest;
    }
    const auto officer = officer_id(invocation, &home.config());
    const auto key = OfficerKey::open(invocation, officer_key_file(invocation, &home.config()));
    static_cast<void>(key.require_officer(home.chain().charter(), officer));
    auto entry = charter::encode_cancel({.header = home.header(),
                                         .request = digest,
                                         .officer = officer,
                                         .time = home.now(),
                                         .reason = invocation.find("reason").value_or("")});
    key.sign(entry);
    return finish(service.cancel(entry.encode()), true);
}

} // namespace

console::Command cancel_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
