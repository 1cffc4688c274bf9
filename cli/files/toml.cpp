#include "cli/files/toml.h"

#include "core/base/text.h"

#include <algorithm>
#include <cstdio>

#define TOML_MAX_NESTED_VALUES 16
#include <toml++/toml.h>

namespace coffer::cli {

namespace {

constexpr std::size_t most_bytes = 1u << 20;
/// Also bounds how deep `a.b.c` can go, which the library does not.
constexpr std::size_t most_line_bytes = 8192;
constexpr std::size_t most_levels = 16;

void require_limits(std::string_view text)
{
    if (text.size() > most_bytes)
        throw Error{ErrorCode::limit, "TOML of " + std::to_string(text.size()) + " bytes, the limit is " +
                                          std::to_string(most_bytes)};
    std::size_t line = 1;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        if (end > most_line_bytes)
            throw Error{ErrorCode::limit, "line " + std::to_string(line) + " has over " + std::to_string(most_line_bytes) +
                                              " bytes"};
        text.remove_prefix(std::min(end + 1, text.size()));
        ++line;
    }
}

std::size_t line_of(const toml::source_region& region)
{
    return region.begin.line;
}

Toml::Value convert_time(const toml::date_time& value)
{
    if (!value.offset || value.offset->minutes != 0 || value.time.nanosecond != 0)
        return Toml::Other{"a time that is not UTC to the second (2026-12-20T00:00:00Z)"};
    char text[40];
    std::snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02uZ", unsigned{value.date.year}, unsigned{value.date.month},
                  unsigned{value.date.day}, unsigned{value.time.hour}, unsigned{value.time.minute},
                  unsigned{value.time.second});
    try {
        return parse_time(text);
    } catch (const Error&) {
        return Toml::Other{"a time before 1970 or after 9999"};
    }
}

Toml convert(const toml::node& node, std::size_t level)
{
    const auto line = line_of(node.source());
    if (level > most_levels)
        throw Error{ErrorCode::limit, "line " + std::to_string(line) + ": nested deeper than " +
                                          std::to_string(most_levels) + " levels"};
    if (const auto* table = node.as_table()) {
        Toml::Table fields;
        for (const auto& [key, value] : *table)
            fields.push_back({std::string{key.str()}, line_of(key.source()), convert(value, level + 1)});
        return {line, std::move(fields)};
    }
    if (const auto* array = node.as_array()) {
        Toml::List list;
        for (const auto& value : *array)
            list.push_back(convert(value, level + 1));
        return {line, std::move(list)};
    }
    if (const auto* text = node.as_string())
        return {line, text->get()};
    if (const auto* number = node.as_integer())
        return {line, number->get()};
    if (const auto* boolean = node.as_boolean())
        return {line, boolean->get()};
    if (const auto* time = node.as_date_time())
        return {line, convert_time(time->get())};
    if (node.is_floating_point())
        return {line, Toml::Other{"a number with a fraction"}};
    return {line, Toml::Other{"a date or a time of day"}};
}

} // namespace

Toml Toml::parse(std::string_view text)
{
    require_limits(text);
    try {
        return convert(toml::parse(text), 0);
    } catch (const toml::parse_error& error) {
        throw Error{ErrorCode::malformed, "line " + std::to_string(line_of(error.source())) + ": not TOML: " +
                                              escaped(error.description())};
    }
}

std::string_view Toml::kind() const
{
    switch (m_value.index()) {
    case 0: return std::get<Other>(m_value).name;
    case 1: return "a truth value";
    case 2: return "a number";
    case 3: return "text";
    case 4: return "a time";
    case 5: return "a list";
    default: return "a table";
    }
}

std::string toml_string(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            char code[8];
            std::snprintf(code, sizeof code, "\\u%04X", unsigned{byte});
            out += code;
        } else {
            out += c;
        }
    }
    return out + "\"";
}

TomlReader::TomlReader(const Toml& table, std::string place, ErrorCode code, std::vector<FileProblem>& problems)
    : m_table{table.as<Toml::Table>()}, m_line{table.line()}, m_place{std::move(place)}, m_code{code}, m_problems{problems}
{
    if (m_table == nullptr)
        report(m_line, "this is " + std::string{table.kind()} + ", not a table");
}

const Toml* TomlReader::take(std::string_view name, Presence presence)
{
    m_asked.emplace(name);
    if (m_table == nullptr)
        return nullptr;
    const auto found = std::find_if(m_table->begin(), m_table->end(), [&](const auto& field) { return field.name == name; });
    if (found != m_table->end())
        return &found->value;
    if (presence == Presence::required)
        report(m_line, std::string{name} + " is missing");
    return nullptr;
}

std::optional<std::string> TomlReader::text(std::string_view name, Presence presence)
{
    return parsed(name, presence, [](const std::string& content) { return content; });
}

std::optional<std::uint64_t> TomlReader::number(std::string_view name, Presence presence)
{
    const auto* value = take(name, presence);
    const auto* content = value != nullptr ? expect<std::int64_t>(*value, name, "a number") : nullptr;
    if (content == nullptr)
        return std::nullopt;
    if (*content < 0) {
        report(value->line(), std::string{name} + " is " + std::to_string(*content) + ", below 0");
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(*content);
}

std::optional<bool> TomlReader::boolean(std::string_view name, Presence presence)
{
    const auto* value = take(name, presence);
    const auto* content = value != nullptr ? expect<bool>(*value, name, "true or false") : nullptr;
    return content != nullptr ? std::optional{*content} : std::nullopt;
}

std::optional<UtcTime> TomlReader::time(std::string_view name, Presence presence)
{
    const auto* value = take(name, presence);
    const auto* content = value != nullptr ? expect<UtcTime>(*value, name, "a time as in 2026-12-20T00:00:00Z") : nullptr;
    return content != nullptr ? std::optional{*content} : std::nullopt;
}

std::optional<std::vector<std::string>> TomlReader::texts(std::string_view name, Presence presence)
{
    const auto* value = take(name, presence);
    const auto* list = value != nullptr ? expect<Toml::List>(*value, name, "a list") : nullptr;
    if (list == nullptr)
        return std::nullopt;
    std::vector<std::string> texts;
    for (const auto& item : *list)
        if (const auto* content = expect<std::string>(item, "an item of " + std::string{name}, "text"))
            texts.push_back(*content);
    return texts;
}

std::vector<const Toml*> TomlReader::tables(std::string_view name)
{
    const auto* value = take(name, Presence::optional);
    const auto* list = value != nullptr ? expect<Toml::List>(*value, name, "a list of tables") : nullptr;
    std::vector<const Toml*> tables;
    if (list != nullptr)
        for (const auto& item : *list)
            tables.push_back(&item);
    return tables;
}

void TomlReader::report(std::size_t line, std::string message, ErrorCode code)
{
    m_problems.push_back({line, m_place, code, std::move(message)});
}

void TomlReader::finish()
{
    if (m_table == nullptr)
        return;
    const std::vector<std::string> known{m_asked.begin(), m_asked.end()};
    for (const auto& field : *m_table)
        if (!m_asked.contains(field.name)) {
            const auto near = nearest(field.name, known);
            report(field.line, "unknown key " + quoted(field.name, 60) + (near.empty() ? "" : ", did you mean " + near));
        }
}

} // namespace coffer::cli
