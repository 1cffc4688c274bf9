#pragma once

#include "core/keys/rs1024.h"
#include "core/keys/slip39.h"
#include "core/keys/word_list.h"
#include "tests/support/test_environment.h"

/// SLIP-39 shares for tests, with the cheapest exponent.
namespace coffer::test {

inline SecretBytes secret(std::string_view text)
{
    return SecretBytes::copy_of(bytes_of(text));
}

inline SecretBytes random_secret(std::size_t size, std::uint64_t seed)
{
    return ScriptedRandom{seed}.secret(size);
}

inline keys::Share copy_of(const keys::Share& share)
{
    return {share.header, share.value.clone()};
}

inline std::vector<keys::Share> copies_of(const std::vector<const keys::Share*>& shares)
{
    std::vector<keys::Share> copies;
    for (const auto* share : shares)
        copies.push_back(copy_of(*share));
    return copies;
}

inline keys::SharePlan share_plan(unsigned group_threshold, std::vector<keys::GroupShape> groups)
{
    keys::SharePlan plan;
    plan.group_threshold = group_threshold;
    plan.groups = std::move(groups);
    plan.iteration_exponent = 0;
    plan.identifier = 0x1234;
    return plan;
}

/// Under the passphrase "p".
inline std::vector<std::vector<keys::Share>> split(const SecretBytes& master_secret, const keys::SharePlan& plan,
                                                   std::uint64_t seed = 1)
{
    ScriptedRandom random{seed};
    return keys::split_secret(master_secret, secret("p"), plan, random);
}

/// The numbers of the words of a share, whole and in lower case.
inline std::vector<std::uint16_t> share_numbers(const SecretBytes& words)
{
    const auto sequence = keys::WordSequence::split(words, keys::LetterCase::as_written, ErrorCode::share_length);
    std::vector<std::uint16_t> numbers;
    for (std::size_t i = 0; i < sequence.count(); ++i)
        numbers.push_back(
            static_cast<std::uint16_t>(keys::slip39_words().find(sequence[i], keys::Spelling::whole).index));
    return numbers;
}

inline SecretBytes share_words(const std::vector<std::uint16_t>& numbers)
{
    keys::WordSequence sequence;
    for (const auto number : numbers)
        sequence.append(keys::slip39_words().at(number));
    return sequence.join();
}

/// The words of numbers whose last three become the checksum.
inline SecretBytes completed_share(std::vector<std::uint16_t> numbers)
{
    keys::rs1024_complete(numbers, (numbers[1] & 0x10U) != 0);
    return share_words(numbers);
}

} // namespace coffer::test
