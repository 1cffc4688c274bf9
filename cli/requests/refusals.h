#pragma once

#include "cli/home.h"
#include "core/base/error.h"

#include <optional>
#include <string_view>

namespace coffer::cli {

/// Records in the audit log that something was refused: by policy, for a vote, key or signature, or because
/// it was tampered with. Other errors are not recorded. A log that cannot be written hides no refusal.
void record_refusal(Home& home, std::string_view command, const std::optional<RequestId>& subject, const Error& error) noexcept;

/// Runs `work`; an error that goes through is recorded.
template <typename Work>
auto recording_refusals(Home& home, std::string_view command, const std::optional<RequestId>& subject, Work work)
{
    try {
        return work();
    } catch (const Error& error) {
        record_refusal(home, command, subject, error);
        throw;
    }
}

} // namespace coffer::cli
