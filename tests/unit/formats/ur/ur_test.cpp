#include "formats/ur/ur.h"

#include "formats/ur/bytewords.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/ur/messages.h"

#include <algorithm>
#include <cctype>

namespace coffer::ur {
namespace {

using test_messages::wolf_cbor;

constexpr std::string_view wolf_of_50_bytes = "ur:bytes/hdeymejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtgwdpfnsboxgwlbaawzuefywkdplrsrjynbvygabwjldapfcs"
                                              "dwkbrkch";

const Part example{2, {3, 25, 0x12345678}, Bytes(10, 0x5a)};

/// The example's body behind another path.
std::string part_at(std::string_view path)
{
    const auto text = format_part("bytes", example);
    return "ur:bytes/" + std::string{path} + text.substr(text.rfind('/'));
}

TEST(Ur, WholeMessagesFollowTheVectors)
{
    std::size_t count = 0;
    for (const auto& vector : test::load_vectors("ur_bc.json")) {
        if (vector.kind() != "ur_single")
            continue;
        ++count;
        const Message message{vector.text("type"), wolf_cbor(50)};
        EXPECT_EQ(format_message(message), vector.text("ur"));
        EXPECT_EQ(parse_frame(vector.text("ur")), (Frame{message.type, message.cbor}));
    }
    EXPECT_EQ(count, 1U);
}

TEST(Ur, PartsFollowTheVectors)
{
    std::size_t count = 0;
    for (const auto& vector : test::load_vectors("ur_bc.json")) {
        if (vector.kind() != "ur_multipart")
            continue;
        for (std::size_t i = 0; i < vector.count("parts"); ++i, ++count) {
            const auto text = vector.text("parts." + std::to_string(i));
            const auto frame = parse_frame(text);
            ASSERT_TRUE(std::holds_alternative<Part>(frame.content));
            EXPECT_EQ(format_part(frame.type, std::get<Part>(frame.content)), text);
        }
    }
    EXPECT_EQ(count, 20U);
}

TEST(Ur, UpperCaseIsTheSame)
{
    std::string upper{wolf_of_50_bytes};
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    EXPECT_EQ(parse_frame(upper), parse_frame(wolf_of_50_bytes));
    auto mixed = upper;
    mixed.replace(0, 3, "ur:");
    EXPECT_ERROR(parse_frame(mixed), ErrorCode::qr_enc);
}

TEST(Ur, EveryCutIsRefused)
{
    const auto part = format_part("bytes", example);
    EXPECT_EQ(parse_frame(part), (Frame{"bytes", example}));
    for (const std::string_view whole : {wolf_of_50_bytes, std::string_view{part}})
        for (std::size_t size = 0; size < whole.size(); ++size)
            EXPECT_THROW(parse_frame(whole.substr(0, size)), Error) << size;
}

TEST(Ur, EveryChangedLetterIsFoundOut)
{
    const std::string whole{wolf_of_50_bytes};
    for (std::size_t i = whole.rfind('/') + 1; i < whole.size(); ++i)
        for (char letter = 'a'; letter <= 'z'; ++letter) {
            auto changed = whole;
            changed[i] = letter;
            if (changed == whole)
                continue;
            EXPECT_THROW(parse_frame(changed), Error) << changed;
        }
}

TEST(Ur, NothingStandsAroundIt)
{
    const std::string good{wolf_of_50_bytes};
    EXPECT_EQ(parse_frame(good).type, "bytes");
    for (const auto& text : {" " + good, good + " ", good + "\n", good + "/", "\xef\xbb\xbf" + good, good + std::string{'\0'}})
        EXPECT_ERROR(parse_frame(text), ErrorCode::qr_enc);
}

TEST(Ur, WhatIsNoUrIsRefused)
{
    for (const std::string_view text : {"", "u", "ur", "ur:", "ur:/", "ur:bytes", "ur:/aeadaolazmjendeoti", "bytes/aeadaolazmjendeoti", "bc:bytes/aeadaolazmjendeoti",
                                        "ur:by_tes/aeadaolazmjendeoti", "ur:b\xc3\xa9/aeadaolazmjendeoti", "ur:by tes/aeadaolazmjendeoti"}) {
        SCOPED_TRACE(text);
        EXPECT_ERROR(parse_frame(text), ErrorCode::qr_enc);
    }
    EXPECT_EQ(parse_frame("ur:b-2/aeadaolazmjendeoti").type, "b-2");
    EXPECT_ERROR(parse_frame("ur:bytes/"), ErrorCode::qr_crc);
}

TEST(Ur, TypesAreShort)
{
    const std::string longest(most_type_characters, 'a');
    EXPECT_TRUE(is_type(longest));
    EXPECT_EQ(parse_frame("ur:" + longest + "/aeadaolazmjendeoti").type, longest);
    EXPECT_FALSE(is_type(longest + "a"));
    EXPECT_ERROR(parse_frame("ur:" + longest + "a/aeadaolazmjendeoti"), ErrorCode::qr_enc);
    EXPECT_FALSE(is_type(""));
    EXPECT_FALSE(is_type("Bytes"));
}

TEST(Ur, NumbersOfAPartAreDigits)
{
    EXPECT_EQ(parse_frame(part_at("2-3")), (Frame{"bytes", example}));
    for (const std::string_view path : {"", "-", "2", "2-", "-3", "0-3", "2-0", "02-3", "2-03", "+2-3", "2-+3", "2--3", "2-3-", "2-3-4", " 2-3", "2 -3", "0x2-3", "2.0-3", "a-b",
                                        "2/3", "2-3/"}) {
        SCOPED_TRACE(path);
        EXPECT_ERROR(parse_frame(part_at(path)), ErrorCode::qr_enc);
    }
}

TEST(Ur, NumbersOutsideAreThoseInside)
{
    for (const std::string_view path : {"1-3", "3-3", "2-2", "2-4", "3-2", "4294967295-3", "2-2048"}) {
        SCOPED_TRACE(path);
        EXPECT_ERROR(parse_frame(part_at(path)), ErrorCode::qr_part);
    }
}

TEST(Ur, MorePartsThanAreEverTakenAreRefusedBeforeTheBodyIsRead)
{
    for (const std::string_view path : {"1-2049", "1-4294967295", "1-4294967296", "4294967296-3", "1-99999999999999999999999"}) {
        SCOPED_TRACE(path);
        EXPECT_ERROR(parse_frame("ur:bytes/" + std::string{path} + "/no body"), ErrorCode::qr_limit);
    }
    EXPECT_ERROR(parse_frame("ur:bytes/1-2048/no body"), ErrorCode::qr_enc);
}

TEST(Ur, TheLongestMessageIsTakenAndNothingLonger)
{
    const Message longest{std::string(most_type_characters, 'a'), Bytes(most_message_bytes, 0x41)};
    EXPECT_EQ(parse_frame(format_message(longest)), (Frame{longest.type, longest.cbor}));
    EXPECT_ERROR(parse_frame("ur:bytes/" + std::string(most_characters, 'a')), ErrorCode::qr_limit);
}

} // namespace
} // namespace coffer::ur
