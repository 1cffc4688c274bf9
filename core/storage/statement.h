#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace coffer::storage {

/// What a database driver does for one prepared statement; callers use Statement.
class StatementDriver {
public:
    virtual ~StatementDriver() = default;

    /// `number` is that of the parameter: 1 for `$1`. A number that the SQL does not have is a broken invariant.
    virtual void bind_integer(int number, std::int64_t value) = 0;
    virtual void bind_text(int number, std::string_view value) = 0;
    virtual void bind_blob(int number, ByteView value) = 0;
    virtual void bind_null(int number) = 0;

    virtual bool step() = 0;
    virtual void reset() = 0;
    virtual std::int64_t changed_rows() const = 0;

    virtual bool is_null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    /// Until the next step or reset.
    virtual std::string_view text(int column) const = 0;
    virtual ByteView blob(int column) const = 0;
};

/// A prepared statement. Values are copied in and copied out. It must not outlive its database.
///
/// A statement that still has rows keeps its snapshot of the database open: read it to the end,
/// or let it go out of scope.
class Statement {
public:
    explicit Statement(std::unique_ptr<StatementDriver> driver) : m_driver{std::move(driver)} {}

    /// Gives `$1` its first value, `$2` its second, and so on. An integer over 63 bits throws Error{limit}.
    template <typename... Values>
    Statement& bind(const Values&... values)
    {
        int number = 0;
        (bind_one(++number, values), ...);
        return *this;
    }

    /// Moves to the next row; false when there is none, and then the statement is reset.
    /// Throws Error: `busy`, `disk`, `db_corrupt`, else `internal` (a constraint that does not hold).
    bool step() { return m_driver->step(); }
    /// Steps to the end and answers how many rows were inserted, changed or deleted.
    std::int64_t run();
    /// Ready for other values.
    void reset() { m_driver->reset(); }

    /// Columns of the current row, from 0. Each throws Error{db_corrupt} when the column holds
    /// another type, so that a NULL never reads as zero.
    std::int64_t integer(int column) const { return m_driver->integer(column); }
    /// An integer that is never negative.
    std::uint64_t natural(int column) const;
    bool flag(int column) const { return integer(column) != 0; }
    std::string text(int column) const { return std::string{m_driver->text(column)}; }
    Bytes blob(int column) const { return to_bytes(m_driver->blob(column)); }
    /// A blob of exactly N bytes; another length is `db_corrupt`, too.
    template <std::size_t N>
    ByteArray<N> array(int column) const
    {
        const auto bytes = m_driver->blob(column);
        if (bytes.size() != N)
            throw_wrong_length(column, N, bytes.size());
        return to_array<N>(bytes, "column");
    }

    bool is_null(int column) const { return m_driver->is_null(column); }
    std::optional<std::int64_t> optional_integer(int column) const;
    std::optional<std::string> optional_text(int column) const;
    std::optional<Bytes> optional_blob(int column) const;

private:
    template <std::integral Integer>
    void bind_one(int number, Integer value)
    {
        if (!std::in_range<std::int64_t>(value))
            throw Error{ErrorCode::limit, "parameter " + std::to_string(number) + ": " + std::to_string(value) + " is over 63 bits"};
        m_driver->bind_integer(number, static_cast<std::int64_t>(value));
    }
    void bind_one(int number, bool value) { m_driver->bind_integer(number, value ? 1 : 0); }
    void bind_one(int number, std::string_view value) { m_driver->bind_text(number, value); }
    void bind_one(int number, ByteView value) { m_driver->bind_blob(number, value); }
    void bind_one(int number, std::nullptr_t) { m_driver->bind_null(number); }
    void bind_one(int number, std::nullopt_t) { m_driver->bind_null(number); }
    template <typename Value>
    void bind_one(int number, const std::optional<Value>& value)
    {
        if (value)
            bind_one(number, *value);
        else
            m_driver->bind_null(number);
    }

    [[noreturn]] static void throw_wrong_length(int column, std::size_t expected, std::size_t found);

    std::unique_ptr<StatementDriver> m_driver;
};

} // namespace coffer::storage
