#include "formats/ur/key_path.h"

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/error.h"

#include <algorithm>
#include <limits>

namespace coffer::ur {

namespace {

using cbor::Value;

constexpr std::size_t numbers_of_pair = 4; // number, flag, number, flag

std::uint32_t step_number(const Value& number, const Value& is_hardened)
{
    const auto index = number.number("a step of a key path");
    if (index >= keys::hardened)
        throw Error{ErrorCode::malformed, "a step of a key path is " + std::to_string(index) + ", not below 2^31"};
    const bool hardened = is_hardened.boolean("whether a step of a key path is hardened");
    return static_cast<std::uint32_t>(index) | (hardened ? keys::hardened : 0);
}

PathStep pair_of(const Value::Array& numbers)
{
    if (numbers.size() != numbers_of_pair)
        throw Error{ErrorCode::malformed, "a range of children in a key path, or a pair of " + std::to_string(numbers.size()) + " fields"};
    return {PathStep::Kind::pair, step_number(numbers[0], numbers[1]), step_number(numbers[2], numbers[3])};
}

/// Steps from an array in which a pair takes one place and everything else two.
class StepReader {
public:
    explicit StepReader(const Value::Array& items) : m_items{items} {}

    std::vector<PathStep> read()
    {
        std::vector<PathStep> steps;
        while (m_next < m_items.size()) {
            if (steps.size() == keys::most_path_steps)
                throw Error{ErrorCode::limit, "a key path of more than " + std::to_string(keys::most_path_steps) + " steps"};
            steps.push_back(read_step());
        }
        return steps;
    }

private:
    const Value& next()
    {
        if (m_next == m_items.size())
            throw Error{ErrorCode::malformed, "a key path ends within a step"};
        return m_items[m_next++];
    }

    PathStep read_step()
    {
        const auto& first = next();
        if (!first.is_array())
            return {PathStep::Kind::index, step_number(first, next()), 0};
        const auto& items = first.array("a step");
        if (!items.empty())
            return pair_of(items);
        return {PathStep::Kind::wildcard, step_number(Value{0U}, next()), 0};
    }

    const Value::Array& m_items;
    std::size_t m_next = 0;
};

void append_number(Value::Array& items, std::uint32_t number)
{
    items.emplace_back(number & ~keys::hardened);
    items.emplace_back((number & keys::hardened) != 0);
}

Value encode_steps(const std::vector<PathStep>& steps)
{
    Value::Array items;
    for (const auto& step : steps) {
        Value::Array pair;
        switch (step.kind) {
        case PathStep::Kind::index: append_number(items, step.number); break;
        case PathStep::Kind::pair:
            append_number(pair, step.number);
            append_number(pair, step.change_number);
            items.emplace_back(std::move(pair));
            break;
        case PathStep::Kind::wildcard:
            items.emplace_back(Value::Array{});
            items.emplace_back((step.number & keys::hardened) != 0);
            break;
        }
    }
    return Value{std::move(items)};
}

std::string format_number(std::uint32_t number)
{
    return std::to_string(number & ~keys::hardened) + ((number & keys::hardened) != 0 ? "h" : "");
}

std::string format_step(const PathStep& step)
{
    switch (step.kind) {
    case PathStep::Kind::index: return format_number(step.number);
    case PathStep::Kind::pair: return "<" + format_number(step.number) + ";" + format_number(step.change_number) + ">";
    case PathStep::Kind::wildcard: return (step.number & keys::hardened) != 0 ? "*h" : "*";
    }
    fatal("a kind of step beyond the enum");
}

} // namespace

KeyPath KeyPath::of(const keys::KeyOrigin& origin)
{
    KeyPath path;
    for (const auto step : origin.path.steps())
        path.steps.push_back({PathStep::Kind::index, step, 0});
    path.source = origin.fingerprint;
    return path;
}

std::optional<keys::KeyOrigin> KeyPath::key_origin(const std::optional<keys::Fingerprint>& master) const
{
    const auto begin = source ? source : master;
    if (!begin)
        return std::nullopt;
    std::vector<std::uint32_t> numbers;
    for (const auto& step : steps)
        numbers.push_back(step.number);
    return keys::KeyOrigin{*begin, keys::DerivationPath{std::move(numbers)}};
}

std::string KeyPath::format_steps() const
{
    std::string text;
    for (const auto& step : steps)
        text += "/" + format_step(step);
    return text;
}

keys::Fingerprint decode_fingerprint(const cbor::Value& value)
{
    const auto number = value.number("a fingerprint");
    if (number == 0 || number > std::numeric_limits<std::uint32_t>::max())
        throw Error{ErrorCode::malformed, "a fingerprint of a key is the number " + std::to_string(number)};
    return keys::Fingerprint::from(ByteWriter{}.write_u32_be(static_cast<std::uint32_t>(number)).bytes());
}

cbor::Value encode_fingerprint(const keys::Fingerprint& fingerprint)
{
    return Value{ByteReader{fingerprint.bytes()}.read_u32_be()};
}

KeyPath decode_key_path(const cbor::Value& value)
{
    cbor::MapReader fields{value, "a key path"};
    KeyPath path;
    path.steps = StepReader{fields.take(1, "its steps").array("the steps of a key path")}.read();
    if (const auto* source = fields.take_optional(2))
        path.source = decode_fingerprint(*source);
    if (const auto* depth = fields.take_optional(3)) {
        const auto number = depth->number("the depth of a key path");
        if (number > std::numeric_limits<std::uint8_t>::max())
            throw Error{ErrorCode::malformed, "the depth of a key path is " + std::to_string(number) + ", over 255"};
        path.depth = static_cast<std::uint8_t>(number);
    }
    fields.finish();
    return path;
}

KeyPath decode_path_of_key(const cbor::Value& value)
{
    auto path = decode_key_path(value);
    if (std::ranges::any_of(path.steps, [](const auto& step) { return step.kind != PathStep::Kind::index; }))
        throw Error{ErrorCode::malformed, "the path of a key is several paths"};
    return path;
}

cbor::Value encode_key_path(const KeyPath& path)
{
    Value::Map fields{{1, encode_steps(path.steps)}};
    if (path.source)
        fields.emplace_back(2, encode_fingerprint(*path.source));
    if (path.depth)
        fields.emplace_back(3, unsigned{*path.depth});
    return Value::map(std::move(fields));
}

} // namespace coffer::ur
