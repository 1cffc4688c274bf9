#include "formats/ur/fountain_decoder.h"

#include "formats/ur/crc32.h"
#include "formats/ur/fountain_encoder.h"
#include "tests/support/small_child.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/ur/messages.h"

#include <algorithm>
#include <numeric>

namespace coffer::ur {
namespace {

using test_messages::drawn;

std::vector<std::uint32_t> numbers(std::uint32_t first, std::uint32_t last)
{
    std::vector<std::uint32_t> list(last - first + 1);
    std::iota(list.begin(), list.end(), first);
    return list;
}

std::vector<std::uint32_t> shuffled(std::vector<std::uint32_t> list, std::string_view seed)
{
    auto random = Xoshiro256::seeded(bytes_of(seed));
    for (auto left = list.size(); left > 1; --left)
        std::swap(list[left - 1], list[random.next_below(left)]);
    return list;
}

/// How many of these parts were taken until the message was complete.
std::size_t receive(const FountainEncoder& encoder, FountainDecoder& decoder, const std::vector<std::uint32_t>& seq_nums)
{
    std::size_t taken = 0;
    for (const auto seq_num : seq_nums) {
        if (decoder.is_complete())
            break;
        ++taken;
        const auto rank = decoder.rank();
        const bool is_new = decoder.add(encoder.part(seq_num));
        EXPECT_EQ(decoder.rank(), rank + (is_new ? 1 : 0));
    }
    return taken;
}

/// Three fragments of 20 bytes: 0 to 57, and two zeros.
struct Three {
    Bytes message = [] {
        Bytes bytes(58);
        std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
        return bytes;
    }();
    FountainEncoder encoder{message, 20};
};

TEST(FountainDecoder, TakesTheFragmentsInAnyOrder)
{
    const auto message = drawn("any order", 1000);
    const FountainEncoder encoder{message, 30};
    const auto count = encoder.header().seq_len;
    for (const auto& order : {numbers(1, count), shuffled(numbers(1, count), "a"), shuffled(numbers(1, count), "b")}) {
        FountainDecoder decoder{encoder.part(order.front())};
        EXPECT_EQ(receive(encoder, decoder, order), count);
        ASSERT_TRUE(decoder.is_complete());
        EXPECT_EQ(decoder.message(), message);
    }
}

TEST(FountainDecoder, BeginsAnywhere)
{
    const auto message = drawn("the middle", 4000);
    const FountainEncoder encoder{message, 40};
    for (const std::uint32_t first : {1U, 50U, 101U, 5000U, 0xfffffc00U}) {
        FountainDecoder decoder{encoder.part(first)};
        receive(encoder, decoder, numbers(first, first + 500));
        ASSERT_TRUE(decoder.is_complete());
        EXPECT_EQ(decoder.message(), message);
    }
}

TEST(FountainDecoder, EveryPartIsHeldThatSaysSomethingNew)
{
    // As many parts as fragments suffice, when they are independent: no other decoder could do with less.
    const auto message = drawn("rank", 700);
    for (const std::string_view seed : {"1", "2", "3", "4", "5"}) {
        const FountainEncoder encoder{message, 10};
        FountainDecoder decoder{encoder.part(1)};
        const auto order = shuffled(numbers(1, 400), seed);
        const auto taken = receive(encoder, decoder, order);
        EXPECT_EQ(decoder.rank(), encoder.header().seq_len);
        EXPECT_LT(taken, encoder.header().seq_len + 20);
        EXPECT_EQ(decoder.message(), message);
    }
}

TEST(FountainDecoder, CompletesWithLosses)
{
    const auto message = drawn("losses", 20000);
    for (const std::size_t fragment : {100U, 400U}) {
        const FountainEncoder encoder{message, fragment};
        const auto count = encoder.header().seq_len;
        auto random = Xoshiro256::seeded(bytes_of("lost"));
        std::vector<std::uint32_t> arrived;
        for (std::uint32_t seq_num = 1; seq_num <= 3 * count; ++seq_num)
            if (random.next_below(10) >= 3)
                arrived.push_back(seq_num);
        FountainDecoder decoder{encoder.part(arrived.front())};
        const auto taken = receive(encoder, decoder, arrived);
        ASSERT_TRUE(decoder.is_complete());
        EXPECT_EQ(decoder.message(), message);
        EXPECT_LE(taken, count + count / 5 + 5);
    }
}

TEST(FountainDecoder, CountsTheFragmentsThatItHoldsAlone)
{
    const Three three;
    FountainDecoder decoder{three.encoder.part(1)};
    EXPECT_TRUE(decoder.add(three.encoder.part(1)));
    EXPECT_EQ(decoder.count_known_fragments(), 1U);
    EXPECT_FALSE(decoder.is_complete());
    EXPECT_TRUE(decoder.add(three.encoder.part(3)));
    EXPECT_EQ(decoder.count_known_fragments(), 2U);
    EXPECT_TRUE(decoder.add(three.encoder.part(2)));
    EXPECT_TRUE(decoder.is_complete());
    EXPECT_EQ(decoder.message(), three.message);
}

TEST(FountainDecoder, RepeatsSayNothingNew)
{
    const Three three;
    FountainDecoder decoder{three.encoder.part(1)};
    for (std::uint32_t seq_num = 1; seq_num <= 3; ++seq_num) {
        EXPECT_TRUE(decoder.add(three.encoder.part(seq_num)));
        EXPECT_FALSE(decoder.add(three.encoder.part(seq_num)));
        EXPECT_EQ(decoder.rank(), seq_num);
    }
    for (std::uint32_t seq_num = 4; seq_num <= 50; ++seq_num)
        EXPECT_FALSE(decoder.add(three.encoder.part(seq_num)));
    EXPECT_EQ(decoder.message(), three.message);
    EXPECT_FALSE(decoder.add(three.encoder.part(51)));
    EXPECT_EQ(decoder.message(), three.message);
}

TEST(FountainDecoder, PartsOfAnotherMessageAreRefusedAndNothingIsForgotten)
{
    const Three three;
    FountainDecoder decoder{three.encoder.part(1)};
    decoder.add(three.encoder.part(1));
    const auto refuse = [&](auto change) {
        auto other = three.encoder.part(2);
        change(other);
        EXPECT_ERROR(decoder.add(other), ErrorCode::qr_mixed);
        EXPECT_EQ(decoder.rank(), 1U);
    };
    refuse([](Part& part) { part.header.checksum ^= 1; });
    refuse([](Part& part) { part.header.message_length -= 1; });
    refuse([](Part& part) { part.header.seq_len += 1; });
    refuse([](Part& part) { part.data.push_back(0); });
    refuse([](Part& part) { part.data.pop_back(); });
    for (const std::uint32_t seq_num : {2U, 3U})
        EXPECT_TRUE(decoder.add(three.encoder.part(seq_num)));
    EXPECT_EQ(decoder.message(), three.message);
}

TEST(FountainDecoder, DataThatContradictAreRefusedAndNothingIsForgotten)
{
    const auto message = drawn("contradiction", 500);
    const FountainEncoder encoder{message, 10};
    FountainDecoder decoder{encoder.part(1)};
    for (std::uint32_t seq_num = 30; seq_num < 200; ++seq_num) {
        const auto part = encoder.part(seq_num);
        auto forged = part;
        forged.data.back() ^= 1;
        const auto rank = decoder.rank();
        if (decoder.add(part) && decoder.rank() % 5 != 0)
            continue;
        const auto held = decoder.rank();
        EXPECT_ERROR(decoder.add(forged), ErrorCode::qr_mixed);
        EXPECT_EQ(decoder.rank(), held);
        EXPECT_GE(held, rank);
    }
    ASSERT_TRUE(decoder.is_complete());
    EXPECT_EQ(decoder.message(), message);
}

TEST(FountainDecoder, AMessageThatDoesNotFitItsChecksumIsRefused)
{
    const Three three;
    const auto receive_all = [&](auto change) {
        auto first = three.encoder.part(1);
        change(first);
        FountainDecoder decoder{first};
        for (std::uint32_t seq_num = 1; seq_num <= 3; ++seq_num) {
            auto part = three.encoder.part(seq_num);
            change(part);
            decoder.add(part);
        }
        return decoder.message();
    };
    EXPECT_EQ(receive_all([](Part&) {}), three.message);
    EXPECT_ERROR(receive_all([](Part& part) { part.header.checksum ^= 1; }), ErrorCode::qr_crc);
    EXPECT_ERROR(receive_all([](Part& part) { part.data[0] ^= 1; }), ErrorCode::qr_crc);
    EXPECT_ERROR(receive_all([](Part& part) { part.header.message_length += 1; }), ErrorCode::qr_crc);
    EXPECT_ERROR(receive_all([](Part& part) { part.header.message_length -= 1; }), ErrorCode::qr_length);
    EXPECT_ERROR(receive_all([](Part& part) { part.data[19] |= part.seq_num == 3 ? 1 : 0; }), ErrorCode::qr_length);
}

TEST(FountainDecoder, OneFragmentIsAMessage)
{
    const auto message = drawn("one", 9);
    const FountainEncoder encoder{message, 10};
    FountainDecoder decoder{encoder.part(5)};
    EXPECT_TRUE(decoder.add(encoder.part(5)));
    EXPECT_EQ(decoder.message(), message);
}

TEST(FountainDecoder, EveryCountOfFragmentsUpToSomeWordsOfIndexes)
{
    for (std::uint32_t count = 1; count <= 130; ++count) {
        const auto message = drawn("count", 11 * count - 3);
        const FountainEncoder encoder{message, 11};
        FountainDecoder decoder{encoder.part(count)};
        receive(encoder, decoder, numbers(count, 10 * count + 50));
        ASSERT_TRUE(decoder.is_complete()) << count;
        EXPECT_EQ(decoder.message(), message);
    }
}

TEST(FountainDecoder, ThePartsOfTheLargestMessageAreTakenInLittle)
{
    const FountainEncoder encoder{Bytes(most_message_bytes, 0x5a), 1024};
    ASSERT_EQ(encoder.header().seq_len, most_parts);
    test::expect_in_small_child(
        [&] {
            FountainDecoder decoder{encoder.part(1)};
            for (std::uint32_t seq_num = most_parts + 1; seq_num <= most_parts + 100; ++seq_num)
                EXPECT_TRUE(decoder.add(encoder.part(seq_num)));
        },
        {64, 1});
}

TEST(FountainDecoder, TheLargestMessageFromMixedPartsAlone)
{
    const auto message = drawn("largest", most_message_bytes);
    const FountainEncoder encoder{message, 1024};
    test::expect_in_small_child([&] {
        FountainDecoder decoder{encoder.part(1)};
        for (auto seq_num = most_parts + 1; !decoder.is_complete(); ++seq_num)
            decoder.add(encoder.part(seq_num));
        EXPECT_EQ(decoder.message(), message);
    });
}

} // namespace
} // namespace coffer::ur
