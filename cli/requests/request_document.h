#pragma once

#include "core/base/document.h"
#include "core/requests/request_service.h"

#include <string>
#include <vector>

namespace coffer::cli {

/// A request as `propose`, `show`, `approve` and `cancel` write it with --json (CLI.md).
Document describe_request(const requests::CheckedRequest& checked, const charter::Charter& charter);
/// {have, need[]}
Document describe_approvals(const requests::CheckedRequest& checked);
/// What each limit has left: limit, span_seconds, fits, and of amount and count the ceiling, what is used, and what is left after it.
Document describe_windows(const std::vector<policy::WindowUse>& windows, const charter::Charter& charter);
/// {code, message}
Document describe_reason(const Error& error);

/// The same for people, a few lines: from, to, pays, rule, and what is still needed.
std::vector<std::string> request_in_words(const requests::CheckedRequest& checked, const charter::Charter& charter);

/// "Still needed: 1 of compliance." or "No vote is missing."
std::string approvals_in_words(const requests::CheckedRequest& checked);

/// The shortest beginning of the id, of at least eight characters, that means this request only.
std::string short_id(requests::RequestService& service, const RequestId& id);

} // namespace coffer::cli
