#pragma once

#include "core/keys/slip39.h"

/// The first four words of a share. They are public.
namespace coffer::keys {

constexpr std::size_t header_words = 4;

ShareHeader decode_header(std::span<const std::uint16_t> words);
/// A field out of range is a broken invariant.
void encode_header(std::span<std::uint16_t> words, const ShareHeader& header);

/// Throws Error{share_index} for an index that a share cannot have, Error{share_threshold} for a threshold that cannot
/// be met.
void require_possible(const ShareHeader& header);

} // namespace coffer::keys
