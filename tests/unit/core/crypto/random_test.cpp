#include "core/crypto/random.h"

#include "tests/support/vectors.h"

#include <cmath>
#include <random>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

namespace coffer::crypto {
namespace {

/// Samples from a generator with a fixed seed, so that a run is repeatable.
Bytes good_samples(std::size_t count, unsigned seed)
{
    std::mt19937_64 generator{seed};
    Bytes samples(count);
    for (auto& sample : samples)
        sample = static_cast<std::uint8_t>(generator() >> 56);
    return samples;
}

TEST(HealthTests, PassTenMillionGoodSamples)
{
    HealthTests tests;
    EXPECT_NO_THROW(tests.check(good_samples(10'000'000, 1)));
}

TEST(HealthTests, RefuseASourceThatSticks)
{
    HealthTests tests;
    tests.check(good_samples(1000, 2));
    tests.check(Bytes(9, 0x5a));
    EXPECT_ERROR(tests.check(Bytes(2, 0x5a)), ErrorCode::rng);
    EXPECT_ERROR(HealthTests{}.check(Bytes(11, 0)), ErrorCode::rng);
    EXPECT_NO_THROW(HealthTests{}.check(Bytes(10, 0)));
}

// One byte in four: runs of eleven are rare, but the count in a window is far too high.
TEST(HealthTests, RefuseABiasedSource)
{
    auto samples = good_samples(100'000, 3);
    for (std::size_t i = 0; i < samples.size(); i += 4)
        samples[i] = 0xaa;
    EXPECT_ERROR(HealthTests{}.check(samples), ErrorCode::rng);
}

// What is claimed is four bits a sample: sixteen values, evenly, pass; eight do not.
TEST(HealthTests, PassTheClaimedEntropyAndNoLess)
{
    auto sixteen = good_samples(1'000'000, 4);
    for (auto& sample : sixteen)
        sample &= 15;
    EXPECT_NO_THROW(HealthTests{}.check(sixteen));
    auto eight = good_samples(1'000'000, 5);
    for (auto& sample : eight)
        sample &= 7;
    EXPECT_ERROR(HealthTests{}.check(eight), ErrorCode::rng);
}

// NIST SP 800-90B, 4.4.2: the smallest k with P(X <= k) >= 1 - α, for X of Binomial(window, p), and one more.
unsigned proportion_cutoff(unsigned window, long double p, long double alpha)
{
    long double term = std::pow(1 - p, static_cast<long double>(window));
    long double sum = term;
    unsigned k = 0;
    for (; sum < 1 - alpha; ++k) {
        term *= static_cast<long double>(window - k) / (k + 1) * p / (1 - p);
        sum += term;
    }
    return k + 1;
}

TEST(HealthTests, CutOffWhereTheStandardDoes)
{
    EXPECT_EQ(kernel_health.repetitions, 1U + 40 / 4);
    EXPECT_EQ(kernel_health.window, 512U);
    EXPECT_EQ(kernel_health.proportion, proportion_cutoff(512, 1.0L / 16, std::pow(2.0L, -40)));
}

TEST(HealthTests, NameTheSource)
{
    try {
        HealthTests{{"the toy", 3, 8, 5}}.check(Bytes(3, 0));
        FAIL() << "three in a row passed";
    } catch (const Error& error) {
        EXPECT_EQ(std::string{error.what()}, "the toy repeats one value 3 times");
    }
    EXPECT_ERROR((HealthTests{{"the toy", 9, 8, 5}}.check(Bytes{1, 1, 2, 1, 1, 3, 1})), ErrorCode::rng);
    EXPECT_NO_THROW((HealthTests{{"the toy", 9, 8, 6}}.check(Bytes{1, 1, 2, 1, 1, 3, 1})));
}

/// Good bytes until it breaks, by sticking or by failing.
class BreakingRandom final : public Random {
public:
    enum class Way { sticks, fails };
    BreakingRandom(std::size_t good_bytes, Way way) : m_left{good_bytes}, m_way{way} {}
    void fill(std::span<std::uint8_t> out) override
    {
        for (auto& byte : out) {
            if (m_left == 0 && m_way == Way::fails)
                throw Error{ErrorCode::rng, "gone"};
            byte = m_left == 0 ? 7 : static_cast<std::uint8_t>(m_generator() >> 56);
            m_left -= m_left == 0 ? 0 : 1;
        }
        m_calls += 1;
    }
    int calls() const { return m_calls; }

private:
    std::size_t m_left;
    Way m_way;
    int m_calls = 0;
    std::mt19937_64 m_generator{9};
};

TEST(TestedRandom, DoesNotStartWithASourceThatSticksOrFails)
{
    for (const auto way : {BreakingRandom::Way::sticks, BreakingRandom::Way::fails})
        for (const std::size_t good : {0U, 1U, 4000U}) {
            BreakingRandom source{good, way};
            TestedRandom random{source};
            EXPECT_ERROR(random.start(), ErrorCode::rng);
            EXPECT_ERROR(random.array<1>(), ErrorCode::rng); // nothing is given without the start
        }
}

TEST(TestedRandom, WipesWhatASourceGaveThatSticksLater)
{
    BreakingRandom source{4096 + 32 + 16, BreakingRandom::Way::sticks};
    TestedRandom random{source};
    random.start();
    EXPECT_NE(random.array<32>(), ByteArray<32>{});
    ByteArray<64> out;
    out.fill(1);
    EXPECT_ERROR(random.fill(out), ErrorCode::rng);
    EXPECT_EQ(out, ByteArray<64>{});
}

TEST(TestedRandom, RunsTheStartUpTestOnceAndAsksTheSourceEachTime)
{
    BreakingRandom source{100'000, BreakingRandom::Way::sticks};
    TestedRandom random{source};
    static_cast<void>(random.array<32>());
    EXPECT_EQ(source.calls(), 2);
    random.start();
    static_cast<void>(random.array<1>());
    EXPECT_EQ(source.calls(), 3);
}

/// What the child of a fork draws from a source that was made before it.
ByteArray<32> drawn_in_a_child(Random& random)
{
    int pipe_ends[2];
    EXPECT_EQ(::pipe(pipe_ends), 0);
    const auto child = ::fork();
    if (child == 0) {
        const auto bytes = random.array<32>();
        ::_exit(::write(pipe_ends[1], bytes.data(), bytes.size()) == 32 ? 0 : 1);
    }
    ByteArray<32> bytes{};
    EXPECT_EQ(::read(pipe_ends[0], bytes.data(), bytes.size()), 32);
    ::close(pipe_ends[0]);
    ::close(pipe_ends[1]);
    ::waitpid(child, nullptr, 0);
    return bytes;
}

TEST(SystemRandom, RepeatsNothingAfterAFork)
{
    SystemRandom random;
    const auto first = drawn_in_a_child(random);
    EXPECT_NE(first, drawn_in_a_child(random)) << "two copies of one process";
    EXPECT_NE(first, random.array<32>());
}

TEST(SystemRandom, GivesFreshBytes)
{
    SystemRandom random;
    std::set<ByteArray<16>> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(random.array<16>());
    EXPECT_EQ(seen.size(), 1000U);
    const auto a = random.secret(32);
    EXPECT_EQ(a.size(), 32U);
    EXPECT_FALSE(a.equals(random.secret(32)));
    random.fill({});
}

} // namespace
} // namespace coffer::crypto
