#pragma once

#include "formats/ur/fragment_choice.h"
#include "formats/ur/part.h"

/// The sending side of the fountain code (BCR-2024-001): a message becomes as many different parts as one likes.
namespace coffer::ur {

/// The least that a frame may hold of a message: with less, parts would be nearly all overhead.
constexpr std::size_t least_fragment_bytes = 10;

/// Of the smallest number of fragments that are equally long and no longer than `most`. Neither is 0. The reference lets
/// fragments below a minimum grow over `most` again; these never do, so that a part fits its frame.
std::size_t fragment_length(std::size_t message_length, std::size_t most);

class FountainEncoder {
public:
    /// `most_fragment_bytes` is at least least_fragment_bytes, and the message is not empty: broken invariants otherwise.
    /// Throws Error{qr_limit} for a message over most_message_bytes or of more than most_parts fragments.
    FountainEncoder(Bytes message, std::size_t most_fragment_bytes);

    const PartHeader& header() const { return m_header; }
    /// From 1, in any order and without end: the fragments one by one up to header().seq_len, then mixed ones.
    Part part(std::uint32_t seq_num) const;

private:
    void mix(FragmentIndex index, Bytes& data) const;

    Bytes m_message;
    PartHeader m_header;
    std::size_t m_fragment_length;
    FragmentChooser m_chooser;
};

} // namespace coffer::ur
