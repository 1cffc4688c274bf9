#include "core/base/text.h"
#include "core/keys/slip39.h"
#include "tests/support/shares.h"
#include "tests/support/vectors.h"

#include <algorithm>

namespace coffer::keys {
namespace {

using test::secret;

constexpr std::string_view good =
    "duckling enlarge academic academic agency result length solution fridge kidney coal piece deal "
    "husband erode duke ajar critical decision keyboard";

Share make_share(std::size_t size, const ShareHeader& header = {})
{
    return {header, test::random_secret(size, size)};
}

ShareHeader full_header()
{
    return {0x7fff, true, 15, 14, 13, 16, 11, 10};
}

TEST(Slip39Codec, GoesRoundWithEverySizeAndField)
{
    for (std::size_t size = 16; size <= 32; size += 2)
        for (const bool extendable : {false, true}) {
            auto header = full_header();
            header.extendable = extendable;
            const auto share = make_share(size, header);
            const auto read = parse_share(format_share(share));
            EXPECT_EQ(read.header, header);
            EXPECT_TRUE(read.value.equals(share.value)) << size;
        }
}

TEST(Slip39Codec, KeepsEachFieldApart)
{
    std::vector<ShareHeader> headers(8);
    headers[0].identifier = 0x2aaa;
    headers[1].extendable = false;
    headers[2].iteration_exponent = 9;
    headers[3].group_count = 7;
    headers[4].group_count = 7;
    headers[4].group_threshold = 5;
    headers[5].group_count = 7;
    headers[5].group_index = 6;
    headers[6].member_index = 12;
    headers[7].member_threshold = 16;
    for (const auto& header : headers)
        EXPECT_EQ(parse_share(format_share(make_share(16, header))).header, header);
}

TEST(Slip39Codec, TakesFourLettersAnyBlanksAndUpperCase)
{
    std::string four;
    std::string spread{"\n"};
    std::string shouted;
    for (const auto& word : split(good, ' ')) {
        four += word.substr(0, 4) + " ";
        spread += word + "\r\n\t ";
        for (const char c : word)
            shouted += static_cast<char>(c - 'a' + 'A');
        shouted += ' ';
    }
    for (const auto& text : {four, spread, shouted})
        EXPECT_TRUE(format_share(parse_share(secret(text))).equals(secret(good)));
}

/// The good share with another word at `place`, counted from 1.
std::string with_word(std::size_t place, std::string_view word)
{
    auto words = split(good, ' ');
    words.at(place - 1) = word;
    return join(words, " ");
}

void expect_refusal(const std::string& words, ErrorCode code, std::string_view message, std::string_view hint)
{
    try {
        parse_share(secret(words));
        ADD_FAILURE() << "not refused";
    } catch (const Error& error) {
        EXPECT_EQ(name_of(error.code()), name_of(code));
        EXPECT_NE(error.message().find(message), std::string::npos) << error.message();
        EXPECT_NE(error.hint().find(hint), std::string::npos) << error.hint();
    }
}

TEST(Slip39Codec, NamesThePlaceOfAWordThatIsNotOnTheListAndHowItIsWrong)
{
    expect_refusal(with_word(3, "acadenic"), ErrorCode::share_word, "word 3", "first four letters are those of a word");
    expect_refusal(with_word(20, "kexboard"), ErrorCode::share_word, "word 20", "one of its first four letters");
    expect_refusal(with_word(1, "quququ"), ErrorCode::share_word, "word 1", "4 to 8 letters");
    expect_refusal(with_word(1, "duc"), ErrorCode::share_word, "word 1 ", "");
    expect_refusal(with_word(2, "1234"), ErrorCode::share_word, "word 2 ", "");
}

TEST(Slip39Codec, NeverSaysAWord)
{
    for (const auto& words :
         {with_word(3, "acadenic"), with_word(20, "kidney"), with_word(20, "") + "academic academic"})
        try {
            parse_share(secret(words));
            ADD_FAILURE() << words;
        } catch (const Error& error) {
            for (const auto& word : split(words, ' '))
                if (!word.empty())
                    EXPECT_EQ((error.message() + error.hint()).find(word), std::string::npos) << word;
        }
}

TEST(Slip39Codec, LocatesASingleWrongWord)
{
    for (std::size_t place = 1; place <= 20; ++place)
        expect_refusal(with_word(place, "zero"), ErrorCode::share_checksum, "see word " + std::to_string(place),
                       "compare");
    auto swapped = split(good, ' ');
    std::swap(swapped[5], swapped[6]);
    expect_refusal(join(swapped, " "), ErrorCode::share_checksum, "does not fit its checksum", "more than one word");
}

TEST(Slip39Codec, RefusesNumbersOfWordsThatNoShareHas)
{
    const std::vector<std::size_t> possible{20, 22, 23, 25, 27, 28, 30, 31, 33};
    for (std::size_t count = 0; count <= 60; ++count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += "academic ";
        const bool is_possible = std::ranges::find(possible, count) != possible.end();
        EXPECT_ERROR(parse_share(secret(text)), is_possible ? ErrorCode::share_checksum : ErrorCode::share_length);
    }
    EXPECT_ERROR(parse_share(secret(std::string(5000, 'a'))), ErrorCode::share_length);
}

TEST(Slip39Codec, RefusesEveryPaddingBit)
{
    for (std::size_t size = 16; size <= 32; size += 2) {
        const auto numbers = test::share_numbers(format_share(make_share(size)));
        const auto padding = (numbers.size() - 7) * 10 - 8 * size;
        for (std::size_t bit = 0; bit < padding; ++bit) {
            auto changed = numbers;
            changed[4] |= static_cast<std::uint16_t>(1U << (9 - bit));
            EXPECT_ERROR(parse_share(test::completed_share(changed)), ErrorCode::share_padding);
        }
        auto value_bit = numbers;
        value_bit[4] ^= static_cast<std::uint16_t>(1U << (9 - padding));
        EXPECT_NO_THROW(parse_share(test::completed_share(value_bit)));
    }
}

TEST(Slip39Codec, RefusesGroupsThatCannotBe)
{
    ShareHeader header;
    header.group_count = 2;
    header.group_threshold = 3;
    EXPECT_ERROR(parse_share(format_share(make_share(16, header))), ErrorCode::share_threshold);
    header.group_threshold = 2;
    header.group_index = 2;
    EXPECT_ERROR(parse_share(format_share(make_share(16, header))), ErrorCode::share_index);
}

TEST(Slip39CodecDeathTest, EndsTheProcessOnSharesThatCannotBeWritten)
{
    EXPECT_DEATH(format_share(make_share(14)), "size");
    EXPECT_DEATH(format_share(make_share(17)), "size");
    EXPECT_DEATH(format_share(make_share(19)), "size");
    EXPECT_DEATH(format_share(make_share(34)), "size");
    ShareHeader header;
    header.identifier = 0x8000;
    EXPECT_DEATH(format_share(make_share(16, header)), "identifier");
    header.identifier = 0;
    header.member_index = 16;
    EXPECT_DEATH(format_share(make_share(16, header)), "field");
    header.member_index = 0;
    header.member_threshold = 0;
    EXPECT_DEATH(format_share(make_share(16, header)), "field");
}

} // namespace
} // namespace coffer::keys
