#pragma once

#include "core/base/amount.h"
#include "core/base/bytes.h"
#include "core/base/clock.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace coffer {

/// What a command or a decoder has to say: an ordered tree that is written as JSON for scripts
/// and as aligned text for people. Bytes are lower-case hex, times RFC 3339.
class Document {
public:
    using List = std::vector<Document>;
    using Fields = std::vector<std::pair<std::string, Document>>;

    Document() : m_value{nullptr} {} ///< null
    Document(std::string text) : m_value{std::move(text)} {}
    Document(std::string_view text) : m_value{std::string{text}} {}
    Document(const char* text) : m_value{std::string{text}} {}
    Document(bool value) : m_value{value} {}
    Document(std::int64_t value) : m_value{value} {}
    Document(std::uint64_t value);
    Document(int value) : m_value{std::int64_t{value}} {}
    Document(unsigned value) : m_value{std::int64_t{value}} {}
    Document(UtcTime time) : m_value{format_time(time)} {}
    /// A decimal string, since JSON numbers lose digits.
    Document(const Uint256& value) : m_value{value.decimal()} {}
    Document(List list) : m_value{std::move(list)} {}

    static Document object() { return Document{Fields{}}; }
    static Document list() { return Document{List{}}; }
    static Document hex(ByteView bytes);

    /// Adds or replaces a member of an object.
    Document& set(std::string_view name, Document value);
    /// Adds an item to a list.
    Document& add(Document item);

    bool is_null() const { return std::holds_alternative<std::nullptr_t>(m_value); }
    bool is_object() const { return std::holds_alternative<Fields>(m_value); }
    bool is_list() const { return std::holds_alternative<List>(m_value); }
    const Fields& fields() const { return std::get<Fields>(m_value); }
    const List& items() const { return std::get<List>(m_value); }
    /// The member of this name, or none.
    const Document* find(std::string_view name) const;
    /// A leaf as text.
    std::string text() const;

    /// One line of JSON (RFC 8259), ASCII only: everything else is escaped.
    std::string to_json() const;
    /// Lines "name  value", nested by two spaces, hostile text escaped.
    std::vector<std::string> to_text() const;

private:
    using Value = std::variant<std::nullptr_t, std::string, bool, std::int64_t, List, Fields>;
    explicit Document(Fields fields) : m_value{std::move(fields)} {}

    void write_json(std::string& out) const;
    void write_text(std::vector<std::string>& out, std::size_t indent) const;

    Value m_value;
};

} // namespace coffer
