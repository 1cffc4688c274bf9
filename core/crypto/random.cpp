#include "core/crypto/random.h"

#include "core/base/error.h"

#include <cerrno>
#include <sys/random.h>

namespace coffer::crypto {

namespace {

constexpr std::size_t start_up_samples = 4096;

} // namespace

SecretBytes Random::secret(std::size_t size)
{
    SecretBytes bytes{size};
    fill(bytes.reveal_mutable());
    return bytes;
}

void KernelRandom::fill(std::span<std::uint8_t> out)
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

void TestedRandom::start()
{
    if (m_is_started)
        return;
    WipedArray<start_up_samples> samples;
    fill_tested(samples.reveal_mutable());
    m_is_started = true;
}

void TestedRandom::fill(std::span<std::uint8_t> out)
{
    start();
    fill_tested(out);
}

void TestedRandom::fill_tested(std::span<std::uint8_t> out)
{
    try {
        m_source.fill(out);
        m_health.check(out);
    } catch (const Error&) {
        wipe(out); // nobody can use what a broken source gave
        throw;
    }
}

void HealthTests::check(ByteView samples)
{
    const std::string source{m_limits.source};
    for (const auto sample : samples) {
        m_repetitions = m_repetitions != 0 && sample == m_last ? m_repetitions + 1 : 1;
        m_last = sample;
        if (m_repetitions >= m_limits.repetitions)
            throw Error{ErrorCode::rng, source + " repeats one value " + std::to_string(m_repetitions) + " times"};

        if (m_window_position == 0) {
            m_window_sample = sample;
            m_window_count = 0;
        }
        if (sample == m_window_sample)
            ++m_window_count;
        if (m_window_count >= m_limits.proportion)
            throw Error{ErrorCode::rng, source + " gives one value " + std::to_string(m_window_count) + " times in " +
                                            std::to_string(m_window_position + 1)};
        m_window_position = (m_window_position + 1) % m_limits.window;
    }
}

} // namespace coffer::crypto
