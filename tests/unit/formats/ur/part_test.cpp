#include "formats/ur/part.h"

#include "core/encoding/cbor.h"
#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

#include <limits>

namespace coffer::ur {
namespace {

using cbor::Value;

constexpr std::uint64_t beyond_32_bits = std::uint64_t{std::numeric_limits<std::uint32_t>::max()} + 1;

/// A good part of 3 fragments of 10 bytes, one field of it replaced.
Bytes with(std::size_t field, Value value)
{
    Value::Array fields{2U, 3U, 25U, 0x12345678U, Bytes(10, 0x5a)};
    fields[field] = std::move(value);
    return cbor::encode(Value{std::move(fields)});
}

TEST(Part, FollowsTheVectors)
{
    std::size_t count = 0;
    for (const auto& vector : test::load_vectors("ur_bc.json")) {
        if (vector.kind() != "fountain_parts")
            continue;
        for (std::size_t i = 0; i < vector.count("parts"); ++i, ++count) {
            const auto at = "parts." + std::to_string(i) + ".";
            const auto part = decode_part(vector.bytes(at + "cbor"));
            EXPECT_EQ(part.seq_num, vector.number(at + "seq_num"));
            EXPECT_EQ(part.header.seq_len, vector.number(at + "seq_len"));
            EXPECT_EQ(part.header.message_length, vector.number(at + "message_len"));
            EXPECT_EQ(part.header.checksum, vector.number(at + "checksum"));
            EXPECT_EQ(part.data, vector.bytes(at + "data"));
            EXPECT_EQ(encode_part(part), vector.bytes(at + "cbor"));
        }
    }
    EXPECT_EQ(count, 20U);
}

TEST(Part, EveryCutAndATrailingByteAreRefused)
{
    const auto whole = with(0, 2U);
    EXPECT_EQ(decode_part(whole).seq_num, 2U);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_THROW(decode_part(ByteView{whole}.first(size)), Error) << size;
    auto longer = whole;
    longer.push_back(0);
    EXPECT_ERROR(decode_part(longer), ErrorCode::malformed);
}

TEST(Part, NumbersOfZeroOrBeyond32BitsAreRefused)
{
    EXPECT_ERROR(decode_part(with(0, 0U)), ErrorCode::malformed);
    EXPECT_ERROR(decode_part(with(1, 0U)), ErrorCode::malformed);
    EXPECT_ERROR(decode_part(with(2, 0U)), ErrorCode::malformed);
    EXPECT_EQ(decode_part(with(3, 0U)).header.checksum, 0U);
    for (const std::size_t field : {0U, 1U, 2U, 3U})
        EXPECT_ERROR(decode_part(with(field, beyond_32_bits)), ErrorCode::malformed);
    EXPECT_EQ(decode_part(with(0, beyond_32_bits - 1)).seq_num, 0xffffffffU);
    EXPECT_EQ(decode_part(with(3, beyond_32_bits - 1)).header.checksum, 0xffffffffU);
}

TEST(Part, AnnouncedSizesAreBounded)
{
    const auto part = [](std::uint32_t seq_len, std::size_t length, std::size_t fragment) {
        return cbor::encode(Value{Value::Array{1U, seq_len, std::uint64_t{length}, 1U, Bytes(fragment, 1)}});
    };
    EXPECT_EQ(decode_part(part(most_parts, most_parts, 1)).header.seq_len, most_parts);
    EXPECT_ERROR(decode_part(part(most_parts + 1, most_parts + 1, 1)), ErrorCode::qr_limit);
    EXPECT_ERROR(decode_part(part(0xffffffff, 0xffffffff, 1)), ErrorCode::qr_limit);
    EXPECT_EQ(decode_part(part(1, most_message_bytes, most_message_bytes)).data.size(), most_message_bytes);
    EXPECT_ERROR(decode_part(part(2, most_message_bytes + 1, most_message_bytes)), ErrorCode::qr_limit);
    EXPECT_ERROR(decode_part(part(1, 100, most_message_bytes + 100)), ErrorCode::limit);
}

TEST(Part, TheFragmentsHoldTheMessageAndNoneIsLeftOver)
{
    for (const unsigned length : {21U, 25U, 30U})
        EXPECT_EQ(decode_part(with(2, length)).header.message_length, length);
    for (const unsigned length : {1U, 20U, 31U, 2000000U})
        EXPECT_ERROR(decode_part(with(2, length)), ErrorCode::qr_length);
    for (const std::size_t fragment : {0U, 1U, 8U, 13U, 1000U})
        EXPECT_ERROR(decode_part(with(4, Bytes(fragment, 1))), ErrorCode::qr_length);
    for (const std::size_t fragment : {9U, 12U})
        EXPECT_EQ(decode_part(with(4, Bytes(fragment, 1))).data.size(), fragment);
}

TEST(Part, IsFiveFieldsOfTheirKinds)
{
    EXPECT_ERROR(decode_part(with(0, "2")), ErrorCode::malformed);
    EXPECT_ERROR(decode_part(with(4, "text of 10")), ErrorCode::malformed);
    EXPECT_ERROR(decode_part(cbor::encode(Value{Bytes(10, 1)})), ErrorCode::malformed);
    EXPECT_ERROR(decode_part(cbor::encode(Value{Value::Array{1U, 1U, 1U, 1U}})), ErrorCode::malformed);
    EXPECT_ERROR(decode_part(cbor::encode(Value{Value::Array{1U, 1U, 1U, 1U, Bytes(1, 1), 1U}})), ErrorCode::limit);
}

TEST(Part, CborIsShallowShortAndDeterministic)
{
    const auto refuse = [](std::string_view hex, ErrorCode code) { EXPECT_ERROR(decode_part(encoding::decode_hex(hex)), code); };
    EXPECT_EQ(decode_part(encoding::decode_hex("8501010101410a")).data, Bytes{0x0a});
    refuse("8501010101814100", ErrorCode::cbor_depth);
    std::string deep;
    for (int i = 0; i < 30000; ++i)
        deep += "81";
    refuse(deep, ErrorCode::cbor_depth);
    refuse("81818181818181818180", ErrorCode::cbor_depth);
    refuse("9affffffff", ErrorCode::cbor_length);
    refuse("85010101015affffffff", ErrorCode::cbor_length);
    refuse("9f01010101410aff", ErrorCode::canon);
    refuse("85010101015f410aff", ErrorCode::canon);
    refuse("851801010101410a", ErrorCode::canon);
    refuse("8501010101d818410a", ErrorCode::canon);
    refuse("85f93c00010101410a", ErrorCode::canon);
    refuse("8520010101410a", ErrorCode::canon);
}

} // namespace
} // namespace coffer::ur
