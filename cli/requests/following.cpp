#include "cli/requests/following.h"

#include "cli/chains/clients.h"
#include "cli/files/config.h"
#include "cli/requests/request_document.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using requests::StoredPayload;

const StoredPayload& least_advanced(const requests::CheckedRequest& checked)
{
    return *std::ranges::min_element(checked.stored.payloads, {}, [](const StoredPayload& one) {
        return std::pair{rank(one.status), one.confirmations};
    });
}

} // namespace

chains::ChainClient& ClientPool::of(const charter::Chain& chain)
{
    auto& client = m_clients[chain.id];
    if (!client)
        client = connect_client(chain, m_home.config().endpoints(chain.id));
    return *client;
}

Document describe_progress(const requests::CheckedRequest& checked, const std::optional<Error>& error)
{
    const auto& least = least_advanced(checked);
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
        .set("txid", least.sent ? Document{least.sent->txid} : Document{})
        .set("confirmations", least.confirmations)
        .set("required", checked.judgement.open.wallet->confirmations)
        .set("payloads", std::move(payloads))
        .set("error", error ? describe_reason(*error) : Document{});
}

std::string progress_in_words(const requests::CheckedRequest& checked, const std::optional<Error>& error)
{
    const auto& least = least_advanced(checked);
    auto line = format_uuid(checked.id()) + "  " + std::string{name_of(checked.status)};
    if (least.sent)
        line += "  " + least.sent->txid + "  " + std::to_string(least.confirmations) + " of " +
                std::to_string(checked.judgement.open.wallet->confirmations) + " confirmations";
    if (checked.stored.payloads.size() > 1)
        line += "  (" + std::to_string(checked.stored.payloads.size()) + " transactions, the least advanced)";
    if (least.sent && !least.seen && !error)
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
