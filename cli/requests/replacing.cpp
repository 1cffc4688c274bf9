#include "cli/requests/replacing.h"

#include "cli/home.h"
#include "cli/requests/following.h"
#include "cli/requests/home_books.h"
#include "cli/requests/proposing.h"
#include "core/base/text.h"

namespace coffer::cli {

namespace {

using requests::CheckedRequest;
using requests::Status;

using OrderPurpose = chains::ReplacementOrder::Purpose;

void require_replaceable(const CheckedRequest& checked)
{
    const auto name = "request " + format_uuid(checked.id());
    if (!checked.judgement.open.goes_to_chain())
        throw Error{ErrorCode::state, name + " is a " + std::string{name_of(checked.judgement.open.request.kind)} + ": it uses up nothing that another one could take",
                    checked.is_signed() ? std::string{} : "`coffer cancel " + format_uuid(checked.id()) + "` ends it"};
    if (!checked.is_signed() && !checked.is_released())
        throw Error{ErrorCode::state, name + " is " + std::string{name_of(checked.status)} + ": nobody could send it",
                    requests::is_open(checked.status) ? "`coffer cancel " + format_uuid(checked.id()) + "` ends it" : std::string{}};
    if (checked.is_signed() && requests::is_final(checked.status))
        throw Error{ErrorCode::state, name + " is " + std::string{name_of(checked.status)} + ": there is nothing to replace"};
}

/// What is not settled on its chain yet; of a ladder the last step, whose fee is the highest.
std::vector<const payments::Payload*> unsettled(const CheckedRequest& checked)
{
    std::vector<const payments::Payload*> payloads;
    if (checked.judgement.open.is_ladder)
        return {checked.judgement.open.payloads.back().get()};
    for (std::size_t i = 0; i < checked.stored.payloads.size(); ++i)
        if (!checked.is_signed() || !requests::is_final(checked.stored.payloads[i].status))
            payloads.push_back(checked.judgement.open.payloads[i].get());
    return payloads;
}

Purpose purpose_of(const CheckedRequest& checked, OrderPurpose purpose)
{
    auto submission = checked.stored.submission();
    requests::Predecessor replaced{.request = std::move(submission.request), .payloads = std::move(submission.payloads), .signatures = {}};
    for (const auto& payload : checked.stored.payloads)
        replaced.signatures.push_back(payload.signatures);
    Purpose made{.kind = purpose == OrderPurpose::bump ? charter::RequestKind::bump : charter::RequestKind::void_,
                 .replaces = checked.stored.row.digest,
                 .predecessors = {std::move(replaced)}};
    for (auto& predecessor : submission.predecessors)
        made.predecessors.push_back(std::move(predecessor));
    if (made.predecessors.size() > requests::most_predecessors)
        throw Error{ErrorCode::limit, "request " + format_uuid(checked.id()) + " is the 20th replacement in a row"};
    return made;
}

} // namespace

std::vector<console::OptionSpec> replacing_options()
{
    std::vector<console::OptionSpec> options{feerate_option(), {.name = "memo", .metavar = "M", .help = "a note for this home; nobody signs it"}};
    for (auto& option : proposing_options())
        options.push_back(std::move(option));
    return options;
}

console::CommandResult propose_replacement(console::Invocation& invocation, OrderPurpose purpose)
{
    auto home = Home::open(invocation);
    HomeBooks books{home};
    requests::RequestService service{books};
    const auto id = service.find_id(invocation.text("ID"));
    const auto replaced = service.find(id);
    require_replaceable(replaced);
    const auto wallet_id = replaced.stored.row.wallet;
    ClientPool clients{home};
    auto& client = clients.of(home.chain().charter().chain(home.chain().charter().wallet(wallet_id).chain));
    return propose(invocation, home, home.chain().charter().wallet(wallet_id), purpose_of(replaced, purpose),
                   {invocation.find("memo").value_or("")}, [&](const Room& room) {
                       const auto& charter = home.chain().charter();
                       const auto current = service.find(id);
                       auto built = client.replace({.charter = charter,
                                                    .wallet = charter.wallet(wallet_id),
                                                    .replaced = unsettled(current),
                                                    .purpose = purpose,
                                                    .max_fee = room.max_fee,
                                                    .reserved = room.reserved,
                                                    .feerate = chosen_feerate(invocation, charter.chain(charter.wallet(wallet_id).chain)),
                                                    .next_change = room.next_change});
                       return BuiltPayloads{std::move(built.payloads), built.height};
                   });
}

} // namespace coffer::cli
