// Usage: qr_pictures png|svg|dark|light LEAST_VERSION < TEXT > PICTURE
//
// Shows a text as a QR code, for tests that read it with other people's programs: as a PNG of four pixels a module, an SVG, or
// lines of half blocks for a terminal with light letters (dark) or dark ones (light).

#include "core/base/error.h"
#include "core/base/text.h"
#include "formats/qr/picture.h"

#include <iostream>
#include <iterator>

namespace {

using namespace coffer;

std::string picture(const qr::Code& code, std::string_view kind)
{
    if (kind == "png")
        return std::string{text_of(qr::png(code, 4))};
    if (kind == "svg")
        return qr::svg(code);
    return join(qr::half_blocks(code, kind == "dark" ? qr::Screen::dark : qr::Screen::light), "\n") + "\n";
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    const std::string text{std::istreambuf_iterator<char>{std::cin}, {}};
    try {
        std::cout << picture(qr::encode(text, static_cast<unsigned>(std::stoul(argv[2]))), argv[1]);
    } catch (const Error& error) {
        std::cerr << name_of(error.code()) << '\n';
        return 1;
    }
    return 0;
}
