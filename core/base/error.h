#pragma once

#include <cstddef>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace coffer {

/// Exit statuses of both programs (coffer(1), EXIT STATUS).
enum class ExitStatus : int {
    done = 0,
    failure = 1,
    usage = 2,
    malformed = 3,
    policy = 4,
    signature = 5,
    conflict = 6,
    not_found = 7,
    unavailable = 8,
    integrity = 9,
    person = 10,
};

/// Where in the life of a request an error belongs.
enum class Stage { none, import, policy, decode, approve, sign, export_ };

enum class ErrorCode {
#define COFFER_ERROR(code, status, stage) code,
#include "core/base/error_codes.inc"
#undef COFFER_ERROR
};

struct ErrorInfo {
    ErrorCode code;
    std::string_view name;
    ExitStatus exit_status;
    Stage stage;
};

/// Every code in the order of the table.
std::span<const ErrorInfo> error_table();

const ErrorInfo& info(ErrorCode code);
std::string_view name_of(ErrorCode code);
std::string_view name_of(Stage stage);
ExitStatus exit_status_of(ErrorCode code);

/// The code of this name, if there is one; used for what a receipt carries.
std::optional<ErrorCode> find_error_code(std::string_view name);

/// The one exception: something outside the program went wrong.
///
/// The message is lower case without a full stop and names the object and both values; it never
/// holds a secret or a raw control character (hostile text goes through quoted()).
class Error : public std::exception {
public:
    Error(ErrorCode code, std::string message);
    Error(ErrorCode code, std::string message, std::string hint);

    ErrorCode code() const { return m_code; }
    const std::string& message() const { return m_message; }
    const std::string& hint() const { return m_hint; }
    std::optional<std::size_t> offset() const { return m_offset; }
    ExitStatus exit_status() const { return exit_status_of(m_code); }
    const char* what() const noexcept override { return m_message.c_str(); }

    Error with_hint(std::string hint) const;
    Error at_offset(std::size_t offset) const;
    /// The same error, its message led by where it happened: "request 0191f3c2: …".
    Error in(std::string_view place) const;

private:
    ErrorCode m_code;
    std::string m_message;
    std::string m_hint;
    std::optional<std::size_t> m_offset;
};

/// Bytes that break their specification at `offset`.
Error malformed(std::string message, std::size_t offset);

/// Ends the process: an invariant of the program itself does not hold.
[[noreturn]] void fatal(std::string_view what);

/// fatal() unless `holds`; stays in release builds.
inline void require(bool holds, std::string_view what)
{
    if (!holds)
        fatal(what);
}

} // namespace coffer
