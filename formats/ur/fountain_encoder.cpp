#include "formats/ur/fountain_encoder.h"

#include "core/base/error.h"
#include "formats/ur/crc32.h"

#include <algorithm>

namespace coffer::ur {

namespace {

std::size_t divide_up(std::size_t number, std::size_t divisor)
{
    return (number + divisor - 1) / divisor;
}

PartHeader header_of(ByteView message, std::size_t most_fragment_bytes)
{
    require(!message.empty() && most_fragment_bytes >= least_fragment_bytes, "parts of nothing, or parts too small");
    if (message.size() > most_message_bytes)
        throw Error{ErrorCode::qr_limit, "a message of " + std::to_string(message.size()) + " bytes is over the limit of " +
                                             std::to_string(most_message_bytes) + " for UR",
                    "carry it as a file"};
    const auto count = divide_up(message.size(), fragment_length(message.size(), most_fragment_bytes));
    if (count > most_parts)
        throw Error{ErrorCode::qr_limit, "a message of " + std::to_string(message.size()) + " bytes is " + std::to_string(count) +
                                             " parts, over the limit of " + std::to_string(most_parts),
                    "show more in one code, or carry it as a file"};
    return {static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(message.size()), crc32(message)};
}

} // namespace

std::size_t fragment_length(std::size_t message_length, std::size_t most)
{
    return divide_up(message_length, divide_up(message_length, most));
}

FountainEncoder::FountainEncoder(Bytes message, std::size_t most_fragment_bytes)
    : m_message{std::move(message)}, m_header{header_of(m_message, most_fragment_bytes)},
      m_fragment_length{fragment_length(m_message.size(), most_fragment_bytes)},
      m_chooser{m_header.seq_len, m_header.checksum}
{
}

/// The zeros after the message's end change nothing.
void FountainEncoder::mix(FragmentIndex index, Bytes& data) const
{
    const auto rest = ByteView{m_message}.subspan(index * m_fragment_length);
    const auto fragment = rest.first(std::min(rest.size(), data.size()));
    std::ranges::transform(fragment, data, data.begin(), [](auto a, auto b) { return static_cast<std::uint8_t>(a ^ b); });
}

Part FountainEncoder::part(std::uint32_t seq_num) const
{
    Part part{seq_num, m_header, Bytes(m_fragment_length)};
    for (const auto index : m_chooser.choose(seq_num))
        mix(index, part.data);
    return part;
}

} // namespace coffer::ur
