#pragma once

#include <cstdint>

namespace coffer::cbor {

/// RFC 8949, 3.1: the high three bits of an item's first byte.
enum class MajorType : std::uint8_t {
    unsigned_integer = 0,
    negative_integer = 1,
    byte_string = 2,
    text_string = 3,
    array = 4,
    map = 5,
    tag = 6,
    simple = 7,
};

/// RFC 8949, 3.3.
constexpr std::uint8_t simple_false = 20;
constexpr std::uint8_t simple_true = 21;
constexpr std::uint8_t simple_null = 22;

} // namespace coffer::cbor
