#include "core/keys/word_list.h"

#include "core/base/constant_time.h"

#include <algorithm>

namespace coffer::keys {

namespace {

constexpr PackedWord first_four = 0xffffffff00000000U;
constexpr PackedWord never_a_word = ~PackedWord{0};

bool is_set(Mask mask)
{
    return (mask & 1U) != 0;
}

Mask is_blank(std::uint64_t byte)
{
    return mask_if_equal(byte, ' ') | mask_if_equal(byte, '\t') | mask_if_equal(byte, '\n') | mask_if_equal(byte, '\r');
}

std::uint64_t to_lower(std::uint64_t byte)
{
    const auto is_upper = ~mask_if_less(byte, 'A') & mask_if_less(byte, 'Z' + 1);
    return byte | (is_upper & 0x20U);
}

/// In how many of the first four letters two words differ: each byte's bits are gathered in its lowest, and those added
/// up.
std::uint64_t distance(PackedWord a, PackedWord b)
{
    auto differing = (a ^ b) >> 32;
    differing |= differing >> 4;
    differing |= differing >> 2;
    differing |= differing >> 1;
    return (differing & 0x01010101U) * 0x01010101U >> 24 & 0xffU;
}

/// The word that is being read.
struct Current {
    PackedWord word = 0;
    std::uint64_t length = 0;

    void append(std::uint64_t byte, Mask mask)
    {
        const auto letter = byte | (mask_if_zero(byte) & 0x7fU); // a zero would look like no letter
        const auto has_room = mask_if_less(length, longest_word);
        word |= letter << ((56 - 8 * length) & 63U) & mask & has_room;
        word |= never_a_word & mask & ~has_room;
        length += 1 & mask;
    }

    void reset(Mask mask)
    {
        word &= ~mask;
        length &= ~mask;
    }
};

} // namespace

PackedWord WordList::at(unsigned index) const
{
    PackedWord word = 0;
    for (std::size_t i = 0; i < m_words.size(); ++i)
        word |= m_words[i] & mask_if_equal(i, index);
    return word;
}

WordMatch WordList::find(PackedWord word, Spelling spelling) const
{
    const auto has_no_fifth = mask_if_zero(word & ~first_four);
    const auto is_short_form = spelling == Spelling::whole_or_four_letters ? has_no_fifth : 0;
    std::uint64_t index = 0;
    Mask is_found = 0;
    Mask begins_alike = 0;
    Mask is_near = 0;
    for (std::size_t i = 0; i < m_words.size(); ++i) {
        const auto same_beginning = mask_if_zero((m_words[i] ^ word) & first_four);
        const auto is_it = mask_if_equal(m_words[i], word) | (same_beginning & is_short_form);
        index |= i & is_it;
        is_found |= is_it;
        begins_alike |= same_beginning;
        is_near |= mask_if_equal(distance(m_words[i], word), 1);
    }
    return {static_cast<unsigned>(index), is_set(is_found), is_set(begins_alike), is_set(is_near)};
}

WordSequence WordSequence::split(const SecretBytes& text, LetterCase letters, ErrorCode too_long)
{
    if (text.size() > longest_text)
        throw Error{too_long, "a text of " + std::to_string(text.size()) + " bytes is longer than words can be"};
    WordSequence sequence;
    const auto words = sequence.m_words.reveal_mutable();
    std::uint64_t count = 0;
    Current current;
    const auto end_word = [&](Mask mask) {
        const auto ends = mask & ~mask_if_zero(current.length);
        for (std::size_t place = 0; place < capacity; ++place)
            words[place] |= current.word & ends & mask_if_equal(place, count);
        count += 1 & ends;
        current.reset(ends);
    };
    for (const std::uint64_t byte : text.reveal()) {
        const auto blank = is_blank(byte);
        current.append(letters == LetterCase::ignored ? to_lower(byte) : byte, ~blank);
        end_word(blank);
    }
    end_word(~Mask{0});
    sequence.m_count = declassified(count);
    return sequence;
}

void WordSequence::append(PackedWord word)
{
    require(m_count < capacity, "more words than there is room for");
    m_words.reveal_mutable()[m_count++] = word;
}

SecretBytes WordSequence::join() const
{
    WipedArray<capacity*(longest_word + 1)> text;
    const auto bytes = text.reveal_mutable();
    std::ranges::fill(bytes, std::uint8_t{' '});
    std::uint64_t start = 0;
    for (std::size_t i = 0; i < m_count; ++i) {
        const auto word = m_words.reveal()[i];
        std::uint64_t length = 0;
        // Every place of the text looks whether a letter of this word falls on it.
        for (std::size_t place = 0; place < bytes.size(); ++place) {
            const auto letter_index = place - start;
            const auto letter = word >> ((56 - 8 * letter_index) & 63U) & 0xffU;
            const auto is_here = mask_if_zero(letter_index >> 3) & ~mask_if_zero(letter);
            bytes[place] = static_cast<std::uint8_t>(select(is_here, letter, bytes[place]));
            length += 1 & is_here;
        }
        start += length + 1;
    }
    return SecretBytes::copy_of(text.reveal().first(m_count == 0 ? 0 : declassified(start - 1)));
}

} // namespace coffer::keys
