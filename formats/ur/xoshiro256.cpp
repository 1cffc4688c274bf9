#include "formats/ur/xoshiro256.h"

#include "core/base/byte_reader.h"
#include "core/crypto/hash.h"

#include <algorithm>
#include <bit>

namespace coffer::ur {

Xoshiro256 Xoshiro256::seeded(ByteView seed)
{
    const auto digest = crypto::sha256(seed);
    ByteReader reader{digest};
    State state;
    for (auto& word : state)
        word = reader.read_u64_be();
    return Xoshiro256{state};
}

std::uint64_t Xoshiro256::next()
{
    const auto result = std::rotl(m_state[1] * 5, 7) * 9;
    const auto shifted = m_state[1] << 17;
    m_state[2] ^= m_state[0];
    m_state[3] ^= m_state[1];
    m_state[1] ^= m_state[2];
    m_state[0] ^= m_state[3];
    m_state[2] ^= shifted;
    m_state[3] = std::rotl(m_state[3], 45);
    return result;
}

double Xoshiro256::next_double()
{
    return static_cast<double>(next()) / 0x1p64;
}

std::size_t Xoshiro256::next_below(std::size_t count)
{
    const auto number = static_cast<std::size_t>(next_double() * static_cast<double>(count));
    return std::min(number, count - 1);
}

} // namespace coffer::ur
