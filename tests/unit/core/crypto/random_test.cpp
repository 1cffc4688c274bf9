#include "core/crypto/random.h"

#include "tests/support/vectors.h"

#include <random>
#include <set>

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
