#include "core/base/constant_time.h"
#include "core/base/error.h"
#include "core/keys/rs1024.h"
#include "core/keys/shamir.h"
#include "core/keys/slip39.h"
#include "core/keys/slip39_header.h"
#include "core/keys/word_list.h"

#include <algorithm>

namespace coffer::keys {

namespace {

constexpr unsigned bits_a_word = 10;
constexpr std::size_t least_share_bytes = 16;
constexpr unsigned most_padding_bits = 8;

/// A share as numbers of words.
class ShareIndexes {
public:
    explicit ShareIndexes(std::size_t count) : m_count{count} {}
    std::span<const std::uint16_t> reveal() const { return m_words.reveal().first(m_count); }
    std::span<std::uint16_t> reveal_mutable() { return m_words.reveal_mutable().first(m_count); }

private:
    WipedValues<std::uint16_t, WordSequence::capacity> m_words;
    std::size_t m_count;
};

/// How the value lies in so many words; none when no share has so many.
struct Layout {
    std::size_t value_size;
    unsigned padding_bits;

    static std::optional<Layout> of(std::size_t words)
    {
        constexpr auto fixed = header_words + rs1024_checksum_words;
        const auto bits = words < fixed ? 0 : (words - fixed) * bits_a_word;
        const Layout layout{bits / 16 * 2, static_cast<unsigned>(bits % 16)};
        if (layout.value_size < least_share_bytes || layout.value_size > most_share_bytes ||
            layout.padding_bits > most_padding_bits)
            return std::nullopt;
        return layout;
    }
};

std::size_t words_for(std::size_t value_size)
{
    return header_words + (8 * value_size + bits_a_word - 1) / bits_a_word + rs1024_checksum_words;
}

/// What the list says that may help, without saying what the word is.
std::string hint_for(const WordMatch& match)
{
    if (declassified(match.begins_alike))
        return "its first four letters are those of a word on the list: write only them, or look at the rest";
    if (declassified(match.is_one_letter_off))
        return "one of its first four letters may be wrong";
    return "words have 4 to 8 letters; the first four are enough";
}

ShareIndexes find_words(const WordSequence& words)
{
    ShareIndexes indexes{std::min(words.count(), WordSequence::capacity)};
    for (std::size_t i = 0; i < indexes.reveal().size(); ++i) {
        const auto match = slip39_words().find(words[i], Spelling::whole_or_four_letters);
        if (!declassified(match.is_found))
            throw Error{ErrorCode::share_word,
                        "word " + std::to_string(i + 1) + " of the share is not on the SLIP-39 list", hint_for(match)};
        indexes.reveal_mutable()[i] = static_cast<std::uint16_t>(match.index);
    }
    return indexes;
}

Error wrong_checksum(const ShareIndexes& words, bool extendable)
{
    const auto place = rs1024_locate(words.reveal(), extendable);
    if (!place)
        return {ErrorCode::share_checksum, "the share does not fit its checksum",
                "more than one word is wrong, or words are swapped: compare all of them"};
    return {ErrorCode::share_checksum, "the share does not fit its checksum: see word " + std::to_string(*place + 1),
            "if only one word is wrong, it is this one: compare it with what is written"};
}

/// Bits of the padded value, most significant first.
struct ValueBit {
    std::size_t word;
    unsigned shift;

    explicit ValueBit(std::size_t bit)
        : word{header_words + bit / bits_a_word}, shift{static_cast<unsigned>(bits_a_word - 1 - bit % bits_a_word)}
    {
    }
};

void require_zero_padding(std::span<const std::uint16_t> words, unsigned padding_bits)
{
    if (declassified(words[header_words] >> (bits_a_word - padding_bits)) != 0)
        throw Error{ErrorCode::share_padding, "the share has padding that is not zero",
                    "software that does not follow SLIP-39 made it"};
}

SecretBytes decode_value(std::span<const std::uint16_t> words, const Layout& layout)
{
    SecretBytes value{layout.value_size};
    const auto bytes = value.reveal_mutable();
    for (std::size_t i = 0; i < 8 * layout.value_size; ++i) {
        const ValueBit bit{layout.padding_bits + i};
        bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] << 1 | (words[bit.word] >> bit.shift & 1U));
    }
    return value;
}

void encode_value(std::span<std::uint16_t> words, ByteView value, const Layout& layout)
{
    for (std::size_t i = 0; i < 8 * value.size(); ++i) {
        const ValueBit bit{layout.padding_bits + i};
        const auto set = value[i / 8] >> (7 - i % 8) & 1U;
        words[bit.word] = static_cast<std::uint16_t>(words[bit.word] | set << bit.shift);
    }
}

} // namespace

Share parse_share(const SecretBytes& words)
{
    const auto sequence = WordSequence::split(words, LetterCase::ignored, ErrorCode::share_length);
    const auto indexes = find_words(sequence);
    const auto layout = Layout::of(sequence.count());
    if (!layout)
        throw Error{ErrorCode::share_length, "the share has " + std::to_string(sequence.count()) + " words",
                    "shares have 20 words (of 16 bytes), 22, 23, 25, 27, 28, 30, 31, or 33 (of 32 bytes)"};
    const auto header = decode_header(indexes.reveal());
    if (declassified(rs1024_residue(indexes.reveal(), header.extendable)) != 0)
        throw wrong_checksum(indexes, header.extendable);
    require_possible(header);
    require_zero_padding(indexes.reveal(), layout->padding_bits);
    return {header, decode_value(indexes.reveal(), *layout)};
}

SecretBytes format_share(const Share& share)
{
    const auto count = words_for(share.value.size());
    const auto layout = Layout::of(count);
    require(layout && layout->value_size == share.value.size(), "a share of another size than SLIP-39 has");
    ShareIndexes indexes{count};
    encode_header(indexes.reveal_mutable(), share.header);
    encode_value(indexes.reveal_mutable(), share.value.reveal(), *layout);
    rs1024_complete(indexes.reveal_mutable(), share.header.extendable);
    WordSequence sequence;
    for (const auto index : indexes.reveal())
        sequence.append(slip39_words().at(index));
    return sequence.join();
}

} // namespace coffer::keys
