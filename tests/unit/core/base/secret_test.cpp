#include "core/base/secret.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <memory>
#include <type_traits>

namespace coffer {
namespace {

SecretBytes secret(std::string_view text)
{
    return SecretBytes::copy_of(bytes_of(text));
}

TEST(SecretBytes, StartAsZeros)
{
    const SecretBytes bytes{100};
    EXPECT_TRUE(std::ranges::all_of(bytes.reveal(), [](std::uint8_t byte) { return byte == 0; }));
    EXPECT_TRUE(SecretBytes{}.empty());
    EXPECT_EQ(SecretBytes{0}.reveal().size(), 0U);
}

TEST(SecretBytes, MoveAndNeverCopyByThemselves)
{
    static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
    auto first = secret("abc");
    auto second = std::move(first);
    EXPECT_TRUE(first.empty()); // NOLINT: what is left is part of the contract
    EXPECT_EQ(text_of(second.reveal()), "abc");
    SecretBytes third = secret("xyz");
    third = std::move(second);
    EXPECT_EQ(text_of(third.reveal()), "abc");
    auto& same = third;
    third = std::move(same);
    EXPECT_EQ(text_of(third.reveal()), "abc");
    auto copy = third.clone();
    copy.reveal_mutable()[0] = 'x';
    EXPECT_EQ(text_of(third.reveal()), "abc");
    EXPECT_EQ(text_of(third.first(2).reveal()), "ab");
}

TEST(SecretBytes, CompareContentAndLength)
{
    EXPECT_TRUE(secret("abc").equals(secret("abc")));
    EXPECT_FALSE(secret("abc").equals(secret("abd")));
    EXPECT_FALSE(secret("abc").equals(secret("ab")));
    EXPECT_TRUE(SecretBytes{}.equals(SecretBytes{}));
    EXPECT_FALSE(SecretBytes{}.equals(secret("a")));
}

TEST(SecretBytesDeathTest, HaveAGuardPageBehindThem)
{
    const auto bytes = secret("0123456789abcdef");
    EXPECT_DEATH(
        {
            const volatile auto* behind = bytes.reveal().data() + bytes.size();
            static_cast<void>(*behind);
        },
        "");
    EXPECT_DEATH(bytes.first(17), "shorter");
}

TEST(SecretBytesDeathTest, AreGoneOnceTheyDie)
{
    EXPECT_DEATH(
        {
            const std::uint8_t* remembered = nullptr;
            {
                const auto bytes = secret("0123456789abcdef");
                remembered = bytes.reveal().data();
            }
            const volatile auto* gone = remembered;
            static_cast<void>(*gone);
        },
        "");
}

TEST(WipedArray, WipesItselfAndEveryCopy)
{
    using Array = WipedArray<16>;
    alignas(Array) std::array<std::uint8_t, sizeof(Array)> first_memory{};
    alignas(Array) std::array<std::uint8_t, sizeof(Array)> second_memory{};
    auto* const first = new (first_memory.data()) Array;
    std::ranges::fill(first->reveal_mutable(), std::uint8_t{0xa5});
    auto* const second = new (second_memory.data()) Array{*first};
    EXPECT_EQ(second_memory, first_memory);
    std::destroy_at(first);
    const auto is_zero = [](std::uint8_t byte) { return byte == 0; };
    const volatile auto* watched = first_memory.data(); // the compiler may not assume what the destructor left
    for (std::size_t i = 0; i < sizeof(Array); ++i)
        EXPECT_EQ(watched[i], 0);
    EXPECT_FALSE(std::ranges::any_of(second->reveal(), is_zero));
    std::destroy_at(second);
    watched = second_memory.data();
    for (std::size_t i = 0; i < sizeof(Array); ++i)
        EXPECT_EQ(watched[i], 0);
}

TEST(Wipe, OverwritesBytesAndCharacters)
{
    std::array<std::uint8_t, 4> bytes{1, 2, 3, 4};
    wipe(bytes);
    EXPECT_EQ(bytes, (std::array<std::uint8_t, 4>{}));
    std::array<char, 4> text{'a', 'b', 'c', 'd'};
    wipe(text);
    EXPECT_EQ(text, (std::array<char, 4>{}));
    wipe(std::span<std::uint8_t>{});
}

} // namespace
} // namespace coffer
