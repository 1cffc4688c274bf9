#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Deterministic CBOR (RFC 8949, 4.2.1) without floats, and without tags where a reader does not ask for them: shortest
/// integers, definite lengths, map keys ascending bytewise in their encoded form, no duplicates, text in valid UTF-8.
namespace coffer::cbor {

/// An item of the tree; it owns its content.
class Value {
public:
    using Array = std::vector<Value>;
    /// Keys are unsigned integers (the only keys in our artefacts); ascending.
    using Map = std::vector<std::pair<std::uint64_t, Value>>;

    Value() : m_content{nullptr} {} ///< null
    Value(std::uint64_t number) : m_content{number} {}
    Value(unsigned number) : m_content{std::uint64_t{number}} {}
    /// For literals; a negative number is a broken invariant.
    Value(int number);
    Value(bool flag) : m_content{flag} {}
    Value(std::string text) : m_content{std::move(text)} {}
    Value(std::string_view text) : m_content{std::string{text}} {}
    Value(const char* text) : m_content{std::string{text}} {}
    Value(Bytes bytes) : m_content{std::move(bytes)} {}
    Value(ByteView bytes) : m_content{to_bytes(bytes)} {}
    template <std::size_t N>
    Value(const ByteArray<N>& bytes) : m_content{Bytes{bytes.begin(), bytes.end()}} {}
    Value(Array items) : m_content{std::move(items)} {}
    /// Sorts by key; a duplicate key is a broken invariant.
    static Value map(Map entries);
    /// An item under a tag (RFC 8949, 3.4).
    static Value tagged(std::uint64_t tag, Value item);

    bool is_null() const { return std::holds_alternative<std::nullptr_t>(m_content); }
    bool is_boolean() const { return std::holds_alternative<bool>(m_content); }
    bool is_number() const { return std::holds_alternative<std::uint64_t>(m_content); }
    bool is_bytes() const { return std::holds_alternative<Bytes>(m_content); }
    bool is_text() const { return std::holds_alternative<std::string>(m_content); }
    bool is_array() const { return std::holds_alternative<Array>(m_content); }
    bool is_map() const { return std::holds_alternative<MapContent>(m_content); }
    bool is_tagged() const { return std::holds_alternative<TagContent>(m_content); }

    /// Each throws Error{malformed} naming `what` when the item is of another kind.
    std::uint64_t number(std::string_view what) const;
    bool boolean(std::string_view what) const;
    const Bytes& bytes(std::string_view what) const;
    /// A byte string of exactly N bytes.
    template <std::size_t N>
    ByteArray<N> array_of(std::string_view what) const
    {
        return to_array<N>(bytes(what), what);
    }
    const std::string& text(std::string_view what) const;
    const Array& array(std::string_view what) const;
    const Map& map_entries(std::string_view what) const;
    std::uint64_t tag(std::string_view what) const;
    /// What stands under the tag, whichever it is.
    const Value& untagged(std::string_view what) const;

    bool operator==(const Value&) const;

private:
    friend class Encoder;
    struct MapContent {
        Map entries;
        bool operator==(const MapContent&) const;
    };
    struct TagContent {
        std::uint64_t tag;
        Array item; // exactly one
        bool operator==(const TagContent&) const;
    };
    std::variant<std::nullptr_t, std::uint64_t, bool, Bytes, std::string, Array, MapContent, TagContent> m_content;
};

/// Our artefacts have no tags; formats of others do.
enum class Tags { refused, taken };

struct Limits {
    std::size_t most_bytes = 1024 * 1024;
    /// Arrays, maps and tags in one another; the outermost counts as one.
    std::size_t most_depth = 8;
    /// Items of the whole tree: one byte of input can cost some sixty of memory.
    std::size_t most_items = 1024 * 1024;
    Tags tags = Tags::refused;
};

/// Errors: `canon` for what is valid CBOR but not of this profile (long forms, indefinite lengths,
/// duplicate or unsorted keys, floats, tags unless taken, negative integers, non-integer keys), `cbor_depth`,
/// `cbor_length` for a declared length beyond the input (checked before any allocation), `limit`
/// for an input over `most_bytes` or `most_items`, `malformed` for everything else and for trailing
/// bytes; all with offset.
Value decode(ByteView bytes, const Limits& limits = {});
Bytes encode(const Value& value);

/// Reads a map field by field and insists that every key was asked for.
class MapReader {
public:
    /// Throws Error{malformed} unless `value` is a map. `what` names the object in errors. The value must outlive the reader.
    MapReader(const Value& value, std::string_view what);
    MapReader(Value&& value, std::string_view what) = delete;

    /// Throws Error{malformed} when the key is missing.
    const Value& take(std::uint64_t key, std::string_view name);
    /// Null when the key is missing.
    const Value* take_optional(std::uint64_t key);
    /// Throws Error{malformed} naming the first key that was not taken.
    void finish() const;

private:
    const Value::Map& m_entries;
    std::string m_what;
    std::vector<bool> m_taken;
};

} // namespace coffer::cbor
