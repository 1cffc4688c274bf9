#pragma once

#include <cstddef>
#include <cstdint>

/// Arithmetic on secrets whose time and memory accesses do not depend on them.
namespace coffer {

/// All bits or none.
using Mask = std::uint64_t;

namespace detail {

/// Keeps the compiler from turning what follows from `value` into a branch.
inline std::uint64_t opaque(std::uint64_t value)
{
    asm("" : "+r"(value));
    return value;
}

void declassify(const void* memory, std::size_t size);

} // namespace detail

inline Mask mask_if_zero(std::uint64_t value)
{
    return detail::opaque((value | (0 - value)) >> 63) - 1;
}

inline Mask mask_if_equal(std::uint64_t a, std::uint64_t b)
{
    return mask_if_zero(a ^ b);
}

/// Of numbers below 2^63.
inline Mask mask_if_less(std::uint64_t a, std::uint64_t b)
{
    return 0 - detail::opaque((a - b) >> 63);
}

inline std::uint64_t select(Mask mask, std::uint64_t if_set, std::uint64_t if_clear)
{
    return (if_set & mask) | (if_clear & ~mask);
}

/// The value itself, which came from secrets and is public by its specification: the program may branch on it
/// from here on. Nothing else happens; the test that follows secrets through the program listens here.
template <typename T>
T declassified(T value)
{
    detail::declassify(&value, sizeof value);
    return value;
}

} // namespace coffer
