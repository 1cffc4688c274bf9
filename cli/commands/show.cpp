#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/home_books.h"
#include "cli/requests/request_document.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "show",
        .summary = "everything about a request, computed again from its signed bytes",
        .arguments = {{.name = "ID", .help = "the request, or the beginning of its id"}},
        .exits = home_exits({ExitStatus::signature}),
        .examples = {{"coffer show 0191f3c2", ""}, {"coffer --json show 0191f3c2", "with every digest and vote"}},
    };
    return value;
}

void add_next(console::CommandResult& result, requests::RequestService& service, const requests::CheckedRequest& checked)
{
    const auto id = short_id(service, checked.id());
    switch (checked.status) {
    case requests::Status::pending_review: result.next = {"coffer approve " + id}; return;
    case requests::Status::pending_signature: result.next = {"coffer export " + id + " --out FILE"}; return;
    case requests::Status::pending_broadcast: result.next = {"coffer broadcast " + id}; return;
    case requests::Status::broadcast: result.next = {"coffer track " + id}; return;
    default: return;
    }
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    HomeBooks books{home};
    requests::RequestService service{books};
    auto checked = service.find(service.find_id(invocation.text("ID")));
    if (checked.status != checked.stored.row.status) // time or an amendment moved it on: the list shall say so, too
        checked = service.refresh(checked.id());
    const auto& charter = home.chain().charter();
    console::CommandResult result;
    result.document = describe_request(checked, charter);
    result.text = {"Request " + format_uuid(checked.id()) + "  " + std::string{name_of(checked.status)} + "  " +
                       requests::fingerprint(checked.judgement.open.digest),
                   ""};
    for (auto& line : request_in_words(checked, charter))
        result.text.push_back(std::move(line));
    result.text.push_back("");
    if (checked.judgement.refused)
        result.text.push_back("The charter in force does not allow it any more: " + checked.judgement.refused->message());
    else if (requests::is_open(checked.status))
        result.text.push_back(approvals_in_words(checked));
    for (std::size_t i = 0; i < checked.stored.payloads.size(); ++i)
        if (const auto& transaction = checked.signed_transactions[i]; transaction && !checked.judgement.open.goes_to_chain())
            result.text.push_back("Signature " + transaction->txid);
        else if (transaction)
            result.text.push_back("Transaction " + transaction->txid + "  " + std::string{name_of(checked.stored.payloads[i].status)} +
                                  ", " + std::to_string(checked.stored.payloads[i].confirmations) + " confirmations");
    add_next(result, service, checked);
    return result;
}

} // namespace

console::Command show_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
