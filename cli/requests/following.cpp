#include "cli/requests/following.h"

#include "cli/chains/clients.h"
#include "cli/files/config.h"
#include "cli/requests/request_document.h"

#include <algorithm>

namespace coffer::cli {

chains::ChainClient& ClientPool::of(const charter::Chain& chain)
{
    auto& client = m_clients[chain.id];
    if (!client)
        client = connect_client(chain, m_home.config().endpoints(chain.id));
    return *client;
}

Document describe_progress(const requests::CheckedRequest& checked, const std::optional<Error>& error)
{
    const auto& deciding = checked.deciding_payload();
    auto payloads = Document::list();
    for (const auto& payload : checked.stored.payloads)
        payloads.add(Document::object()
                         .set("digest", Document::hex(payload.digest.bytes()))
                         .set("status", name_of(payload.status))
                         .set("txid", payload.sent ? Document{payload.sent->txid} : Document{})
                         .set("seen", payload.seen)
                         .set("confirmations", payload.confirmations));
    return Document::object()
        .set("id", format_uuid(checked.id()))
        .set("status", name_of(checked.status))
        .set("txid", deciding.sent ? Document{deciding.sent->txid} : Document{})
        .set("confirmations", deciding.confirmations)
        .set("required", checked.judgement.open.wallet->confirmations)
        .set("payloads", std::move(payloads))
        .set("error", error ? describe_reason(*error) : Document{});
}

std::string progress_in_words(const requests::CheckedRequest& checked, const std::optional<Error>& error)
{
    const auto& deciding = checked.deciding_payload();
    auto line = format_uuid(checked.id()) + "  " + std::string{name_of(checked.status)};
    if (deciding.sent)
        line += "  " + deciding.sent->txid + "  " + std::to_string(deciding.confirmations) + " of " +
                std::to_string(checked.judgement.open.wallet->confirmations) + " confirmations";
    if (checked.judgement.open.is_ladder)
        line += "  (step " + std::to_string(&deciding - checked.stored.payloads.data() + 1) + " of " + std::to_string(checked.stored.payloads.size()) +
                " of its fee ladder)";
    else if (checked.stored.payloads.size() > 1)
        line += "  (" + std::to_string(checked.stored.payloads.size()) + " transactions, the least advanced)";
    if (deciding.sent && !deciding.seen && !error)
        line += "  no node has it";
    return error ? line + "  " + error->message() : line;
}

std::vector<RequestId> named_requests(const console::Invocation& invocation, requests::RequestService& service)
{
    std::vector<RequestId> ids;
    for (const auto& text : invocation.all("ID")) {
        const auto id = service.find_id(text);
        if (std::ranges::find(ids, id) == ids.end())
            ids.push_back(id);
    }
    return ids;
}

std::vector<RequestId> requests_of(const console::Invocation& invocation, requests::RequestService& service,
                                   const std::vector<RequestId>& otherwise)
{
    return invocation.has("ID") ? named_requests(invocation, service) : otherwise;
}

} // namespace coffer::cli
