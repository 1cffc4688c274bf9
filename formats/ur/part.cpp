#include "formats/ur/part.h"

#include "core/base/error.h"
#include "core/encoding/cbor.h"

#include <limits>

namespace coffer::ur {

namespace {

constexpr std::size_t fields_of_part = 5;
/// The data, and at most 1 + 4 * 5 + 5 bytes around them.
constexpr cbor::Limits part_limits{most_message_bytes + 32, 1, 1 + fields_of_part};

std::uint32_t read_u32(const cbor::Value& value, std::string_view name)
{
    const auto number = value.number(name);
    if (number > std::numeric_limits<std::uint32_t>::max())
        throw Error{ErrorCode::malformed, std::string{name} + " of a part is " + std::to_string(number) + ", over 32 bits"};
    return static_cast<std::uint32_t>(number);
}

std::uint32_t read_positive(const cbor::Value& value, std::string_view name, std::size_t most)
{
    const auto number = read_u32(value, name);
    if (number == 0)
        throw Error{ErrorCode::malformed, std::string{name} + " of a part is 0"};
    if (number > most)
        throw Error{ErrorCode::qr_limit, std::string{name} + " of a part is " + std::to_string(number) +
                                             ", over the limit of " + std::to_string(most)};
    return number;
}

/// All fragments are needed for the message, and all together hold it.
void require_length(const Part& part)
{
    const std::uint64_t fragment = part.data.size();
    const auto& [seq_len, length, checksum] = part.header;
    if (seq_len * fragment < length || (seq_len - 1) * fragment >= length)
        throw Error{ErrorCode::qr_length, "a message of " + std::to_string(length) + " bytes is not " +
                                              std::to_string(seq_len) + " parts of " + std::to_string(fragment)};
}

} // namespace

Bytes encode_part(const Part& part)
{
    const auto& [seq_len, length, checksum] = part.header;
    return cbor::encode(cbor::Value::Array{part.seq_num, seq_len, length, checksum, part.data});
}

Part decode_part(ByteView encoded)
{
    const auto value = cbor::decode(encoded, part_limits);
    const auto& fields = value.array("a part");
    if (fields.size() != fields_of_part)
        throw Error{ErrorCode::malformed, "a part has " + std::to_string(fields.size()) + " fields, not 5"};
    Part part;
    part.seq_num = read_positive(fields[0], "seqNum", std::numeric_limits<std::uint32_t>::max());
    part.header.seq_len = read_positive(fields[1], "seqLen", most_parts);
    part.header.message_length = read_positive(fields[2], "messageLen", most_message_bytes);
    part.header.checksum = read_u32(fields[3], "checksum");
    part.data = fields[4].bytes("data of a part");
    require_length(part);
    return part;
}

} // namespace coffer::ur
