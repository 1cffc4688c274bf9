#pragma once

#include "core/base/bytes.h"

namespace coffer::ur {

/// xoshiro256** (Blackman and Vigna), by which sender and receiver agree on what is mixed (BCR-2024-001). Predictable:
/// never for secrets.
class Xoshiro256 {
public:
    using State = std::array<std::uint64_t, 4>;

    explicit Xoshiro256(const State& state) : m_state{state} {}
    /// The state is the SHA-256 of `seed`, read as four big-endian numbers.
    static Xoshiro256 seeded(ByteView seed);

    std::uint64_t next();
    /// next() / 2^64. Of numbers within 2^10 of 2^64 the quotient rounds to 1.
    double next_double();
    /// 0 to `count` - 1: next_double() times `count`, rounded down. `count` is not 0.
    std::size_t next_below(std::size_t count);

private:
    State m_state;
};

} // namespace coffer::ur
