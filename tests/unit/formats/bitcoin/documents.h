#pragma once

#include "core/base/document.h"
#include "core/encoding/base58.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What documents say, for tests.
namespace coffer::test {

/// A member as text, `a.0.b` into lists and objects; "none" when there is none, "null" for null.
inline std::string member(const Document& document, std::string_view name)
{
    const auto* found = &document;
    while (found != nullptr) {
        const auto end = name.find('.');
        const auto step = name.substr(0, end);
        if (found->is_list()) {
            const auto index = std::stoul(std::string{step});
            found = index < found->items().size() ? &found->items()[index] : nullptr;
        } else {
            found = found->is_object() ? found->find(step) : nullptr;
        }
        if (end == std::string_view::npos)
            break;
        name.remove_prefix(end + 1);
    }
    return found == nullptr ? "none" : found->is_null() ? "null" : found->text();
}

inline std::string member(const std::optional<Document>& document, std::string_view name)
{
    return document ? member(*document, name) : "nothing";
}

/// Whether a warning has these words.
inline bool warns(const Document& document, std::string_view words)
{
    const auto* warnings = document.find("warnings");
    return warnings != nullptr &&
           std::ranges::any_of(warnings->items(), [&](const Document& item) { return item.text().find(words) != std::string::npos; });
}

inline bool warns(const std::optional<Document>& document, std::string_view words)
{
    return document && warns(*document, words);
}

/// The texts of a list.
inline std::vector<std::string> items(const std::optional<Document>& document, std::string_view name)
{
    std::vector<std::string> texts;
    if (const auto* list = document ? document->find(name) : nullptr)
        for (const auto& item : list->items())
            texts.push_back(item.text());
    return texts;
}

/// The same extended key under other version bytes.
inline std::string with_version(std::string_view key, const Bytes& version)
{
    auto payload = encoding::decode_base58check(key);
    std::ranges::copy(version, payload.begin());
    return encoding::encode_base58check(payload);
}

} // namespace coffer::test
