#include "core/crypto/random.h"

#include "core/base/error.h"

#include <cerrno>
#include <sys/random.h>

namespace coffer::crypto {

namespace {

// NIST SP 800-90B, 4.4, for H = 4 bits a sample and a false-positive rate of 2^-40.
constexpr unsigned repetition_cutoff = 11;  // 4.4.1: 1 + ceil(40 / H)
constexpr unsigned window_size = 512;       // 4.4.2: samples that are not binary
constexpr unsigned proportion_cutoff = 78; // 1 + critbinom(512, 2^-H, 1 - 2^-40)

constexpr std::size_t start_up_samples = 4096;

void get_random(std::span<std::uint8_t> out)
{
    while (!out.empty()) {
        const auto count = getrandom(out.data(), out.size(), 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            throw Error{ErrorCode::rng, "the operating system gives no random numbers"};
        out = out.subspan(static_cast<std::size_t>(count));
    }
}

} // namespace

SecretBytes Random::secret(std::size_t size)
{
    SecretBytes bytes{size};
    fill(bytes.reveal_mutable());
    return bytes;
}

SystemRandom::SystemRandom()
{
    ByteArray<start_up_samples> samples;
    fill(samples);
}

void SystemRandom::fill(std::span<std::uint8_t> out)
{
    get_random(out);
    try {
        m_health.check(out);
    } catch (const Error&) {
        wipe(out); // nobody can use what a broken source gave
        throw;
    }
}

void HealthTests::check(ByteView samples)
{
    for (const auto sample : samples) {
        m_repetitions = m_repetitions != 0 && sample == m_last ? m_repetitions + 1 : 1;
        m_last = sample;
        if (m_repetitions >= repetition_cutoff)
            throw Error{ErrorCode::rng, "random source repeats one byte " + std::to_string(m_repetitions) + " times"};

        if (m_window_position == 0) {
            m_window_sample = sample;
            m_window_count = 0;
        }
        if (sample == m_window_sample)
            ++m_window_count;
        if (m_window_count >= proportion_cutoff)
            throw Error{ErrorCode::rng, "random source gives one byte " + std::to_string(m_window_count) + " times in " +
                                            std::to_string(m_window_position + 1)};
        m_window_position = (m_window_position + 1) % window_size;
    }
}

} // namespace coffer::crypto
