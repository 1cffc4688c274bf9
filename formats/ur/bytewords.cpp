#include "formats/ur/bytewords.h"

#include "core/base/byte_writer.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "formats/ur/crc32.h"

#include <algorithm>

namespace coffer::ur {

namespace {

constexpr std::size_t word_letters = 4;
constexpr std::size_t checksum_bytes = 4;

/// The list of BCR-2020-012, in order of the bytes.
constexpr std::string_view word_list =
    "able acid also apex aqua arch atom aunt away axis back bald barn belt beta bias blue body brag brew bulb buzz "
    "calm cash cats chef city claw code cola cook cost crux curl cusp cyan dark data days deli dice diet door down "
    "draw drop drum dull duty each easy echo edge epic even exam exit eyes fact fair fern figs film fish fizz flap "
    "flew flux foxy free frog fuel fund gala game gear gems gift girl glow good gray grim guru gush gyro half hang "
    "hard hawk heat help high hill holy hope horn huts iced idea idle inch inky into iris iron item jade jazz join "
    "jolt jowl judo jugs jump junk jury keep keno kept keys kick kiln king kite kiwi knob lamb lava lazy leaf legs "
    "liar limp lion list logo loud love luau luck lung main many math maze memo menu meow mild mint miss monk nail "
    "navy need news next noon note numb obey oboe omit onyx open oval owls paid part peck play plus poem pool pose "
    "puff puma purr quad quiz race ramp real redo rich road rock roof ruby ruin runs rust safe saga scar sets silk "
    "skew slot soap solo song stub surf swan taco task taxi tent tied time tiny toil tomb toys trip tuna twin ugly "
    "undo unit urge user vast very veto vial vibe view visa void vows wall wand warm wasp wave waxy webs what when "
    "whiz wolf work yank yawn yell yoga yurt zaps zero zest zinc zone zoom ";

constexpr std::string_view word_of(std::size_t byte)
{
    return word_list.substr(byte * (word_letters + 1), word_letters);
}

constexpr int no_word = -1;
using PairTable = std::array<std::int16_t, 26 * 26>;

constexpr bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

constexpr bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/// First and last letter of a word, which no two words share.
constexpr std::size_t pair_index(char first, char last)
{
    return static_cast<std::size_t>(first - 'a') * 26 + static_cast<std::size_t>(last - 'a');
}

constexpr PairTable make_pair_table()
{
    PairTable table{};
    for (auto& entry : table)
        entry = no_word;
    for (std::size_t byte = 0; byte < 256; ++byte)
        table[pair_index(word_of(byte).front(), word_of(byte).back())] = static_cast<std::int16_t>(byte);
    return table;
}

constexpr auto pair_table = make_pair_table();
static_assert(word_list.size() == 256 * (word_letters + 1), "not 256 words");
static_assert(std::ranges::count(pair_table, no_word) == 26 * 26 - 256, "two words with the same first and last letter");

Error not_bytewords(std::string message, std::size_t offset)
{
    return Error{ErrorCode::qr_enc, "bytewords: " + std::move(message)}.at_offset(offset);
}

/// How the words of a style stand in its text.
struct Layout {
    std::size_t letters;
    char separator; ///< 0 for none

    std::size_t stride() const { return letters + (separator == 0 ? 0 : 1); }
};

Layout layout_of(BytewordStyle style)
{
    switch (style) {
    case BytewordStyle::standard: return {word_letters, ' '};
    case BytewordStyle::uri: return {word_letters, '-'};
    case BytewordStyle::minimal: return {2, 0};
    }
    fatal("a style of bytewords beyond the enum");
}

std::size_t count_words(std::string_view text, const Layout& layout)
{
    const auto length = text.size() + (layout.stride() - layout.letters);
    if (!text.empty() && length % layout.stride() != 0)
        throw not_bytewords(std::to_string(text.size()) + " characters are no whole number of words", text.size());
    return text.empty() ? 0 : length / layout.stride();
}

std::uint8_t decode_word(std::string_view word, std::size_t offset)
{
    const bool is_pair = is_lower(word.front()) && is_lower(word.back());
    const auto byte = is_pair ? pair_table[pair_index(word.front(), word.back())] : no_word;
    if (byte == no_word || (word.size() == word_letters && word != word_of(static_cast<std::size_t>(byte))))
        throw not_bytewords(quoted(word) + " is no word", offset);
    return static_cast<std::uint8_t>(byte);
}

Bytes decode_words(std::string_view text, const Layout& layout)
{
    Bytes bytes(count_words(text, layout));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto offset = i * layout.stride();
        if (layout.separator != 0 && i != 0 && text[offset - 1] != layout.separator)
            throw not_bytewords("words are not apart by " + quoted({&layout.separator, 1}), offset - 1);
        bytes[i] = decode_word(text.substr(offset, layout.letters), offset);
    }
    return bytes;
}

Bytes checksum_of(ByteView data)
{
    return ByteWriter{}.write_u32_be(crc32(data)).bytes();
}

} // namespace

std::string from_one_case(std::string_view text)
{
    const auto upper = std::ranges::find_if(text, is_upper);
    if (upper != text.end() && std::ranges::any_of(text, is_lower))
        throw Error{ErrorCode::qr_enc, "letters in lower and in upper case"}.at_offset(
            static_cast<std::size_t>(upper - text.begin()));
    return upper == text.end() ? std::string{text} : to_lower_ascii(text);
}

std::string encode_bytewords(ByteView data, BytewordStyle style)
{
    require(!data.empty(), "bytewords of no data");
    const auto layout = layout_of(style);
    auto bytes = to_bytes(data);
    append(bytes, checksum_of(data));
    std::string text;
    text.reserve(bytes.size() * layout.stride());
    for (const auto byte : bytes) {
        if (layout.separator != 0 && !text.empty())
            text += layout.separator;
        const auto word = word_of(byte);
        if (layout.letters == word_letters)
            text += word;
        else
            text.append({word.front(), word.back()});
    }
    return text;
}

Bytes decode_bytewords(std::string_view text, BytewordStyle style)
{
    auto bytes = decode_words(from_one_case(text), layout_of(style));
    if (bytes.size() <= checksum_bytes)
        throw Error{ErrorCode::qr_crc,
                    "bytewords: " + std::to_string(bytes.size()) + " words are no data with a checksum of four"};
    const auto data = ByteView{bytes}.first(bytes.size() - checksum_bytes);
    if (!equal(checksum_of(data), ByteView{bytes}.last(checksum_bytes)))
        throw Error{ErrorCode::qr_crc, "bytewords: the last four words are not the checksum of the others",
                    "scan or copy it again"};
    bytes.resize(data.size());
    return bytes;
}

} // namespace coffer::ur
