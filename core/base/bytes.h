#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace coffer {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
template <std::size_t N>
using ByteArray = std::array<std::uint8_t, N>;

/// The bytes of a text, without a terminating zero.
ByteView bytes_of(std::string_view text);

/// The text that these bytes are; the caller has checked that they are text.
std::string_view text_of(ByteView bytes);

Bytes to_bytes(ByteView bytes);
void append(Bytes& out, ByteView bytes);

/// Compares content and length; in variable time, so never for secrets.
bool equal(ByteView a, ByteView b);

/// Copies exactly N bytes; throws Error{malformed} when `bytes` has another length. `what` names the field.
template <std::size_t N>
ByteArray<N> to_array(ByteView bytes, std::string_view what);

namespace detail {
[[noreturn]] void throw_wrong_length(std::string_view what, std::size_t expected, std::size_t found);
}

template <std::size_t N>
ByteArray<N> to_array(ByteView bytes, std::string_view what)
{
    if (bytes.size() != N)
        detail::throw_wrong_length(what, N, bytes.size());
    ByteArray<N> array;
    for (std::size_t i = 0; i < N; ++i)
        array[i] = bytes[i];
    return array;
}

} // namespace coffer
