#include "core/charter/rule.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <array>

namespace coffer::charter {

namespace {
constexpr std::array kinds = {RequestKind::transfer,      RequestKind::consolidate, RequestKind::message,
                              RequestKind::call,          RequestKind::approve_token, RequestKind::safe_admin,
                              RequestKind::permission,    RequestKind::stake,       RequestKind::bump,
                              RequestKind::void_,         RequestKind::key_ceremony};
} // namespace

std::string_view name_of(RequestKind kind)
{
    switch (kind) {
    case RequestKind::transfer: return "transfer";
    case RequestKind::consolidate: return "consolidate";
    case RequestKind::message: return "message";
    case RequestKind::call: return "call";
    case RequestKind::approve_token: return "approve_token";
    case RequestKind::safe_admin: return "safe_admin";
    case RequestKind::permission: return "permission";
    case RequestKind::stake: return "stake";
    case RequestKind::bump: return "bump";
    case RequestKind::void_: return "void";
    case RequestKind::key_ceremony: return "key_ceremony";
    }
    fatal("request kind without a name");
}

RequestKind parse_request_kind(std::string_view name)
{
    for (const auto kind : kinds)
        if (name_of(kind) == name)
            return kind;
    throw Error{ErrorCode::malformed, "request kind " + quoted(name) + " is unknown"};
}

} // namespace coffer::charter
