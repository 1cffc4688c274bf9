#pragma once

#include "core/base/error.h"
#include "formats/ur/fragment_choice.h"
#include "formats/ur/part.h"

/// The receiving side of the fountain code (BCR-2024-001), for the parts of one message in any order.
namespace coffer::ur {

/// Error{qr_mixed}, and what to do about it.
Error other_message(std::string message);

/// Each part is an equation over fragments; what is held is a system of them in echelon form. So a message is complete
/// with the first parts from which it follows at all, no part is held that says nothing new, and no more are ever held than
/// the message has fragments: seq_len rows of one fragment and seq_len bits. A part costs at most that many row
/// operations; a fragment that comes unmixed costs none.
class FountainDecoder {
public:
    /// From the first part, whose header and length all others must have. It is not added.
    explicit FountainDecoder(const Part& first);

    /// Whether the part said anything new. Throws Error{qr_mixed} for a part of another message, also when its header is
    /// the same and only the data contradict what is known; what is held stays as it was.
    bool add(const Part& part);

    const PartHeader& header() const { return m_header; }
    /// Parts that said something new; seq_len of them are needed.
    std::size_t rank() const { return m_rank; }
    /// Fragments that are held alone; more may follow from what is held.
    std::size_t count_known_fragments() const;
    bool is_complete() const { return m_rank == m_header.seq_len; }

    /// Of the complete system only. Throws Error{qr_crc} when the message does not fit its checksum, Error{qr_length} when
    /// the fragments go on after its end.
    Bytes message();

private:
    /// Bits of the fragments' indexes, then the bytes of their XOR, in words of eight bytes.
    struct Row {
        std::vector<std::uint64_t> words;
        std::size_t degree = 0; ///< how many indexes are set
        bool is_empty() const { return words.empty(); }
    };

    Row row_of(const Part& part) const;
    void require_same_message(const Part& part) const;
    bool insert(Row row);
    void subtract(const Row& from, Row& row, std::size_t first_word) const;
    void isolate_fragments();
    std::uint8_t byte_of(std::size_t offset) const;

    PartHeader m_header;
    std::size_t m_fragment_length;
    std::size_t m_index_words;
    FragmentChooser m_chooser;
    std::vector<Row> m_rows; ///< by the lowest index of each; empty where none is held
    std::size_t m_rank = 0;
};

} // namespace coffer::ur
