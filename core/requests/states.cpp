#include "core/requests/states.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>

namespace coffer::requests {

namespace {

struct Row {
    Status status;
    std::string_view name;
    std::array<Status, 6> next; ///< unused places repeat the status itself
};

using enum Status;

// The one table of PROTOCOL 6.
constexpr std::array table = {
    Row{pending_review, "pending_review", {pending_signature, rejected, expired, cancelled, pending_review, pending_review}},
    Row{pending_signature, "pending_signature",
        {pending_review, rejected, pending_broadcast, expired, cancelled, pending_signature}},
    Row{rejected, "rejected", {rejected, rejected, rejected, rejected, rejected, rejected}},
    Row{expired, "expired", {expired, expired, expired, expired, expired, expired}},
    Row{cancelled, "cancelled", {cancelled, cancelled, cancelled, cancelled, cancelled, cancelled}},
    Row{pending_broadcast, "pending_broadcast", {broadcast, success, failed, replaced, voided, pending_broadcast}},
    Row{broadcast, "broadcast", {success, failed, replaced, voided, broadcast, broadcast}},
    Row{success, "success", {broadcast, success, success, success, success, success}},
    Row{failed, "failed", {broadcast, failed, failed, failed, failed, failed}},
    Row{replaced, "replaced", {broadcast, replaced, replaced, replaced, replaced, replaced}},
    Row{voided, "void", {broadcast, voided, voided, voided, voided, voided}},
};

const Row& row(Status status)
{
    return table[static_cast<std::size_t>(status)];
}

} // namespace

std::string_view name_of(Status status)
{
    return row(status).name;
}

Status parse_status(std::string_view name)
{
    const auto found = std::ranges::find(table, name, &Row::name);
    if (found == table.end())
        throw Error{ErrorCode::db_corrupt, "status " + quoted(name) + " in the database is unknown"};
    return found->status;
}

bool may_become(Status from, Status to)
{
    return from != to && std::ranges::find(row(from).next, to) != row(from).next.end();
}

void require_may_become(Status from, Status to)
{
    if (!may_become(from, to))
        throw Error{ErrorCode::state, "request is " + std::string{name_of(from)} + " and cannot become " +
                                          std::string{name_of(to)}};
}

bool is_open(Status status)
{
    return status == pending_review || status == pending_signature;
}

bool is_final(Status status)
{
    return !is_open(status) && status != pending_broadcast && status != broadcast;
}

int rank(Status status)
{
    switch (status) {
    case rejected:
    case expired:
    case cancelled: return 0;
    case pending_review: return 1;
    case pending_signature: return 2;
    case pending_broadcast: return 3;
    case broadcast: return 4;
    case failed: return 5;
    case voided: return 6;
    case replaced: return 7;
    case success: return 8;
    }
    fatal("status without a rank");
}

} // namespace coffer::requests
