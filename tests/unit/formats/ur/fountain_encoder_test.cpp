#include "formats/ur/fountain_encoder.h"

#include "core/encoding/hex.h"
#include "formats/ur/crc32.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/ur/messages.h"

namespace coffer::ur {
namespace {

using test_messages::wolf;
using test_messages::wolf_cbor;

std::vector<test::Vector> vectors_of(std::string_view kind)
{
    auto vectors = test::load_vectors("ur_bc.json");
    std::erase_if(vectors, [&](const auto& vector) { return vector.kind() != kind; });
    EXPECT_FALSE(vectors.empty());
    return vectors;
}

TEST(FragmentLength, FollowsTheVectors)
{
    for (const auto& vector : vectors_of("fragment_length"))
        EXPECT_EQ(fragment_length(vector.number("message_len"), vector.number("max_fragment_len")), vector.number("result"));
}

TEST(FragmentLength, IsThatOfTheSmallestCountThatFits)
{
    for (std::size_t message = 1; message < 300; ++message)
        for (const std::size_t most : {10U, 11U, 25U, 99U, 400U}) {
            std::size_t count = 1;
            const auto length_of = [&] { return (message + count - 1) / count; };
            while (length_of() > most)
                ++count;
            EXPECT_EQ(fragment_length(message, most), length_of()) << message << " in " << most;
        }
}

TEST(FountainEncoder, FragmentsFollowTheVectors)
{
    for (const auto& vector : vectors_of("partition")) {
        const FountainEncoder encoder{wolf(1024), vector.number("max_fragment_len")};
        ASSERT_EQ(encoder.header().seq_len, vector.count("fragments"));
        for (std::uint32_t i = 0; i < encoder.header().seq_len; ++i)
            EXPECT_EQ(encoder.part(i + 1).data, vector.bytes("fragments." + std::to_string(i)));
    }
}

TEST(FountainEncoder, PartsFollowTheVectors)
{
    for (const auto& vector : vectors_of("fountain_parts")) {
        const FountainEncoder encoder{wolf(256), vector.number("max_fragment_len")};
        for (std::uint32_t i = 0; i < vector.count("parts"); ++i)
            EXPECT_EQ(encode_part(encoder.part(i + 1)), vector.bytes("parts." + std::to_string(i) + ".cbor"));
    }
}

TEST(FountainEncoder, WhatFitsIsOneFragment)
{
    const auto message = wolf_cbor(50);
    const FountainEncoder encoder{message, 100};
    EXPECT_EQ(encoder.header(), (PartHeader{1, static_cast<std::uint32_t>(message.size()), crc32(message)}));
    EXPECT_EQ(encoder.part(1).data, message);
    EXPECT_EQ(encoder.part(77).data, message);
}

TEST(FountainEncoder, MoreThanIsEverTakenIsRefused)
{
    EXPECT_EQ(FountainEncoder(Bytes(std::size_t{most_parts} * 10, 1), 10).header().seq_len, most_parts);
    EXPECT_ERROR(FountainEncoder(Bytes(std::size_t{most_parts} * 10 + 1, 1), 10), ErrorCode::qr_limit);
    EXPECT_EQ(FountainEncoder(Bytes(most_message_bytes, 1), 1024).header().seq_len, most_parts);
    EXPECT_ERROR(FountainEncoder(Bytes(most_message_bytes + 1, 1), 2000), ErrorCode::qr_limit);
}

} // namespace
} // namespace coffer::ur
