#pragma once

#include "core/base/secret.h"

namespace coffer::crypto {

/// A source of unpredictable bytes. Every fill asks the source anew: there is no pool in this
/// process that a fork or a virtual machine's snapshot could repeat.
class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> out) = 0;

    template <std::size_t N>
    ByteArray<N> array()
    {
        ByteArray<N> bytes;
        fill(bytes);
        return bytes;
    }
    SecretBytes secret(std::size_t size);
};

/// The health tests themselves, over bytes as samples with at least 4 bits of min-entropy each
/// claimed; false positives below 2^-40.
class HealthTests {
public:
    /// Throws Error{rng} at the first sample that a working source would practically never give.
    void check(ByteView samples);

private:
    std::uint8_t m_last = 0;
    unsigned m_repetitions = 0;
    std::uint8_t m_window_sample = 0;
    unsigned m_window_count = 0;
    unsigned m_window_position = 0;
};

/// getrandom(2) with the health tests of NIST SP 800-90B, 4.4, over every byte that it gives:
/// repetition count and adaptive proportion. Throws Error{rng} when the source fails or sticks.
/// The tests run on from call to call, so that one object serves one thread.
class SystemRandom final : public Random {
public:
    /// Runs the start-up test: 4096 samples through both health tests.
    SystemRandom();
    void fill(std::span<std::uint8_t> out) override;

private:
    HealthTests m_health;
};

} // namespace coffer::crypto
