#pragma once

#include "core/base/error.h"
#include "core/base/wiped_values.h"

#include <span>
#include <string_view>

/// Words that spell secrets. Nothing here takes time or touches memory by what the words are; how many there
/// are, and how long they are together, is public.
namespace coffer::keys {

/// At most eight letters, the first in the most significant byte, zeros after the last.
using PackedWord = std::uint64_t;
constexpr std::size_t longest_word = 8;

constexpr PackedWord pack_word(std::string_view word)
{
    PackedWord packed = 0;
    for (std::size_t i = 0; i < longest_word; ++i)
        packed = packed << 8 | (i < word.size() ? static_cast<std::uint8_t>(word[i]) : 0U);
    return packed;
}

template <std::size_t N>
constexpr std::array<PackedWord, N> pack_words(const std::array<std::string_view, N>& words)
{
    std::array<PackedWord, N> packed{};
    for (std::size_t i = 0; i < N; ++i)
        packed[i] = pack_word(words[i]);
    return packed;
}

enum class Spelling {
    whole,
    whole_or_four_letters, ///< for lists of words of at least four letters that differ within these
};

/// What a list says about a word. All of it is secret until declassified.
struct WordMatch {
    unsigned index = 0; ///< 0 unless found
    bool is_found = false;
    bool begins_alike = false;      ///< a word of the list has the same first four letters
    bool is_one_letter_off = false; ///< one has three of the first four letters in the same places
};

/// A published list; every look-up reads all of it.
class WordList {
public:
    /// A view: the words are constants.
    constexpr explicit WordList(std::span<const PackedWord> words) : m_words{words} {}

    std::size_t size() const { return m_words.size(); }
    /// An index beyond the list gives no letters.
    PackedWord at(unsigned index) const;
    WordMatch find(PackedWord word, Spelling spelling) const;

private:
    std::span<const PackedWord> m_words;
};

/// BIP-39, English: 2048 words. SLIP-39: 1024.
const WordList& bip39_words();
const WordList& slip39_words();

enum class LetterCase { as_written, ignored };

/// Words on the stack, wiped with it.
class WordSequence {
public:
    static constexpr std::size_t capacity = 33;
    static constexpr std::size_t longest_text = 4096;

    /// Of text between blanks, tabs and line ends. Words beyond the capacity are only counted; one of more than eight
    /// letters becomes one that no list has. Throws `too_long` for a text over `longest_text` bytes.
    static WordSequence split(const SecretBytes& text, LetterCase letters, ErrorCode too_long);

    std::size_t count() const { return m_count; }
    PackedWord operator[](std::size_t place) const { return m_words.reveal()[place]; }
    void append(PackedWord word);
    /// One blank between words.
    SecretBytes join() const;

private:
    WipedValues<PackedWord, capacity> m_words;
    std::size_t m_count = 0;
};

} // namespace coffer::keys
