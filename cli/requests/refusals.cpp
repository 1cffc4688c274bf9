#include "cli/requests/refusals.h"

#include "core/audit/event.h"

#include <string>

namespace coffer::cli {

namespace {

constexpr std::size_t most_message_bytes = 1000;

bool is_worth_a_record(const Error& error)
{
    switch (error.exit_status()) {
    case ExitStatus::policy:
    case ExitStatus::signature:
    case ExitStatus::integrity: return true;
    case ExitStatus::done:
    case ExitStatus::failure:
    case ExitStatus::usage:
    case ExitStatus::malformed:
    case ExitStatus::conflict:
    case ExitStatus::not_found:
    case ExitStatus::unavailable:
    case ExitStatus::person: return false;
    }
    fatal("exit status of an unknown kind");
}

} // namespace

void record_refusal(Home& home, std::string_view command, const std::optional<RequestId>& subject, const Error& error) noexcept
{
    try {
        if (!is_worth_a_record(error))
            return;
        auto transaction = home.database().begin_immediate();
        home.record(transaction, {.type = "refused",
                                  .subject = subject,
                                  .actor = {},
                                  .details = {{"command", std::string{command}},
                                              {"code", std::string{name_of(error.code())}},
                                              {"message", error.message().substr(0, most_message_bytes)}}});
        transaction.commit();
    } catch (const std::exception&) {
        return; // the refusal itself is what matters, and it is on its way
    }
}

} // namespace coffer::cli
