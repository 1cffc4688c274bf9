#pragma once

#include "core/encoding/cbor.h"
#include "formats/ur/xoshiro256.h"

namespace coffer::ur::test_messages {

/// The bytes of the vectors' `message_rule`: drawn from xoshiro256 that is seeded with "Wolf".
inline Bytes wolf(std::size_t size)
{
    auto random = Xoshiro256::seeded(bytes_of("Wolf"));
    Bytes bytes;
    for (std::size_t i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::uint8_t>(random.next_below(256)));
    return bytes;
}

/// The message of a UR of the type `bytes`.
inline Bytes wolf_cbor(std::size_t size)
{
    return cbor::encode(cbor::Value{wolf(size)});
}

/// Any other bytes, the same for the same seed.
inline Bytes drawn(std::string_view seed, std::size_t size)
{
    auto random = Xoshiro256::seeded(bytes_of(seed));
    Bytes bytes;
    for (std::size_t i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::uint8_t>(random.next()));
    return bytes;
}

} // namespace coffer::ur::test_messages
