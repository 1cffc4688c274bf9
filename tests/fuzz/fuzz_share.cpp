#include "core/keys/rs1024.h"
#include "core/keys/slip39.h"
#include "core/keys/word_list.h"
#include "tests/fuzz/fuzz.h"

using namespace coffer;
using namespace coffer::keys;

namespace {

constexpr std::uint16_t extendable_bit = 0x10;

/// The input as numbers of words, made to fit the checksum, which no fuzzer would find.
SecretBytes with_checksum(ByteView input)
{
    std::vector<std::uint16_t> numbers;
    for (std::size_t i = 0; i + 1 < input.size() && numbers.size() < WordSequence::capacity; i += 2)
        numbers.push_back(static_cast<std::uint16_t>((input[i] << 8 | input[i + 1]) & 0x3ff));
    if (numbers.size() > rs1024_checksum_words)
        rs1024_complete(numbers, (numbers[1] & extendable_bit) != 0);
    WordSequence words;
    for (const auto number : numbers)
        words.append(slip39_words().at(number));
    return words.join();
}

/// A share is written as one text, which reads as the same share. Whatever it says, a collector takes it or refuses it.
void check(const SecretBytes& text)
{
    auto share = fuzz::unless_refused([&] { return parse_share(text); });
    if (!share)
        return;
    const auto written = format_share(*share);
    const auto again = parse_share(written);
    require(again.header == share->header && again.value.equals(share->value), "a share does not go round");
    require(format_share(again).equals(written), "a share has two spellings");
    ShareCollector collector;
    collector.add(std::move(*share));
    require(!fuzz::unless_refused([&] { return collector.add(parse_share(written)), true; }), "a share counts twice");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView input{data, size};
    check(SecretBytes::copy_of(input));
    check(with_checksum(input));
    return 0;
}
