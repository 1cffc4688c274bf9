#include "core/encoding/cbor.h"

#include "core/encoding/hex.h"
#include "tests/support/decoding.h"
#include "tests/support/vectors.h"

namespace coffer::cbor {
namespace {

using encoding::decode_hex;
using encoding::encode_hex;

TEST(Cbor, KeepsToTheDeterministicProfile)
{
    for (const auto& vector : test::load_vectors("cbor.json")) {
        SCOPED_TRACE(vector.name() + " " + vector.text("hex"));
        const auto bytes = vector.bytes("hex");
        if (vector.is_invalid()) {
            EXPECT_ERROR(decode(bytes), vector.error_code());
            continue;
        }
        EXPECT_EQ(encode(decode(bytes)), bytes);
        test::expect_refuses_cut_and_trailing(bytes, [](ByteView cut) { return decode(cut); });
    }
}

TEST(Cbor, WritesEveryKindOfItem)
{
    const Value value = Value::map({{2, Value{Value::Array{true, false, Value{}}}},
                                    {0, "text"},
                                    {1, ByteArray<2>{1, 2}},
                                    {300, std::uint64_t{1} << 32},
                                    {24, Value::map({})}});
    const auto bytes = encode(value);
    EXPECT_EQ(encode_hex(bytes), "a5" "00" "6474657874" "01" "420102" "02" "83f5f4f6" "1818" "a0" "19012c" "1b0000000100000000");
    EXPECT_EQ(decode(bytes), value);
    test::expect_refuses_cut_and_trailing(bytes, [](ByteView cut) { return decode(cut); });
}

TEST(Cbor, WritesIntegersAtEveryBoundaryInTheirShortestForm)
{
    for (const std::uint64_t number : {0ULL, 23ULL, 24ULL, 255ULL, 256ULL, 65535ULL, 65536ULL, 4294967295ULL,
                                       4294967296ULL, 18446744073709551615ULL}) {
        const auto bytes = encode(Value{number});
        const std::size_t size = number < 24 ? 1 : number < 256 ? 2 : number < 65536 ? 3 : number < 4294967296 ? 5 : 9;
        EXPECT_EQ(bytes.size(), size);
        EXPECT_EQ(decode(bytes).number("number"), number);
    }
}

TEST(Cbor, TakesTagsOnlyWhereTheyAreAskedFor)
{
    constexpr Limits with_tags{.tags = Tags::taken};
    const auto bytes = decode_hex("d9012fa106d8ff80");
    const auto value = decode(bytes, with_tags);
    EXPECT_EQ(value, Value::tagged(303, Value::map({{6, Value::tagged(255, Value{Value::Array{}})}})));
    EXPECT_EQ(encode(value), bytes);
    EXPECT_EQ(value.tag("key"), 303U);
    EXPECT_TRUE(value.is_tagged());
    EXPECT_TRUE(value.untagged("key").is_map());
    test::expect_refuses_cut_and_trailing(bytes, [&](ByteView cut) { return decode(cut, with_tags); });
    EXPECT_ERROR(decode(bytes), ErrorCode::canon);
    EXPECT_NE(value, Value::tagged(40303, value.untagged("key")));
    EXPECT_NE(value, Value::tagged(303, Value{}));
    EXPECT_ERROR(value.untagged("key").tag("map"), ErrorCode::malformed);
    EXPECT_ERROR(value.untagged("key").untagged("map"), ErrorCode::malformed);
    EXPECT_ERROR(value.map_entries("key"), ErrorCode::malformed);
}

TEST(Cbor, TagsAreShortDefiniteAndShallow)
{
    constexpr Limits with_tags{.most_depth = 3, .tags = Tags::taken};
    EXPECT_EQ(decode(decode_hex("c1c2c300"), with_tags), Value::tagged(1, Value::tagged(2, Value::tagged(3, 0U))));
    EXPECT_ERROR(decode(decode_hex("c1c2c3c400"), with_tags), ErrorCode::cbor_depth);
    EXPECT_ERROR(decode(decode_hex("c1c2c380"), with_tags), ErrorCode::cbor_depth);
    EXPECT_ERROR(decode(decode_hex("d80100"), with_tags), ErrorCode::canon);
    EXPECT_ERROR(decode(decode_hex("df00"), with_tags), ErrorCode::malformed);
    EXPECT_ERROR(decode(Bytes(30000, 0xc1), with_tags), ErrorCode::cbor_depth);
}

TEST(Cbor, RefusesKeysThatDoNotAscend)
{
    EXPECT_ERROR(decode(decode_hex("a200010001")), ErrorCode::canon);     // twice the same
    EXPECT_ERROR(decode(decode_hex("a201010001")), ErrorCode::canon);     // descending
    EXPECT_ERROR(decode(decode_hex("a2181800190001f6")), ErrorCode::canon); // a key in long form
    EXPECT_ERROR(decode(decode_hex("a1200f")), ErrorCode::canon);         // negative key
    EXPECT_ERROR(decode(decode_hex("a1f40f")), ErrorCode::canon);         // boolean key
    EXPECT_ERROR(decode(decode_hex("a141000f")), ErrorCode::canon);       // byte string key
}

TEST(Cbor, RefusesTextThatIsNotUtf8)
{
    for (const auto* hex : {"61ff", "62c328", "63eda080", "64f8808080", "62c080"})
        EXPECT_ERROR(decode(decode_hex(hex)), ErrorCode::malformed);
}

TEST(Cbor, RefusesStrayBreaksAndReservedHeads)
{
    for (const auto* hex : {"ff", "1f", "3f", "df", "1d", "3c", "5d", "7e", "9c", "bd", "dc", "fc", "fd", "fe"})
        EXPECT_ERROR(decode(decode_hex(hex)), ErrorCode::malformed);
}

Bytes nested_arrays(std::size_t depth)
{
    Bytes bytes(depth, 0x81);
    bytes.push_back(0x00);
    return bytes;
}

TEST(Cbor, LimitsDepth)
{
    EXPECT_NO_THROW(decode(nested_arrays(8)));
    EXPECT_ERROR(decode(nested_arrays(9)), ErrorCode::cbor_depth);
    EXPECT_ERROR(decode(nested_arrays(100'000)), ErrorCode::cbor_depth);
    EXPECT_NO_THROW(decode(nested_arrays(2), {.most_depth = 2}));
    EXPECT_ERROR(decode(decode_hex("a100a100a1000f"), {.most_depth = 2}), ErrorCode::cbor_depth);
}

TEST(Cbor, RefusesDeclaredLengthsBeyondTheInputBeforeItAllocates)
{
    for (const auto* hex : {"5affffffff", "7affffffff", "9affffffff", "baffffffff", "9bffffffffffffffff",
                            "bbffffffffffffffff", "830102", "a2000100", "a100"})
        EXPECT_ERROR(decode(decode_hex(hex)), ErrorCode::cbor_length);
}

TEST(Cbor, LimitsBytesAndItems)
{
    EXPECT_NO_THROW(decode(decode_hex("420000"), {.most_bytes = 3}));
    EXPECT_ERROR(decode(decode_hex("43000000"), {.most_bytes = 3}), ErrorCode::limit);
    EXPECT_NO_THROW(decode(decode_hex("83000000"), {.most_items = 4}));
    EXPECT_ERROR(decode(decode_hex("8400000000"), {.most_items = 4}), ErrorCode::limit);
}

TEST(Cbor, SaysWhere)
{
    try {
        decode(decode_hex("a2000101ff"));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.offset(), 4U);
    }
}

TEST(CborValue, NamesWhatIsOfAnotherKind)
{
    const Value number{7};
    EXPECT_EQ(number.number("n"), 7U);
    EXPECT_ERROR(number.text("n"), ErrorCode::malformed);
    EXPECT_ERROR(number.bytes("n"), ErrorCode::malformed);
    EXPECT_ERROR(number.boolean("n"), ErrorCode::malformed);
    EXPECT_ERROR(number.array("n"), ErrorCode::malformed);
    EXPECT_ERROR(number.map_entries("n"), ErrorCode::malformed);
    EXPECT_ERROR(Value{"7"}.number("n"), ErrorCode::malformed);
    EXPECT_ERROR(Value{Bytes(3)}.array_of<4>("n"), ErrorCode::malformed);
}

TEST(CborMapReader, InsistsOnEveryKeyAndNoOther)
{
    const auto map = Value::map({{0, "a"}, {2, "c"}});
    MapReader reader{map, "thing"};
    EXPECT_EQ(reader.take(0, "name").text("name"), "a");
    EXPECT_EQ(reader.take_optional(1), nullptr);
    EXPECT_ERROR(reader.finish(), ErrorCode::malformed);
    EXPECT_NE(reader.take_optional(2), nullptr);
    EXPECT_NO_THROW(reader.finish());
    EXPECT_ERROR(reader.take(3, "other"), ErrorCode::malformed);
    const Value number{1};
    EXPECT_ERROR(MapReader(number, "thing"), ErrorCode::malformed);
}

TEST(CborDeathTest, EndsTheProcessOnMapsThatCannotBe)
{
    EXPECT_DEATH(Value::map({{1, "a"}, {1, "b"}}), "key twice");
    EXPECT_DEATH(Value{-1}, "negative");
}

} // namespace
} // namespace coffer::cbor
