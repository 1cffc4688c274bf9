#pragma once

#include <string_view>

namespace coffer::requests {

/// The life of a request and of each of its payloads (PROTOCOL 6). A request is in the state of
/// its least advanced payload.
enum class Status {
    pending_review,
    pending_signature,
    rejected,
    expired,
    cancelled,
    pending_broadcast,
    broadcast,
    success,
    failed,
    replaced,
    voided,
};

std::string_view name_of(Status status);
/// Throws Error{db_corrupt}: only a database holds these names.
Status parse_status(std::string_view name);

bool may_become(Status from, Status to);
/// Throws Error{state} naming both.
void require_may_become(Status from, Status to);

/// Not yet signed: it may still expire, be rejected or cancelled.
bool is_open(Status status);
/// Nothing more happens by itself.
bool is_final(Status status);
/// How far a payload has come, for "the least advanced".
int rank(Status status);

} // namespace coffer::requests
