#include "core/keys/slip39_header.h"

#include "core/base/constant_time.h"
#include "core/base/error.h"
#include "core/keys/shamir.h"

namespace coffer::keys {

namespace {

constexpr unsigned bits_a_word = 10;

void require_threshold(unsigned threshold, unsigned count, const std::string& what)
{
    if (threshold == 0 || threshold > count || count > most_shares)
        throw Error{ErrorCode::share_threshold,
                    "the share asks for " + std::to_string(threshold) + " " + what + " of " + std::to_string(count)};
}

} // namespace

ShareHeader decode_header(std::span<const std::uint16_t> words)
{
    std::uint64_t bits = 0;
    for (const auto word : words.first(header_words))
        bits = bits << bits_a_word | word;
    bits = declassified(bits);
    const auto four_bits = [&](unsigned shift) { return static_cast<unsigned>(bits >> shift & 0xfU); };
    ShareHeader header;
    header.identifier = static_cast<std::uint16_t>(bits >> 25);
    header.extendable = (bits >> 24 & 1U) != 0;
    header.iteration_exponent = four_bits(20);
    header.group_index = four_bits(16);
    header.group_threshold = four_bits(12) + 1;
    header.group_count = four_bits(8) + 1;
    header.member_index = four_bits(4);
    header.member_threshold = four_bits(0) + 1;
    return header;
}

void encode_header(std::span<std::uint16_t> words, const ShareHeader& header)
{
    require(header.identifier < 1U << 15, "a share identifier out of range");
    std::uint64_t bits = header.identifier;
    bits = bits << 1 | (header.extendable ? 1U : 0U);
    for (const auto field : {header.iteration_exponent, header.group_index, header.group_threshold - 1,
                             header.group_count - 1, header.member_index, header.member_threshold - 1}) {
        require(field < 16, "a field of a share out of range");
        bits = bits << 4 | field;
    }
    for (std::size_t i = 0; i < header_words; ++i)
        words[i] = static_cast<std::uint16_t>(bits >> (bits_a_word * (header_words - 1 - i)) & 0x3ffU);
}

void require_possible(const ShareHeader& header)
{
    require_threshold(header.group_threshold, header.group_count, "groups");
    require_threshold(header.member_threshold, most_shares, "members");
    if (header.group_index >= header.group_count)
        throw Error{ErrorCode::share_index, "the share is of group " + std::to_string(header.group_index + 1) + " of " +
                                                std::to_string(header.group_count)};
    if (header.member_index >= most_shares)
        throw Error{ErrorCode::share_index,
                    "the share is of member " + std::to_string(header.member_index + 1) + " of at most 16"};
}

} // namespace coffer::keys
