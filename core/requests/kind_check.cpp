#include "core/requests/kind_check.h"

#include "core/base/error.h"

#include <algorithm>

namespace coffer::requests {

void require_kind_fits(const OpenRequest& open, const policy::ChainWords& words)
{
    using charter::RequestKind;
    const auto kind = std::string{name_of(open.request.kind)};
    const auto messages = std::ranges::count_if(open.payloads, [](const auto& payload) { return payload->message() != nullptr; });
    if (messages > 0 && open.request.kind != RequestKind::message)
        throw Error{ErrorCode::policy_denied, "request is of kind " + kind + ", and what it signs is a message"};
    const auto ceremonies = std::ranges::count_if(open.payloads, [](const auto& payload) { return payload->ceremony() != nullptr; });
    if (ceremonies > 0 && (open.request.kind != RequestKind::key_ceremony || open.payloads.size() != 1))
        throw Error{ErrorCode::policy_denied, "request is of kind " + kind + " with " + std::to_string(open.payloads.size()) +
                                                  " payloads, and a key ceremony is a request of its own"};
    switch (open.request.kind) {
    case RequestKind::transfer:
    case RequestKind::bump: return; // what a bump pays is compared with what it replaces
    case RequestKind::consolidate:
    case RequestKind::void_:
        if (std::ranges::any_of(open.description.payments,
                                [&](const auto& payment) { return words.owner(payment.destination) != open.wallet; }))
            throw Error{ErrorCode::policy_denied, "request is of kind " + kind + ", and pays somebody else than " + open.wallet->id};
        return;
    case RequestKind::message:
        if (static_cast<std::size_t>(messages) == open.payloads.size())
            return;
        break;
    case RequestKind::call:
    case RequestKind::approve_token:
    case RequestKind::safe_admin:
    case RequestKind::permission:
    case RequestKind::stake: break;
    case RequestKind::key_ceremony:
        if (ceremonies == 1)
            return;
        break;
    }
    throw Error{ErrorCode::policy_denied, "request is of kind " + kind + ", and its payloads are transfers"};
}

} // namespace coffer::requests
