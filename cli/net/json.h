#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace coffer::cli {

struct JsonLimits {
    std::size_t bytes = 8u << 20;
    std::size_t depth = 32;
    std::size_t values = 100'000;
    std::size_t number_characters = 100;
};

/// JSON text (RFC 8259) from outside, read strictly: valid UTF-8, no key twice in an object, nothing after
/// the value. Numbers stay text, so that no digit is lost and NaN is none.
class Json {
public:
    using List = std::vector<Json>;
    using Fields = std::vector<std::pair<std::string, Json>>;
    struct Number {
        std::string text;
    };

    /// Throws Error{malformed} with the offset; Error{limit} over a limit.
    static Json parse(std::string_view text, const JsonLimits& limits = {});

    Json() = default; ///< null
    explicit Json(bool value) : m_value{value} {}
    explicit Json(Number number) : m_value{std::move(number)} {}
    explicit Json(std::string text) : m_value{std::move(text)} {}
    explicit Json(List list) : m_value{std::move(list)} {}
    explicit Json(Fields fields) : m_value{std::move(fields)} {}

    bool is_null() const { return std::holds_alternative<std::nullptr_t>(m_value); }
    std::optional<bool> boolean() const;
    /// Each is null when the value is of another kind.
    const std::string* number() const;
    const std::string* text() const;
    const List* list() const { return std::get_if<List>(&m_value); }
    const Fields* fields() const { return std::get_if<Fields>(&m_value); }
    /// The member of an object, or null.
    const Json* find(std::string_view name) const;

    List* list() { return std::get_if<List>(&m_value); }
    Fields* fields() { return std::get_if<Fields>(&m_value); }

private:
    std::variant<std::nullptr_t, bool, Number, std::string, List, Fields> m_value{nullptr};
};

} // namespace coffer::cli
