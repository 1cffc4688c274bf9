#pragma once

#include "core/base/secret.h"

#include <string_view>

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

/// What is claimed of a source's samples, and where its health tests cut off: NIST SP 800-90B, 4.4, for min-entropy H a
/// sample and a false-positive rate α.
struct HealthLimits {
    std::string_view source; ///< as refusals name it
    unsigned repetitions;    ///< 4.4.1: 1 + ceil(-log2 α / H)
    unsigned window;         ///< 4.4.2: 512 for samples that are not binary
    unsigned proportion;     ///< 4.4.2: 1 + critbinom(window, 2^-H, 1 - α)
};

/// H = 4 bits, α = 2^-40.
constexpr HealthLimits kernel_health{"the kernel's random source", 11, 512, 78};

/// The health tests themselves, over bytes as samples.
class HealthTests {
public:
    explicit HealthTests(const HealthLimits& limits = kernel_health) : m_limits{limits} {}
    /// Throws Error{rng} at the first sample that a working source would practically never give.
    void check(ByteView samples);

private:
    HealthLimits m_limits;
    std::uint8_t m_last = 0;
    unsigned m_repetitions = 0;
    std::uint8_t m_window_sample = 0;
    unsigned m_window_count = 0;
    unsigned m_window_position = 0;
};

/// Another source, with the health tests over every byte that it gives: repetition count and adaptive
/// proportion. They run on from call to call, so that one object serves one thread.
class TestedRandom final : public Random {
public:
    /// `source` outlives it.
    explicit TestedRandom(Random& source) : m_source{source} {}
    TestedRandom(const TestedRandom&) = delete;
    TestedRandom& operator=(const TestedRandom&) = delete;

    /// 4096 samples through both health tests, once; nothing is given before. Throws Error{rng} when the source
    /// fails or sticks.
    void start();
    /// As start(); then `out` is wiped.
    void fill(std::span<std::uint8_t> out) override;

private:
    void fill_tested(std::span<std::uint8_t> out);

    Random& m_source;
    HealthTests m_health;
    bool m_is_started = false;
};

/// getrandom(2), untested. Throws Error{rng} when it fails.
class KernelRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> out) override;
};

/// getrandom(2), tested.
class SystemRandom final : public Random {
public:
    /// Runs the start-up test.
    SystemRandom() { m_tested.start(); }
    void fill(std::span<std::uint8_t> out) override { m_tested.fill(out); }

private:
    KernelRandom m_kernel;
    TestedRandom m_tested{m_kernel};
};

} // namespace coffer::crypto
