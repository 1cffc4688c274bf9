#include "formats/ur/fragment_choice.h"

#include "formats/ur/crc32.h"
#include "formats/ur/part.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/ur/messages.h"

#include "core/base/byte_writer.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <set>

namespace coffer::ur {
namespace {

std::vector<test::Vector> vectors_of(std::string_view kind)
{
    auto vectors = test::load_vectors("ur_bc.json");
    std::erase_if(vectors, [&](const auto& vector) { return vector.kind() != kind; });
    EXPECT_FALSE(vectors.empty());
    return vectors;
}

Xoshiro256 random_of(const test::Vector& vector)
{
    if (vector.has("seed_hex"))
        return Xoshiro256::seeded(vector.bytes("seed_hex"));
    return Xoshiro256::seeded(bytes_of(vector.text("seed_utf8")));
}

/// A list of numbers, as the text of the vectors.
template <typename Numbers>
std::string listed(const Numbers& numbers)
{
    std::string text;
    for (const auto number : numbers)
        text += (text.empty() ? "[" : ",") + std::to_string(number);
    return text + "]";
}

template <typename Draw>
void expect_draws(const test::Vector& vector, Draw draw)
{
    std::vector<std::uint64_t> drawn;
    for (std::size_t i = 0; i < vector.count("output"); ++i)
        drawn.push_back(draw());
    EXPECT_EQ(listed(drawn), vector.json("output"));
}

TEST(Xoshiro256, FollowsTheVectors)
{
    for (const auto& vector : vectors_of("xoshiro256")) {
        SCOPED_TRACE(vector.name());
        auto random = random_of(vector);
        if (vector.text("operation").starts_with("next_int(1,10)"))
            expect_draws(vector, [&] { return random.next_below(10) + 1; });
        else
            expect_draws(vector, [&] { return random.next() % 100; });
    }
}

TEST(Xoshiro256, ANumberThatRoundsToOneStaysBelowTheCount)
{
    // The state whose next number is 2^64 - 1: the inverses of 9 and 5 modulo 2^64, and of the rotation.
    const auto state_word = std::rotr(~std::uint64_t{0} * 0x8e38e38e38e38e39, 7) * 0xcccccccccccccccd;
    const Xoshiro256 random{{1, state_word, 1, 1}};
    ASSERT_EQ(Xoshiro256{random}.next(), ~std::uint64_t{0});
    ASSERT_EQ(Xoshiro256{random}.next_double(), 1.0);
    EXPECT_EQ(Xoshiro256{random}.next_below(10), 9U);
    EXPECT_EQ(Xoshiro256{random}.next_below(1), 0U);
}

TEST(AliasSampler, FollowsTheVectors)
{
    for (const auto& vector : vectors_of("random_sampler")) {
        std::vector<double> weights;
        for (std::size_t i = 0; i < vector.count("probabilities"); ++i)
            weights.push_back(static_cast<double>(vector.number("probabilities." + std::to_string(i))));
        const AliasSampler sampler{weights};
        auto random = random_of(vector);
        expect_draws(vector, [&] { return sampler.sample(random); });
    }
}

TEST(TakeShuffled, FollowsTheVectors)
{
    for (const auto& vector : vectors_of("shuffle")) {
        const std::vector<FragmentIndex> items{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        ASSERT_EQ(listed(items), vector.json("input"));
        auto random = random_of(vector);
        for (std::size_t i = 0; i < vector.count("output"); ++i)
            EXPECT_EQ(listed(take_shuffled(items, items.size(), random)), vector.json("output." + std::to_string(i)));
    }
}

TEST(AliasSampler, DegreesFollowTheVectors)
{
    for (const auto& vector : vectors_of("choose_degree")) {
        std::vector<double> weights;
        for (std::uint64_t degree = 1; degree <= vector.number("seq_len"); ++degree)
            weights.push_back(1.0 / static_cast<double>(degree));
        const AliasSampler sampler{weights};
        unsigned nonce = 0;
        expect_draws(vector, [&] {
            auto random = Xoshiro256::seeded(bytes_of("Wolf-" + std::to_string(++nonce)));
            return sampler.sample(random) + 1;
        });
    }
}

TEST(FragmentChooser, FollowsTheVectors)
{
    const auto checksum = crc32(test_messages::wolf(1024));
    for (const auto& vector : vectors_of("choose_fragments")) {
        const FragmentChooser chooser{static_cast<std::uint32_t>(vector.number("seq_len")), checksum};
        for (std::uint32_t i = 0; i < vector.count("indexes"); ++i) {
            auto chosen = chooser.choose(static_cast<std::uint32_t>(vector.number("seq_num_from")) + i);
            std::ranges::sort(chosen);
            EXPECT_EQ(listed(chosen), vector.json("indexes." + std::to_string(i)));
        }
    }
}

TEST(FragmentChooser, ChoosesEachFragmentOnceForEveryCount)
{
    for (const std::uint32_t seq_len : {1U, 2U, 3U, 100U, most_parts}) {
        const FragmentChooser chooser{seq_len, 7};
        for (const std::uint32_t seq_num : {1U, seq_len, seq_len + 1, seq_len + 100, std::numeric_limits<std::uint32_t>::max()}) {
            const auto chosen = chooser.choose(seq_num);
            const std::set<FragmentIndex> distinct{chosen.begin(), chosen.end()};
            EXPECT_EQ(distinct.size(), chosen.size());
            EXPECT_FALSE(chosen.empty());
            EXPECT_LT(*distinct.rbegin(), seq_len);
        }
    }
}

} // namespace
} // namespace coffer::ur
