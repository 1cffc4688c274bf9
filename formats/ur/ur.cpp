#include "formats/ur/ur.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "formats/ur/bytewords.h"

#include <algorithm>
#include <charconv>

namespace coffer::ur {

namespace {

constexpr std::string_view scheme = "ur:";

bool is_type_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

Error not_a_ur(std::string message)
{
    return Error{ErrorCode::qr_enc, "UR: " + std::move(message)};
}

/// `SEQ-COUNT` before the body of a part.
struct Sequence {
    std::uint32_t seq_num;
    std::uint32_t seq_len;
};

/// Digits without a sign or a zero in front.
std::uint32_t parse_positive(std::string_view digits, std::string_view whole)
{
    std::uint32_t number = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (error == std::errc::result_out_of_range && stop == end)
        throw Error{ErrorCode::qr_limit, "UR: the part " + quoted(whole) + " is numbered beyond 32 bits"};
    if (error != std::errc{} || stop != end || digits.front() == '0')
        throw not_a_ur(quoted(whole) + " is not a number of a part and a count of parts, such as 1-9");
    return number;
}

Sequence parse_sequence(std::string_view text)
{
    const auto hyphen = std::min(text.find('-'), text.size());
    const auto count = text.substr(std::min(hyphen + 1, text.size()));
    const Sequence sequence{parse_positive(text.substr(0, hyphen), text), parse_positive(count, text)};
    if (sequence.seq_len > most_parts)
        throw Error{ErrorCode::qr_limit, "UR: " + std::to_string(sequence.seq_len) + " parts are over the limit of " +
                                             std::to_string(most_parts)};
    return sequence;
}

Part parse_part(std::string_view sequence_text, std::string_view body)
{
    const auto sequence = parse_sequence(sequence_text);
    auto part = decode_part(decode_bytewords(body, BytewordStyle::minimal));
    if (part.seq_num != sequence.seq_num || part.header.seq_len != sequence.seq_len)
        throw Error{ErrorCode::qr_part, "UR: part " + quoted(sequence_text) + " says inside that it is " +
                                            std::to_string(part.seq_num) + "-" + std::to_string(part.header.seq_len)};
    return part;
}

std::string format_start(std::string_view type)
{
    require(is_type(type), "a type of UR with a character that it cannot have");
    return std::string{scheme}.append(type).append("/");
}

} // namespace

bool is_type(std::string_view text)
{
    return !text.empty() && text.size() <= most_type_characters && std::ranges::all_of(text, is_type_character);
}

std::string format_message(const Message& message)
{
    return format_start(message.type) + encode_bytewords(message.cbor, BytewordStyle::minimal);
}

std::string format_part(std::string_view type, const Part& part)
{
    return format_start(type) + std::to_string(part.seq_num) + "-" + std::to_string(part.header.seq_len) + "/" +
           encode_bytewords(encode_part(part), BytewordStyle::minimal);
}

Frame parse_frame(std::string_view text)
{
    if (text.size() > most_characters)
        throw Error{ErrorCode::qr_limit, "UR: " + std::to_string(text.size()) + " characters are over the limit of " +
                                             std::to_string(most_characters)};
    const auto lower = from_one_case(text);
    if (!lower.starts_with(scheme))
        throw not_a_ur(quoted(text, 20) + " does not begin with ur:");
    const auto rest = std::string_view{lower}.substr(scheme.size());
    const auto type = rest.substr(0, rest.find('/'));
    if (!is_type(type))
        throw not_a_ur(quoted(type) + " is not a type of a-z, 0-9 and hyphens, of up to " +
                       std::to_string(most_type_characters) + " characters");
    if (type.size() == rest.size())
        throw not_a_ur("there is no / and body after the type " + quoted(type));
    const auto path = rest.substr(type.size() + 1);
    const auto slash = path.find('/');
    if (slash == std::string_view::npos)
        return {std::string{type}, decode_bytewords(path, BytewordStyle::minimal)};
    return {std::string{type}, parse_part(path.substr(0, slash), path.substr(slash + 1))};
}

} // namespace coffer::ur
