#include "core/keys/entropy.h"

#include "core/keys/dice_rolls.h"
#include "core/keys/mnemonic.h"
#include "tests/support/vectors.h"

#include <gmock/gmock.h>
#include <random>

namespace coffer::keys {
namespace {

using testing::HasSubstr;

SecretBytes secret(ByteView bytes)
{
    return SecretBytes::copy_of(bytes);
}

DiceRolls rolls_of(std::string_view digits)
{
    DiceRolls rolls;
    rolls.add(secret(bytes_of(digits)));
    return rolls;
}

void expect_words(const SecretBytes& entropy, const test::Vector& vector)
{
    EXPECT_TRUE(equal(entropy.reveal(), vector.bytes("entropy")));
    EXPECT_EQ(text_of(mnemonic_from_entropy(entropy).reveal()), vector.text("mnemonic"));
}

void check_judgement(const test::Vector& vector, const std::function<void()>& judge)
{
    if (!vector.is_invalid()) {
        EXPECT_NO_THROW(judge());
        return;
    }
    try {
        judge();
        ADD_FAILURE() << "taken: " << vector.text("comment");
    } catch (const Error& error) {
        EXPECT_EQ(name_of(error.code()), name_of(vector.error_code()));
        EXPECT_THAT(error.message(), HasSubstr(vector.text("message"))) << vector.text("comment");
    }
}

void check(const test::Vector& vector)
{
    const auto kind = vector.kind();
    if (kind == "mix") {
        const EntropySources sources{secret(vector.bytes("kernel")), secret(bytes_of(vector.text("dice"))), secret(vector.bytes("file"))};
        expect_words(mix_entropy(sources), vector);
        EXPECT_EQ(name_of_sources(sources), vector.text("source"));
    } else if (kind == "dice") {
        expect_words(entropy_of_dice(rolls_of(vector.text("dice")).digits()), vector);
    } else if (kind == "rolls") {
        check_judgement(vector, [&] { rolls_of(vector.text("dice")).require_fair(vector.number("least")); });
    } else {
        ASSERT_EQ(kind, "file");
        check_judgement(vector, [&] { require_random_file(vector.bytes("file")); });
    }
}

TEST(Entropy, FollowsItsRecipeAndRefusesWhatNoSourceGives)
{
    for (const auto& vector : test::load_vectors("entropy.json")) {
        SCOPED_TRACE(vector.name());
        check(vector);
    }
}

TEST(Entropy, DependsOnEverySource)
{
    const auto mixed = [](std::string_view kernel, std::string_view dice, std::string_view file) {
        return mix_entropy({secret(bytes_of(kernel)), secret(bytes_of(dice)), secret(bytes_of(file))});
    };
    const auto whole = mixed("kernel", "123", "file");
    EXPECT_TRUE(whole.equals(mixed("kernel", "123", "file")));
    EXPECT_FALSE(whole.equals(mixed("Kernel", "123", "file")));
    EXPECT_FALSE(whole.equals(mixed("kernel", "124", "file")));
    EXPECT_FALSE(whole.equals(mixed("kernel", "123", "File")));
    EXPECT_FALSE(mixed("kernel", "123", "").equals(mixed("kernel", "", "123"))) << "a source is no other one";
    EXPECT_FALSE(mixed("a", "b", "").equals(mixed("ab", "", ""))) << "where one ends is not in doubt";
    EXPECT_DEATH(static_cast<void>(mixed("", "", "")), "without a source");
}

TEST(Entropy, TakesTheLargestFileOfRandomBytes)
{
    std::mt19937_64 generator{1};
    Bytes file(most_entropy_file);
    for (auto& byte : file)
        byte = static_cast<std::uint8_t>(generator() >> 56);
    EXPECT_NO_THROW(require_random_file(file));
}

} // namespace
} // namespace coffer::keys
