#include "core/keys/word_list.h"

#include "core/crypto/hash.h"
#include "core/encoding/hex.h"
#include "core/keys/mnemonic.h"
#include "tests/support/vectors.h"

namespace coffer::keys {
namespace {

std::string unpack(PackedWord word)
{
    std::string text;
    for (unsigned shift = 64; shift > 0 && (word >> (shift - 8) & 0xffU) != 0; shift -= 8)
        text += static_cast<char>(word >> (shift - 8) & 0xffU);
    return text;
}

std::string hash_of(const WordList& list)
{
    std::string file;
    for (unsigned i = 0; i < list.size(); ++i)
        file += unpack(list.at(i)) + "\n";
    return encoding::encode_hex(crypto::sha256(bytes_of(file)));
}

TEST(WordList, IsThePublishedOne)
{
    EXPECT_EQ(hash_of(bip39_words()), "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
    EXPECT_EQ(hash_of(slip39_words()), "bcc4555340332d169718aed8bf31dd9d5248cb7da6e5d355140ef4f1e601eec3");
    for (unsigned i = 0; i < bip39_words().size(); ++i)
        EXPECT_EQ(unpack(bip39_words().at(i)), mnemonic_word(i));
}

TEST(WordList, FindsEachOfItsWords)
{
    for (const auto* list : {&bip39_words(), &slip39_words()})
        for (unsigned i = 0; i < list->size(); ++i) {
            const auto match = list->find(list->at(i), Spelling::whole);
            EXPECT_TRUE(match.is_found && match.begins_alike);
            EXPECT_EQ(match.index, i);
        }
    EXPECT_EQ(slip39_words().at(1024), 0U);
}

TEST(WordList, FindsFourLettersWhereTheyAreEnough)
{
    for (unsigned i = 0; i < slip39_words().size(); ++i) {
        const auto word = unpack(slip39_words().at(i));
        const auto match = slip39_words().find(pack_word(word.substr(0, 4)), Spelling::whole_or_four_letters);
        EXPECT_TRUE(match.is_found);
        EXPECT_EQ(match.index, i);
        if (word.size() > 4)
            EXPECT_FALSE(slip39_words().find(pack_word(word.substr(0, 4)), Spelling::whole).is_found);
        EXPECT_FALSE(slip39_words().find(pack_word(word.substr(0, 3)), Spelling::whole_or_four_letters).is_found);
        if (word.size() > 5)
            EXPECT_FALSE(slip39_words().find(pack_word(word.substr(0, 5)), Spelling::whole_or_four_letters).is_found);
    }
}

TEST(WordList, SaysHowNearAWordIs)
{
    const auto find = [](std::string_view word) {
        return slip39_words().find(pack_word(word), Spelling::whole_or_four_letters);
    };
    EXPECT_TRUE(find("acadenic").begins_alike);
    EXPECT_FALSE(find("acadenic").is_found);
    for (const auto* word : {"xcademic", "axademic", "acxdemic", "acaxemic"})
        EXPECT_TRUE(find(word).is_one_letter_off) << word;
    for (const auto* word : {"xxademic", "acxxemic", "qqademic", "aqqqemic"})
        EXPECT_FALSE(find(word).is_one_letter_off) << word;
    EXPECT_FALSE(find("axademic").begins_alike);
    const auto far = find("qqqqqq");
    EXPECT_FALSE(far.is_found || far.begins_alike || far.is_one_letter_off);
    EXPECT_FALSE(find("").is_found);
}

WordSequence split(std::string_view text, LetterCase letters = LetterCase::ignored)
{
    return WordSequence::split(SecretBytes::copy_of(bytes_of(text)), letters, ErrorCode::share_length);
}

TEST(WordSequence, SplitsAtBlanks)
{
    const auto words = split(" \t one\r\nTWO  three-4\n");
    ASSERT_EQ(words.count(), 3U);
    EXPECT_EQ(unpack(words[0]), "one");
    EXPECT_EQ(unpack(words[1]), "two");
    EXPECT_EQ(unpack(words[2]), "three-4");
    EXPECT_EQ(unpack(split("Z@[", LetterCase::as_written)[0]), "Z@[");
    EXPECT_EQ(unpack(split("AZ@[`{", LetterCase::ignored)[0]), "az@[`{");
    EXPECT_EQ(split("").count(), 0U);
    EXPECT_EQ(split(" \n").count(), 0U);
}

TEST(WordSequence, MakesNoWordOfTooManyLettersOrOfZeros)
{
    EXPECT_EQ(unpack(split("abcdefgh")[0]), "abcdefgh");
    EXPECT_EQ(split("abcdefghi")[0], ~PackedWord{0});
    EXPECT_EQ(split("abcdefghijklmnopqrstuvwxyz")[0], ~PackedWord{0});
    EXPECT_EQ(unpack(split("abcdefghi jk")[1]), "jk");
    const std::string zero{"word\0", 5};
    EXPECT_NE(split(zero)[0], pack_word("word"));
}

TEST(WordSequence, CountsWhatItHasNoRoomFor)
{
    std::string text;
    for (int i = 0; i < 40; ++i)
        text += "w" + std::to_string(i) + " ";
    const auto words = split(text);
    EXPECT_EQ(words.count(), 40U);
    EXPECT_EQ(unpack(words[32]), "w32");
    EXPECT_ERROR(split(std::string(4097, ' ')), ErrorCode::share_length);
    EXPECT_EQ(split(std::string(4096, ' ')).count(), 0U);
}

TEST(WordSequence, JoinsByOneBlank)
{
    WordSequence words;
    EXPECT_TRUE(words.join().empty());
    words.append(pack_word("a"));
    EXPECT_EQ(text_of(words.join().reveal()), "a");
    words.append(pack_word("abcdefgh"));
    words.append(pack_word("bc"));
    EXPECT_EQ(text_of(words.join().reveal()), "a abcdefgh bc");
    while (words.count() < WordSequence::capacity)
        words.append(pack_word("abcdefgh"));
    EXPECT_EQ(words.join().size(), 13U + 30U * 9U);
    EXPECT_DEATH(words.append(1), "more words");
}

} // namespace
} // namespace coffer::keys
