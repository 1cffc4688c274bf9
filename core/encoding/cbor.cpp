#include "core/encoding/cbor.h"

#include "core/base/error.h"

#include <algorithm>

namespace coffer::cbor {

namespace {

template <typename T, typename Content>
const T& expect(const Content& content, std::string_view what, std::string_view kind)
{
    if (const auto* found = std::get_if<T>(&content))
        return *found;
    throw Error{ErrorCode::malformed, std::string{what} + " is not " + std::string{kind}};
}

} // namespace

Value::Value(int number)
{
    require(number >= 0, "a negative number for CBOR");
    m_content = static_cast<std::uint64_t>(number);
}

Value Value::map(Map entries)
{
    std::ranges::sort(entries, {}, [](const auto& entry) { return entry.first; });
    const auto same_key = [](const auto& a, const auto& b) { return a.first == b.first; };
    require(std::ranges::adjacent_find(entries, same_key) == entries.end(), "a CBOR map with a key twice");
    Value value;
    value.m_content = MapContent{std::move(entries)};
    return value;
}

Value Value::tagged(std::uint64_t tag, Value item)
{
    Value value;
    value.m_content = TagContent{tag, {std::move(item)}};
    return value;
}

std::uint64_t Value::number(std::string_view what) const
{
    return expect<std::uint64_t>(m_content, what, "an unsigned integer");
}

bool Value::boolean(std::string_view what) const
{
    return expect<bool>(m_content, what, "a boolean");
}

const Bytes& Value::bytes(std::string_view what) const
{
    return expect<Bytes>(m_content, what, "a byte string");
}

const std::string& Value::text(std::string_view what) const
{
    return expect<std::string>(m_content, what, "a text string");
}

const Value::Array& Value::array(std::string_view what) const
{
    return expect<Array>(m_content, what, "an array");
}

const Value::Map& Value::map_entries(std::string_view what) const
{
    return expect<MapContent>(m_content, what, "a map").entries;
}

std::uint64_t Value::tag(std::string_view what) const
{
    return expect<TagContent>(m_content, what, "under a tag").tag;
}

const Value& Value::untagged(std::string_view what) const
{
    return expect<TagContent>(m_content, what, "under a tag").item.front();
}

// Written out, because clang 14 crashes over the defaulted ones.
bool Value::operator==(const Value& other) const
{
    return m_content == other.m_content;
}

bool Value::MapContent::operator==(const MapContent& other) const
{
    return entries == other.entries;
}

bool Value::TagContent::operator==(const TagContent& other) const
{
    return tag == other.tag && item == other.item;
}

MapReader::MapReader(const Value& value, std::string_view what)
    : m_entries{value.map_entries(what)}, m_what{what}, m_taken(m_entries.size(), false)
{
}

const Value& MapReader::take(std::uint64_t key, std::string_view name)
{
    if (const auto* value = take_optional(key))
        return *value;
    throw Error{ErrorCode::malformed,
                m_what + " lacks the field " + std::to_string(key) + ", " + std::string{name}};
}

const Value* MapReader::take_optional(std::uint64_t key)
{
    const auto entry = std::ranges::lower_bound(m_entries, key, {}, [](const auto& e) { return e.first; });
    if (entry == m_entries.end() || entry->first != key)
        return nullptr;
    m_taken[static_cast<std::size_t>(entry - m_entries.begin())] = true;
    return &entry->second;
}

void MapReader::finish() const
{
    const auto left = std::ranges::find(m_taken, false);
    if (left != m_taken.end())
        throw Error{ErrorCode::malformed,
                    m_what + " has an unknown field " +
                        std::to_string(m_entries[static_cast<std::size_t>(left - m_taken.begin())].first)};
}

} // namespace coffer::cbor
