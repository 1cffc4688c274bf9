#include "tests/attacks/json.h"

#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <algorithm>
#include <stdexcept>

namespace coffer::test::attacks {

namespace {

Bytes text_or_hex(const Json& edit, const char* hex_name, const char* text_name)
{
    if (edit.contains(text_name))
        return to_bytes(bytes_of(edit.at(text_name).get<std::string>()));
    return edit.contains(hex_name) ? hex_bytes(edit.at(hex_name).get<std::string>()) : Bytes{};
}

} // namespace

void require_known(const Json& object, std::initializer_list<std::string_view> known, std::string_view what)
{
    for (const auto& [name, value] : object.items())
        if (std::ranges::find(known, name) == known.end())
            throw std::runtime_error{std::string{what} + " has the unknown member " + name};
}

const Json& member(const Json& object, const char* name)
{
    static const Json empty = Json::object();
    return object.contains(name) ? object.at(name) : empty;
}

Duration signed_duration(std::string_view text)
{
    if (!text.starts_with('-'))
        return parse_duration(text);
    return {-parse_duration(text.substr(1)).seconds};
}

Bytes hex_bytes(std::string_view text)
{
    return encoding::decode_hex(text.starts_with("0x") ? text.substr(2) : text);
}

Bytes edited(Bytes bytes, const Json& edits)
{
    for (const auto& edit : edits) {
        require_known(edit, {"at", "cut", "put", "put_text", "find", "find_text"}, "edit");
        const auto put = text_or_hex(edit, "put", "put_text");
        auto begin = bytes.begin();
        auto cut = get<std::ptrdiff_t>(edit, "cut", 0);
        if (edit.contains("at")) {
            const auto at = edit.at("at").get<std::ptrdiff_t>();
            begin += at >= 0 ? at : static_cast<std::ptrdiff_t>(bytes.size()) + at + 1;
        } else {
            const auto find = text_or_hex(edit, "find", "find_text");
            begin = std::search(bytes.begin(), bytes.end(), find.begin(), find.end());
            if (begin == bytes.end())
                throw std::runtime_error{"the bytes to replace are not there: " + edit.dump()};
            cut = static_cast<std::ptrdiff_t>(find.size());
        }
        begin = bytes.erase(begin, begin + cut);
        bytes.insert(begin, put.begin(), put.end());
    }
    return bytes;
}

} // namespace coffer::test::attacks
