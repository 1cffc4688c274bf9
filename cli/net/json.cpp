#include "cli/net/json.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace coffer::cli {

namespace {

/// Builds the tree from nlohmann's events. Nothing here recurses, and every limit is checked before a
/// value is kept.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit Builder(const JsonLimits& limits) : m_limits{limits} {}

    Json take() { return std::move(m_root); }

    bool null() override { return add(Json{}); }
    bool boolean(bool value) override { return add(Json{value}); }
    bool number_integer(number_integer_t value) override { return add_number(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return add_number(std::to_string(value)); }
    /// Integers over 64 bits come here too; the text has all their digits.
    bool number_float(number_float_t, const string_t& text) override { return add_number(text); }
    bool string(string_t& text) override { return add(Json{std::move(text)}); }
    bool binary(binary_t&) override { return false; }

    bool start_object(std::size_t) override { return open(Json{Json::Fields{}}); }
    bool start_array(std::size_t) override { return open(Json{Json::List{}}); }
    bool key(string_t& name) override
    {
        m_open.back().name = std::move(name);
        return true;
    }
    bool end_object() override
    {
        std::vector<std::string_view> names;
        for (const auto& [name, value] : *m_open.back().value.fields())
            names.emplace_back(name);
        std::sort(names.begin(), names.end());
        if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
            throw Error{ErrorCode::malformed, "JSON object has the key " + quoted(*twice, 60) + " twice"};
        return close();
    }
    bool end_array() override { return close(); }

    bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& error) override
    {
        if (dynamic_cast<const nlohmann::json::out_of_range*>(&error) != nullptr)
            throw Error{ErrorCode::limit, "JSON number " + quoted(token, 60) + " is out of range"};
        throw malformed("not JSON: " + quoted(token, 60) + " is not expected", position == 0 ? 0 : position - 1);
    }

private:
    struct Level {
        Json value;
        std::string name;
    };

    bool add_number(std::string text)
    {
        if (text.size() > m_limits.number_characters)
            throw Error{ErrorCode::limit, "JSON number of " + std::to_string(text.size()) + " characters, the limit is " +
                                              std::to_string(m_limits.number_characters)};
        return add(Json{Json::Number{std::move(text)}});
    }

    void count()
    {
        if (++m_count > m_limits.values)
            throw Error{ErrorCode::limit, "JSON of more than " + std::to_string(m_limits.values) + " values"};
    }

    bool add(Json value)
    {
        count();
        next_place() = std::move(value);
        return true;
    }

    bool open(Json value)
    {
        count();
        if (m_open.size() == m_limits.depth)
            throw Error{ErrorCode::limit, "JSON is nested deeper than " + std::to_string(m_limits.depth) + " levels"};
        m_open.push_back({std::move(value), {}});
        return true;
    }

    bool close()
    {
        auto value = std::move(m_open.back().value);
        m_open.pop_back();
        next_place() = std::move(value);
        return true;
    }

    /// A new place in the innermost list or object, or the root.
    Json& next_place()
    {
        if (m_open.empty())
            return m_root;
        auto& [parent, name] = m_open.back();
        if (auto* list = parent.list())
            return list->emplace_back();
        auto& field = parent.fields()->emplace_back();
        field.first = std::move(name);
        return field.second;
    }

    const JsonLimits& m_limits;
    std::vector<Level> m_open;
    std::size_t m_count = 0;
    Json m_root;
};

} // namespace

Json Json::parse(std::string_view text, const JsonLimits& limits)
{
    if (text.size() > limits.bytes)
        throw Error{ErrorCode::limit, "JSON of " + std::to_string(text.size()) + " bytes, the limit is " +
                                          std::to_string(limits.bytes)};
    // The library skips a byte order mark; RFC 8259 (8.1) lets us refuse it.
    if (text.starts_with("\xef\xbb\xbf"))
        throw malformed("not JSON: it begins with a byte order mark", 0);
    // The library takes a zero byte for the end of the text, and would not see what follows.
    if (const auto zero = text.find('\0'); zero != std::string_view::npos)
        throw malformed("not JSON: it has a zero byte", zero);
    Builder builder{limits};
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder))
        throw malformed("not JSON", 0);
    return builder.take();
}

std::optional<bool> Json::boolean() const
{
    const auto* value = std::get_if<bool>(&m_value);
    return value != nullptr ? std::optional{*value} : std::nullopt;
}

const std::string* Json::number() const
{
    const auto* value = std::get_if<Number>(&m_value);
    return value != nullptr ? &value->text : nullptr;
}

const std::string* Json::text() const
{
    return std::get_if<std::string>(&m_value);
}

const Json* Json::find(std::string_view name) const
{
    const auto* all = fields();
    if (all == nullptr)
        return nullptr;
    const auto found = std::find_if(all->begin(), all->end(), [&](const auto& field) { return field.first == name; });
    return found != all->end() ? &found->second : nullptr;
}

} // namespace coffer::cli
