#include "core/storage/statement.h"

namespace coffer::storage {

std::int64_t Statement::run()
{
    while (step()) {
    }
    return m_driver->changed_rows();
}

std::uint64_t Statement::natural(int column) const
{
    const auto value = integer(column);
    if (value < 0)
        throw Error{ErrorCode::db_corrupt, "column " + std::to_string(column) + ": " + std::to_string(value) + " is negative"};
    return static_cast<std::uint64_t>(value);
}

std::optional<std::int64_t> Statement::optional_integer(int column) const
{
    if (is_null(column))
        return std::nullopt;
    return integer(column);
}

std::optional<std::string> Statement::optional_text(int column) const
{
    if (is_null(column))
        return std::nullopt;
    return text(column);
}

std::optional<Bytes> Statement::optional_blob(int column) const
{
    if (is_null(column))
        return std::nullopt;
    return blob(column);
}

void Statement::throw_wrong_length(int column, std::size_t expected, std::size_t found)
{
    throw Error{ErrorCode::db_corrupt, "column " + std::to_string(column) + " has " + std::to_string(found) +
                                           " bytes, expected " + std::to_string(expected)};
}

} // namespace coffer::storage
