#pragma once

#include "core/base/bytes.h"

#include <cstddef>
#include <string_view>
#include <vector>

/// QR codes (ISO/IEC 18004), error correction level L: what is shown on a screen is read in one piece or shown again.
namespace coffer::qr {

constexpr unsigned highest_version = 40;

/// The dark modules of one code, without its quiet zone.
class Code {
public:
    Code(std::size_t size, std::vector<bool> dark);

    /// Modules on each side: 17 and 4 for every version.
    std::size_t size() const { return m_size; }
    /// False outside, where the quiet zone is.
    bool is_dark(std::ptrdiff_t column, std::ptrdiff_t row) const;

private:
    std::size_t m_size;
    std::vector<bool> m_dark; ///< row by row
};

/// Modules around a code that stay light.
constexpr std::ptrdiff_t quiet_zone = 4;

/// How many alphanumeric characters a code of this version holds, 1 to 40; another version is a broken invariant.
std::size_t capacity(unsigned version);
/// The smallest version that holds so many. Throws Error{qr_limit} for more than version 40 does.
unsigned version_for(std::size_t characters);

/// The smallest code of this version or higher. The text is capitals, digits, and ` $%*+-./:`, else a broken invariant: frames of one animation
/// share a version, so that it does not jump. Throws Error{qr_limit} for text that no version holds.
Code encode(std::string_view text, unsigned least_version = 1);

} // namespace coffer::qr
