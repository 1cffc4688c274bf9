#include "formats/evm/rlp.h"

#include "tests/support/decoding.h"
#include "tests/support/vectors.h"

#include <random>

namespace coffer::evm::rlp {
namespace {

using test::Vector;

ListWriter list_at(const Vector& vector, const std::string& field);

void add_item(ListWriter& list, const Vector& vector, const std::string& field)
{
    if (vector.has(field + ".hex"))
        list.add(vector.bytes(field + ".hex"));
    else if (vector.has(field + ".uint"))
        list.add(Uint256::from_decimal(vector.text(field + ".uint")));
    else
        list.add(list_at(vector, field));
}

ListWriter list_at(const Vector& vector, const std::string& field)
{
    ListWriter list;
    for (std::size_t i = 0; i < vector.count(field); ++i)
        add_item(list, vector, field + "." + std::to_string(i));
    return list;
}

Bytes encode_item(const Vector& vector)
{
    if (vector.has("item.hex"))
        return encode(vector.bytes("item.hex"));
    if (vector.has("item.uint"))
        return encode(Uint256::from_decimal(vector.text("item.uint")).minimal_big_endian());
    return list_at(vector, "item").encode();
}

TEST(Rlp, FollowsThePublishedVectors)
{
    for (const auto& vector : test::load_vectors("rlp.json")) {
        SCOPED_TRACE(vector.name() + " " + vector.text("case"));
        const auto encoded = vector.bytes("encoded");
        if (vector.is_invalid()) {
            EXPECT_ERROR(decode(encoded), vector.error_code());
            continue;
        }
        if (vector.has("item")) {
            EXPECT_EQ(encode_item(vector), encoded);
        }
        EXPECT_EQ(encode(decode(encoded)), encoded);
        test::expect_refuses_cut_and_trailing(encoded, [](ByteView bytes) { return decode(bytes); });
    }
}

TEST(Rlp, RefusesEveryFormButTheShortest)
{
    EXPECT_NO_THROW(decode(Bytes{0x80}));
    EXPECT_NO_THROW(decode(Bytes{0x81, 0x80}));
    EXPECT_ERROR(decode(Bytes{0x81, 0x7f}), ErrorCode::rlp);
    for (const std::uint8_t base : Bytes{0x80, 0xc0}) {
        const auto long_form = [&](std::uint8_t length) {
            Bytes bytes{static_cast<std::uint8_t>(base + 56), length};
            bytes.resize(2U + length, 0x85);
            if (base == 0xc0)
                for (auto byte = bytes.begin() + 2; byte != bytes.end(); ++byte)
                    *byte = 0x01;
            return bytes;
        };
        EXPECT_NO_THROW(decode(long_form(56)));
        EXPECT_ERROR(decode(long_form(55)), ErrorCode::rlp);
        auto padded = long_form(56);
        padded[0] = static_cast<std::uint8_t>(base + 57);
        padded.insert(padded.begin() + 1, 0x00);
        EXPECT_ERROR(decode(padded), ErrorCode::rlp);
    }
}

TEST(Rlp, RefusesALengthBeyondTheInputBeforeItAllocates)
{
    EXPECT_ERROR(decode(Bytes{0xbf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), ErrorCode::rlp);
    EXPECT_ERROR(decode(Bytes{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), ErrorCode::rlp);
    // An inner list may not reach over the end of its outer list.
    EXPECT_NO_THROW(decode(Bytes{0xc2, 0xc1, 0x01}));
    EXPECT_ERROR(decode(Bytes{0xc2, 0xc2, 0x01}), ErrorCode::rlp);
}

TEST(Rlp, LimitsDepthAndSize)
{
    Bytes nested{0xc0};
    for (std::size_t depth = 1; depth < most_depth; ++depth)
        nested.insert(nested.begin(), static_cast<std::uint8_t>(0xc0 + nested.size()));
    EXPECT_NO_THROW(decode(nested));
    nested.insert(nested.begin(), static_cast<std::uint8_t>(0xc0 + nested.size()));
    EXPECT_ERROR(decode(nested), ErrorCode::limit);

    const auto largest = encode(Bytes(most_bytes - 4, 0x85));
    ASSERT_EQ(largest.size(), most_bytes);
    EXPECT_NO_THROW(decode(largest));
    EXPECT_ERROR(decode(encode(Bytes(most_bytes - 3, 0x85))), ErrorCode::limit);
}

TEST(Rlp, SaysWhereItBreaks)
{
    try {
        decode(Bytes{0xc5, 0x01, 0xc3, 0x02, 0x81, 0x05}, 1);
        FAIL() << "decoded";
    } catch (const Error& error) {
        EXPECT_EQ(error.offset(), 5U); // the item 81 05, counted from the byte before the list
    }
}

TEST(Rlp, ReadsFieldsStrictly)
{
    const auto integer = [](Bytes bytes) { return integer_of(decode(encode(bytes)), "field"); };
    EXPECT_EQ(integer({}), Uint256{0});
    EXPECT_EQ(integer({0x01, 0x00}), Uint256{256});
    EXPECT_ERROR(integer({0x00}), ErrorCode::rlp);
    EXPECT_ERROR(integer({0x00, 0x01}), ErrorCode::rlp);
    EXPECT_NO_THROW(integer(Bytes(32, 0xff)));
    EXPECT_ERROR(integer(Bytes(33, 0xff)), ErrorCode::rlp);
    EXPECT_EQ(u64_of(decode(encode(Bytes(8, 0xff))), "field"), ~std::uint64_t{0});
    EXPECT_ERROR(u64_of(decode(encode(Bytes{1, 0, 0, 0, 0, 0, 0, 0, 0})), "field"), ErrorCode::rlp);

    const Bytes list{0xc1, 0x01};
    EXPECT_ERROR(integer_of(decode(list), "field"), ErrorCode::rlp);
    EXPECT_ERROR(string_of(decode(list), "field"), ErrorCode::rlp);
    EXPECT_NO_THROW(list_of(decode(list), "field"));
    EXPECT_ERROR(list_of(decode(Bytes{0x01}), "field"), ErrorCode::rlp);
    EXPECT_NO_THROW(array_of<1>(decode(Bytes{0x01}), "field"));
    EXPECT_ERROR(array_of<2>(decode(Bytes{0x01}), "field"), ErrorCode::rlp);
}

TEST(Rlp, DecodesOnlyWhatItWouldEncode)
{
    std::mt19937_64 random{7};
    std::size_t decoded = 0;
    for (int round = 0; round < 200000; ++round) {
        Bytes bytes(1 + random() % 6);
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(random() % 4 == 0 ? 0xc0 + random() % 8 : random() % 0x90);
        try {
            const auto item = decode(bytes);
            ASSERT_EQ(encode(item), bytes);
            ++decoded;
        } catch (const Error& error) {
            ASSERT_EQ(error.code(), ErrorCode::rlp) << error.message();
        }
    }
    EXPECT_GT(decoded, 1000U);
}

} // namespace
} // namespace coffer::evm::rlp
