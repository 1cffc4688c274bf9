#include "core/base/document.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <utf8proc.h>

namespace coffer {

namespace {

void append_utf16_escape(std::string& out, unsigned unit)
{
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "\\u%04x", unit & 0xffffU);
    out += text.data();
}

/// ASCII JSON: what is not printable ASCII becomes \uXXXX; a byte that is not UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text)
{
    out += '"';
    const auto* data = static_cast<const utf8proc_uint8_t*>(static_cast<const void*>(text.data()));
    for (std::size_t i = 0; i < text.size();) {
        utf8proc_int32_t code_point = -1;
        const auto length = utf8proc_iterate(data + i, static_cast<utf8proc_ssize_t>(text.size() - i), &code_point);
        i += length > 0 ? static_cast<std::size_t>(length) : 1;
        const auto value = length > 0 ? static_cast<unsigned>(code_point) : 0xfffdU;
        if (value == '"' || value == '\\') {
            out += '\\';
            out += static_cast<char>(value);
        } else if (value >= 0x20 && value < 0x7f) {
            out += static_cast<char>(value);
        } else if (value >= 0x10000) {
            append_utf16_escape(out, 0xd800U + ((value - 0x10000U) >> 10));
            append_utf16_escape(out, 0xdc00U + ((value - 0x10000U) & 0x3ffU));
        } else {
            append_utf16_escape(out, value);
        }
    }
    out += '"';
}

} // namespace

Document::Document(std::uint64_t value)
{
    // A JSON reader keeps 53 bits at best, so anything larger goes out as a decimal string.
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        m_value = static_cast<std::int64_t>(value);
    else
        m_value = std::to_string(value);
}

Document Document::hex(ByteView bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const auto byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

Document& Document::set(std::string_view name, Document value)
{
    auto& fields = std::get<Fields>(m_value);
    const auto same = std::ranges::find(fields, name, [](const auto& field) -> std::string_view { return field.first; });
    if (same != fields.end())
        same->second = std::move(value);
    else
        fields.emplace_back(std::string{name}, std::move(value));
    return *this;
}

Document& Document::add(Document item)
{
    std::get<List>(m_value).push_back(std::move(item));
    return *this;
}

const Document* Document::find(std::string_view name) const
{
    for (const auto& [field, value] : fields())
        if (field == name)
            return &value;
    return nullptr;
}

std::string Document::text() const
{
    if (const auto* text = std::get_if<std::string>(&m_value))
        return *text;
    if (const auto* flag = std::get_if<bool>(&m_value))
        return *flag ? "yes" : "no";
    if (const auto* number = std::get_if<std::int64_t>(&m_value))
        return std::to_string(*number);
    require(is_null(), "a list or an object is not a leaf");
    return "none";
}

std::string Document::to_json() const
{
    std::string out;
    write_json(out);
    return out;
}

void Document::write_json(std::string& out) const
{
    if (is_null()) {
        out += "null";
    } else if (const auto* text = std::get_if<std::string>(&m_value)) {
        append_json_string(out, *text);
    } else if (const auto* flag = std::get_if<bool>(&m_value)) {
        out += *flag ? "true" : "false";
    } else if (const auto* number = std::get_if<std::int64_t>(&m_value)) {
        out += std::to_string(*number);
    } else if (is_list()) {
        out += '[';
        for (std::size_t i = 0; i < items().size(); ++i) {
            if (i != 0)
                out += ',';
            items()[i].write_json(out);
        }
        out += ']';
    } else {
        out += '{';
        for (std::size_t i = 0; i < fields().size(); ++i) {
            if (i != 0)
                out += ',';
            append_json_string(out, fields()[i].first);
            out += ':';
            fields()[i].second.write_json(out);
        }
        out += '}';
    }
}

std::vector<std::string> Document::to_text() const
{
    std::vector<std::string> lines;
    write_text(lines, 0);
    return lines;
}

void Document::write_text(std::vector<std::string>& out, std::size_t indent) const
{
    const std::string margin(indent, ' ');
    if (is_list()) {
        for (const auto& item : items()) {
            if (!item.is_object() && !item.is_list()) {
                out.push_back(margin + "- " + escaped(item.text()));
                continue;
            }
            std::vector<std::string> lines;
            item.write_text(lines, 0);
            for (std::size_t i = 0; i < lines.size(); ++i)
                out.push_back(margin + (i == 0 ? "- " : "  ") + lines[i]);
        }
    } else if (is_object()) {
        std::size_t width = 0;
        for (const auto& [name, value] : fields())
            if (!value.is_object() && !value.is_list())
                width = std::max(width, name.size());
        for (const auto& [name, value] : fields()) {
            if (!value.is_object() && !value.is_list()) {
                out.push_back(margin + name + std::string(width + 2 - name.size(), ' ') + escaped(value.text()));
            } else if ((value.is_list() && !value.items().empty()) || (value.is_object() && !value.fields().empty())) {
                out.push_back(margin + name);
                value.write_text(out, indent + 2);
            }
        }
    } else {
        out.push_back(margin + escaped(text()));
    }
}

} // namespace coffer
