#include "core/base/error.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace coffer {

namespace {

constexpr auto table = std::to_array<ErrorInfo>({
#define COFFER_ERROR(code, status, stage) {ErrorCode::code, #code, ExitStatus::status, Stage::stage},
#include "core/base/error_codes.inc"
#undef COFFER_ERROR
});

} // namespace

std::span<const ErrorInfo> error_table()
{
    return table;
}

const ErrorInfo& info(ErrorCode code)
{
    return table[static_cast<std::size_t>(code)];
}

std::string_view name_of(ErrorCode code)
{
    return info(code).name;
}

std::string_view name_of(Stage stage)
{
    switch (stage) {
    case Stage::none: return "none";
    case Stage::import: return "import";
    case Stage::policy: return "policy";
    case Stage::decode: return "decode";
    case Stage::approve: return "approve";
    case Stage::sign: return "sign";
    case Stage::export_: return "export";
    }
    fatal("stage without a name");
}

ExitStatus exit_status_of(ErrorCode code)
{
    return info(code).exit_status;
}

std::optional<ErrorCode> find_error_code(std::string_view name)
{
    for (const auto& row : table)
        if (row.name == name)
            return row.code;
    return std::nullopt;
}

Error::Error(ErrorCode code, std::string message) : m_code{code}, m_message{std::move(message)} {}

Error::Error(ErrorCode code, std::string message, std::string hint)
    : m_code{code}, m_message{std::move(message)}, m_hint{std::move(hint)}
{
}

Error Error::with_hint(std::string hint) const
{
    auto copy = *this;
    copy.m_hint = std::move(hint);
    return copy;
}

Error Error::at_offset(std::size_t offset) const
{
    auto copy = *this;
    copy.m_offset = offset;
    return copy;
}

Error Error::in(std::string_view place) const
{
    auto copy = *this;
    copy.m_message = std::string{place} + ": " + m_message;
    return copy;
}

Error malformed(std::string message, std::size_t offset)
{
    return Error{ErrorCode::malformed, std::move(message)}.at_offset(offset);
}

void fatal(std::string_view what)
{
    std::fprintf(stderr, "fatal: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

} // namespace coffer
