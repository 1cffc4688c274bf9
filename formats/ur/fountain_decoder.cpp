#include "formats/ur/fountain_decoder.h"

#include "formats/ur/crc32.h"

#include <algorithm>
#include <bit>

namespace coffer::ur {

namespace {

constexpr std::size_t bits_of_word = 64;
constexpr std::size_t bytes_of_word = 8;

} // namespace

Error other_message(std::string message)
{
    return Error{ErrorCode::qr_mixed, std::move(message), "show one message from its beginning"};
}

FountainDecoder::FountainDecoder(const Part& first)
    : m_header{first.header}, m_fragment_length{first.data.size()},
      m_index_words{(m_header.seq_len + bits_of_word - 1) / bits_of_word}, m_chooser{m_header.seq_len, m_header.checksum},
      m_rows(m_header.seq_len)
{
}

void FountainDecoder::require_same_message(const Part& part) const
{
    if (part.header != m_header || part.data.size() != m_fragment_length)
        throw other_message("a part of a message of " + std::to_string(part.header.message_length) + " bytes in " +
                    std::to_string(part.header.seq_len) + " parts among those of one of " +
                    std::to_string(m_header.message_length) + " in " + std::to_string(m_header.seq_len) +
                    (part.header.checksum == m_header.checksum ? "" : ", and with another checksum"));
}

FountainDecoder::Row FountainDecoder::row_of(const Part& part) const
{
    const auto indexes = m_chooser.choose(part.seq_num);
    Row row{std::vector<std::uint64_t>(m_index_words + (m_fragment_length + bytes_of_word - 1) / bytes_of_word), indexes.size()};
    for (const auto index : indexes)
        row.words[index / bits_of_word] |= std::uint64_t{1} << index % bits_of_word;
    for (std::size_t i = 0; i < m_fragment_length; ++i)
        row.words[m_index_words + i / bytes_of_word] |= std::uint64_t{part.data[i]} << i % bytes_of_word * 8;
    return row;
}

/// Words before `first_word` are zero in both.
void FountainDecoder::subtract(const Row& from, Row& row, std::size_t first_word) const
{
    for (std::size_t i = first_word; i < row.words.size(); ++i)
        row.words[i] ^= from.words[i];
    row.degree = 0;
    for (std::size_t i = first_word; i < m_index_words; ++i)
        row.degree += static_cast<std::size_t>(std::popcount(row.words[i]));
}

bool FountainDecoder::insert(Row row)
{
    for (std::size_t word = 0; word < m_index_words; ++word)
        while (row.words[word] != 0) {
            auto& held = m_rows[word * bits_of_word + static_cast<std::size_t>(std::countr_zero(row.words[word]))];
            if (held.is_empty()) {
                held = std::move(row);
                ++m_rank;
                return true;
            }
            // Either may stay, and the difference goes on; the shorter one makes less work later.
            if (row.degree < held.degree)
                std::swap(row, held);
            subtract(held, row, word);
        }
    if (std::ranges::any_of(row.words, [](auto word) { return word != 0; }))
        throw other_message("a part contradicts what other parts of the message say");
    return false;
}

bool FountainDecoder::add(const Part& part)
{
    require_same_message(part);
    return insert(row_of(part));
}

std::size_t FountainDecoder::count_known_fragments() const
{
    return static_cast<std::size_t>(std::ranges::count(m_rows, std::size_t{1}, &Row::degree));
}

/// From the last row, which has one index, upwards: every other index of a row is then known alone.
void FountainDecoder::isolate_fragments()
{
    for (auto lowest = m_rows.size(); lowest-- > 0;) {
        auto& row = m_rows[lowest];
        for (auto index = lowest + 1; index < m_rows.size() && row.degree > 1; ++index)
            if ((row.words[index / bits_of_word] >> index % bits_of_word & 1) != 0)
                subtract(m_rows[index], row, 0);
    }
}

std::uint8_t FountainDecoder::byte_of(std::size_t offset) const
{
    const auto& row = m_rows[offset / m_fragment_length];
    const auto place = offset % m_fragment_length;
    return static_cast<std::uint8_t>(row.words[m_index_words + place / bytes_of_word] >> place % bytes_of_word * 8);
}

Bytes FountainDecoder::message()
{
    require(is_complete(), "the message of an incomplete session");
    isolate_fragments();
    Bytes bytes(m_rows.size() * m_fragment_length);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = byte_of(i);
    const auto end = bytes.begin() + m_header.message_length;
    if (std::any_of(end, bytes.end(), [](auto byte) { return byte != 0; }))
        throw Error{ErrorCode::qr_length, "the parts go on after the message's end at byte " + std::to_string(m_header.message_length)};
    bytes.erase(end, bytes.end());
    if (crc32(bytes) != m_header.checksum)
        throw Error{ErrorCode::qr_crc, "the message of " + std::to_string(m_header.seq_len) + " parts does not fit its checksum",
                    "show it again from its beginning"};
    return bytes;
}

} // namespace coffer::ur
