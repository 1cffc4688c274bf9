#include "formats/ur/bytewords.h"

#include "core/encoding/hex.h"
#include "formats/ur/crc32.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <cctype>

namespace coffer::ur {
namespace {

using encoding::decode_hex;

const Bytes example = {0x00, 0x01, 0x02, 0x80, 0xff};

std::string in_upper_case(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

BytewordStyle style_of(const test::Vector& vector)
{
    const auto name = vector.text("style");
    return name == "standard" ? BytewordStyle::standard : name == "uri" ? BytewordStyle::uri : BytewordStyle::minimal;
}

TEST(Bytewords, FollowTheVectors)
{
    std::size_t count = 0;
    for (const auto& vector : test::load_vectors("ur_bc.json")) {
        if (vector.kind() != "bytewords")
            continue;
        SCOPED_TRACE(vector.name());
        ++count;
        const auto encoded = vector.text("encoded");
        if (vector.is_invalid()) {
            EXPECT_ERROR(decode_bytewords(encoded, style_of(vector)), vector.error_code());
            continue;
        }
        EXPECT_EQ(encode_bytewords(vector.bytes("data"), style_of(vector)), encoded);
        EXPECT_EQ(decode_bytewords(encoded, style_of(vector)), vector.bytes("data"));
        EXPECT_EQ(decode_bytewords(in_upper_case(encoded), style_of(vector)), vector.bytes("data"));
    }
    EXPECT_EQ(count, 12U);
}

TEST(Bytewords, ChecksumFollowsTheVectors)
{
    std::size_t count = 0;
    for (const auto& vector : test::load_vectors("ur_bc.json")) {
        if (vector.kind() != "crc32")
            continue;
        ++count;
        EXPECT_EQ(crc32(bytes_of(vector.text("input_utf8"))), std::stoul(vector.text("crc32"), nullptr, 16));
    }
    EXPECT_EQ(count, 2U);
}

TEST(Bytewords, EveryByteGoesRoundInEveryStyle)
{
    Bytes data;
    for (unsigned byte = 0; byte < 256; ++byte)
        data.push_back(static_cast<std::uint8_t>(byte));
    for (const auto style : {BytewordStyle::standard, BytewordStyle::uri, BytewordStyle::minimal})
        EXPECT_EQ(decode_bytewords(encode_bytewords(data, style), style), data);
}

TEST(Bytewords, EveryCutIsRefused)
{
    for (const auto style : {BytewordStyle::standard, BytewordStyle::uri, BytewordStyle::minimal}) {
        const auto whole = encode_bytewords(example, style);
        for (std::size_t size = 0; size < whole.size(); ++size)
            EXPECT_THROW(decode_bytewords(whole.substr(0, size), style), Error) << size;
        EXPECT_EQ(decode_bytewords(whole, style), example);
    }
}

TEST(Bytewords, AChecksumIsNeverShorterThanFourBytes)
{
    // The CRC-32 of these begins with zeros; an encoder that leaves them out makes words that are refused.
    const auto data = decode_hex("00000034");
    ASSERT_LT(crc32(data), 0x1000000U);
    const auto whole = encode_bytewords(data, BytewordStyle::minimal);
    EXPECT_EQ(whole.size(), 2 * (data.size() + 4));
    EXPECT_EQ(decode_bytewords(whole, BytewordStyle::minimal), data);
    EXPECT_ERROR(decode_bytewords(whole.substr(0, 8) + whole.substr(10), BytewordStyle::minimal), ErrorCode::qr_crc);
}

TEST(Bytewords, NothingButAChecksumIsRefused)
{
    EXPECT_ERROR(decode_bytewords("aeaeaeae", BytewordStyle::minimal), ErrorCode::qr_crc); // the CRC-32 of no bytes
    EXPECT_ERROR(decode_bytewords("", BytewordStyle::uri), ErrorCode::qr_crc);
}

TEST(Bytewords, OneCaseAtATime)
{
    EXPECT_EQ(decode_bytewords("AEADAOLAZMJENDEOTI", BytewordStyle::minimal), example);
    EXPECT_ERROR(decode_bytewords("AEADAOLAZMJENDEOti", BytewordStyle::minimal), ErrorCode::qr_enc);
    EXPECT_ERROR(decode_bytewords("Able acid also lava zoom jade need echo taxi", BytewordStyle::standard), ErrorCode::qr_enc);
}

TEST(Bytewords, WholeWordsMustBeTheWord)
{
    EXPECT_EQ(decode_bytewords("able acid also lava zoom jade need echo taxi", BytewordStyle::standard), example);
    EXPECT_ERROR(decode_bytewords("axxe acid also lava zoom jade need echo taxi", BytewordStyle::standard), ErrorCode::qr_enc);
    EXPECT_ERROR(decode_bytewords("able-acid-also-lava-zoom-jade-need-echo-taxi", BytewordStyle::standard), ErrorCode::qr_enc);
    EXPECT_ERROR(decode_bytewords("able acid also lava zoom jade need echo taxi", BytewordStyle::uri), ErrorCode::qr_enc);
    EXPECT_ERROR(decode_bytewords("able acid-also lava zoom jade need echo taxi", BytewordStyle::standard), ErrorCode::qr_enc);
}

TEST(Bytewords, WhatIsNoLetterIsRefused)
{
    for (const std::string_view pair : {"\xff\xff", "a\x80", "\xc3\xa9", "  ", "a{", "`a", "09", "[]", "@Z"}) {
        SCOPED_TRACE(encoding::encode_hex(bytes_of(pair)));
        EXPECT_ERROR(decode_bytewords(std::string{pair}.append("adaolazmjendeoti"), BytewordStyle::minimal), ErrorCode::qr_enc);
    }
    const std::string with_zero{"a\0adaolazmjendeoti", 18};
    EXPECT_ERROR(decode_bytewords(with_zero, BytewordStyle::minimal), ErrorCode::qr_enc);
    EXPECT_ERROR(decode_bytewords(" aeadaolazmjendeoti", BytewordStyle::minimal), ErrorCode::qr_enc);
    EXPECT_ERROR(decode_bytewords("aeadaolazmjendeoti\n", BytewordStyle::minimal), ErrorCode::qr_enc);
}

TEST(Bytewords, EveryOtherPairOfLettersIsFoundOut)
{
    const std::string rest = "adaolazmjendeoti";
    std::size_t taken = 0;
    for (char first = 'a'; first <= 'z'; ++first)
        for (char last = 'a'; last <= 'z'; ++last)
            try {
                EXPECT_EQ(decode_bytewords(std::string{first, last} + rest, BytewordStyle::minimal), example);
                ++taken;
            } catch (const Error& error) {
                EXPECT_TRUE(error.code() == ErrorCode::qr_enc || error.code() == ErrorCode::qr_crc);
            }
    EXPECT_EQ(taken, 1U);
}

} // namespace
} // namespace coffer::ur
