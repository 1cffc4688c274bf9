#pragma once

#include "formats/ur/fountain_encoder.h"
#include "formats/ur/ur.h"

namespace coffer::ur {

/// The frames that show a message.
class Sender {
public:
    /// As FountainEncoder; `most_fragment_bytes` is of CBOR in one frame, without the some 20 bytes of a part around it.
    Sender(Message message, std::size_t most_fragment_bytes);

    /// Frames without which nobody can receive it: 1 is a whole message, more are parts.
    std::uint32_t count() const { return m_encoder.header().seq_len; }
    /// From 1. Up to count() the fragments one by one, after that mixed ones, without end. Of a whole message always the same.
    std::string frame(std::uint32_t number) const;

private:
    Message m_message;
    FountainEncoder m_encoder;
};

} // namespace coffer::ur
