#pragma once

#include "formats/qr/code.h"

#include <string>
#include <vector>

/// A code as something that is looked at. Each has its quiet zone.
namespace coffer::qr {

/// Which colour the terminal's letters have: a code must be dark on light, whatever the screen is.
enum class Screen { dark, light };

/// Lines of half blocks (U+2580, U+2584, U+2588), two rows of modules a line.
std::vector<std::string> half_blocks(const Code& code, Screen screen);

/// PNG (RFC 2083), one bit a pixel, `scale` pixels on each side of a module, 1 to 64.
Bytes png(const Code& code, unsigned scale);

/// SVG 1.1: one path of rectangles, one unit a module.
std::string svg(const Code& code);

} // namespace coffer::qr
