#pragma once

#include "cli/files/problem.h"
#include "core/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace coffer::cli {

/// TOML 1.0 with the line of every value. At most 1 MiB, lines of at most 8192 bytes, 16 levels.
class Toml {
public:
    struct Field;
    using List = std::vector<Toml>;
    using Table = std::vector<Field>; ///< sorted by name
    /// What we never use: a number with a fraction, a local time. `name` says which.
    struct Other {
        std::string_view name;
    };
    using Value = std::variant<Other, bool, std::int64_t, std::string, UtcTime, List, Table>;

    /// Throws Error{malformed} with the line in its message; Error{limit}.
    static Toml parse(std::string_view text);

    Toml(std::size_t line, Value value) : m_line{line}, m_value{std::move(value)} {}

    std::size_t line() const { return m_line; }
    /// `a list`, `a table`, …
    std::string_view kind() const;
    /// The value when it is of this kind, else null.
    template <typename Kind>
    const Kind* as() const
    {
        return std::get_if<Kind>(&m_value);
    }

private:
    std::size_t m_line;
    Value m_value;
};

struct Toml::Field {
    std::string name;
    std::size_t line;
    Toml value;
};

/// Text as a TOML basic string with its quotation marks.
std::string toml_string(std::string_view text);

enum class Presence { required, optional };

/// Takes a table apart, strictly: what is missing, of another kind, or left over at the end becomes
/// a problem with its line. Nothing is thrown, so that all problems are found.
class TomlReader {
public:
    /// `code` is that of the problems of the table itself. `problems` must outlive the reader.
    TomlReader(const Toml& table, std::string place, ErrorCode code, std::vector<FileProblem>& problems);

    std::size_t line() const { return m_line; }
    const std::string& place() const { return m_place; }
    std::vector<FileProblem>& problems() { return m_problems; }

    /// Null when it is not there.
    const Toml* take(std::string_view name, Presence presence);
    std::optional<std::string> text(std::string_view name, Presence presence = Presence::required);
    std::optional<std::uint64_t> number(std::string_view name, Presence presence = Presence::required);
    std::optional<bool> boolean(std::string_view name, Presence presence = Presence::required);
    std::optional<UtcTime> time(std::string_view name, Presence presence = Presence::required);
    /// A list of texts.
    std::optional<std::vector<std::string>> texts(std::string_view name, Presence presence = Presence::required);
    /// `[[name]]` or `name = [{…}, …]`.
    std::vector<const Toml*> tables(std::string_view name);

    /// Runs `read` on the text of a member; an Error becomes a problem of that line.
    template <typename Read>
    auto parsed(std::string_view name, Presence presence, Read read) -> std::optional<decltype(read(std::string{}))>
    {
        const auto* value = take(name, presence);
        if (value == nullptr)
            return std::nullopt;
        if (const auto* content = expect<std::string>(*value, name, "text"))
            return attempt(value->line(), name, [&] { return read(*content); });
        return std::nullopt;
    }

    template <typename Work>
    auto attempt(std::size_t line, std::string_view name, Work work) -> std::optional<decltype(work())>
    {
        try {
            return work();
        } catch (const Error& error) {
            report(line, std::string{name} + ": " + error.message(), error.code());
            return std::nullopt;
        }
    }

    void report(std::size_t line, std::string message) { report(line, std::move(message), m_code); }
    void report(std::size_t line, std::string message, ErrorCode code);

    /// Every member that was not taken is unknown.
    void finish();

private:
    template <typename Kind>
    const Kind* expect(const Toml& value, std::string_view name, std::string_view wanted)
    {
        const auto* content = value.as<Kind>();
        if (content == nullptr)
            report(value.line(), std::string{name} + " is " + std::string{value.kind()} + ", not " + std::string{wanted});
        return content;
    }

    const Toml::Table* m_table;
    std::size_t m_line;
    std::string m_place;
    ErrorCode m_code;
    std::vector<FileProblem>& m_problems;
    std::set<std::string, std::less<>> m_asked;
};

} // namespace coffer::cli
