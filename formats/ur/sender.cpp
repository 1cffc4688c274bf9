#include "formats/ur/sender.h"

namespace coffer::ur {

Sender::Sender(Message message, std::size_t most_fragment_bytes)
    : m_message{std::move(message)}, m_encoder{m_message.cbor, most_fragment_bytes}
{
}

std::string Sender::frame(std::uint32_t number) const
{
    return count() == 1 ? format_message(m_message) : format_part(m_message.type, m_encoder.part(number));
}

} // namespace coffer::ur
