#include "formats/ur/output_descriptor.h"

#include "core/base/error.h"
#include "formats/ur/body.h"
#include "formats/ur/script_functions.h"

#include <algorithm>
#include <charconv>

namespace coffer::ur {

namespace {

using cbor::Value;

/// Gives `replace` the number after each `@`, and puts what it gives in its place.
template <typename Replace>
std::string replace_places(std::string_view source, Replace replace)
{
    std::string text;
    while (!source.empty()) {
        const auto at = std::min(source.find('@'), source.size());
        text += source.substr(0, at);
        source.remove_prefix(at);
        if (source.empty())
            break;
        const auto end = std::min(source.find_first_not_of("0123456789", 1), source.size());
        text += replace(source.substr(1, end - 1));
        source.remove_prefix(end);
        if (text.size() > most_descriptor_text)
            throw Error{ErrorCode::limit, "a descriptor of more than " + std::to_string(most_descriptor_text) + " characters"};
    }
    return text;
}

std::size_t index_of(std::string_view digits, std::size_t count)
{
    std::size_t index = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    const bool is_short = digits.size() == 1 || !digits.starts_with('0');
    if (error != std::errc{} || stop != digits.data() + digits.size() || !is_short || index >= count)
        throw Error{ErrorCode::malformed, "a descriptor has a place @" + std::string{digits} + " for " + std::to_string(count) + " keys"};
    return index;
}

/// Every place has its key, and every key a place.
void require_places(const OutputDescriptor& descriptor)
{
    if (descriptor.source.size() > most_descriptor_text)
        throw Error{ErrorCode::limit, "a descriptor of " + std::to_string(descriptor.source.size()) + " characters"};
    std::vector<bool> used(descriptor.keys.size(), false);
    replace_places(descriptor.source, [&](std::string_view digits) {
        used[index_of(digits, used.size())] = true;
        return "";
    });
    const auto unused = std::ranges::find(used, false);
    if (unused != used.end())
        throw Error{ErrorCode::malformed, "a descriptor has no place @" + std::to_string(unused - used.begin()) + " for one of its keys"};
}

OutputDescriptor decode_fields(const Value& value)
{
    cbor::MapReader fields{value, "an output descriptor"};
    OutputDescriptor descriptor;
    descriptor.source = fields.take(1, "its source").text("the source of a descriptor");
    if (const auto* keys = fields.take_optional(2))
        for (const auto& key : keys->array("the keys of a descriptor"))
            descriptor.keys.push_back(decode_tagged_key(key));
    if (const auto* name = fields.take_optional(3))
        descriptor.name = name->text("the name of a descriptor");
    if (const auto* note = fields.take_optional(4))
        descriptor.note = note->text("the note on a descriptor");
    fields.finish();
    require_places(descriptor);
    return descriptor;
}

Value encode_fields(const OutputDescriptor& descriptor)
{
    Value::Map fields{{1, descriptor.source}};
    Value::Array keys;
    for (const auto& key : descriptor.keys)
        keys.push_back(encode_tagged_key(key, Naming::version_2));
    if (!keys.empty())
        fields.emplace_back(2, std::move(keys));
    if (!descriptor.name.empty())
        fields.emplace_back(3, descriptor.name);
    if (!descriptor.note.empty())
        fields.emplace_back(4, descriptor.note);
    return Value::map(std::move(fields));
}

} // namespace

std::string OutputDescriptor::text(const std::optional<keys::Fingerprint>& master) const
{
    return replace_places(source, [&](std::string_view digits) { return keys[index_of(digits, keys.size())].key_expression(master); });
}

OutputDescriptor decode_output_descriptor(const cbor::Value& value)
{
    return value.is_map() ? decode_fields(value) : decode_script_functions(value);
}

cbor::Value encode_output_descriptor(const OutputDescriptor& descriptor, Naming naming)
{
    if (naming == Naming::version_2)
        return encode_fields(descriptor);
    if (!descriptor.name.empty() || !descriptor.note.empty())
        throw Error{ErrorCode::malformed, "version 1 of descriptors has no room for a name or a note"};
    return encode_script_functions(descriptor);
}

OutputDescriptor decode_output_descriptor_message(ByteView message)
{
    return decode_output_descriptor(cbor::decode(message, body_limits));
}

Bytes encode_output_descriptor_message(const OutputDescriptor& descriptor, Naming naming)
{
    return cbor::encode(encode_output_descriptor(descriptor, naming));
}

} // namespace coffer::ur
