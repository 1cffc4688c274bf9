#include "formats/qr/picture.h"

#include "core/base/byte_writer.h"
#include "core/base/error.h"
#include "core/base/text.h"

#include <array>
#include <zlib.h>

namespace coffer::qr {

namespace {

std::ptrdiff_t side_of(const Code& code)
{
    return static_cast<std::ptrdiff_t>(code.size()) + 2 * quiet_zone;
}

/// By column and row of the picture, quiet zone included.
bool is_dark(const Code& code, std::ptrdiff_t column, std::ptrdiff_t row)
{
    return code.is_dark(column - quiet_zone, row - quiet_zone);
}

void append_chunk(Bytes& file, std::string_view type, ByteView content)
{
    append(file, ByteWriter{}.write_u32_be(static_cast<std::uint32_t>(content.size())).bytes());
    const auto begin = file.size();
    append(file, bytes_of(type));
    append(file, content);
    const auto checked = ByteView{file}.subspan(begin);
    const auto sum = ::crc32(0, checked.data(), static_cast<uInt>(checked.size()));
    append(file, ByteWriter{}.write_u32_be(static_cast<std::uint32_t>(sum)).bytes());
}

Bytes packed(ByteView rows)
{
    auto size = ::compressBound(static_cast<uLong>(rows.size()));
    Bytes out(size);
    require(::compress2(out.data(), &size, rows.data(), static_cast<uLong>(rows.size()), Z_BEST_COMPRESSION) == Z_OK, "a picture cannot be packed");
    out.resize(size);
    return out;
}

/// A filter of 0, then eight pixels a byte, light is 1.
void append_row(Bytes& rows, const Code& code, std::ptrdiff_t row, unsigned scale)
{
    Bytes line((static_cast<std::size_t>(side_of(code)) * scale + 7) / 8, 0);
    std::size_t pixel = 0;
    for (std::ptrdiff_t column = 0; column < side_of(code); ++column)
        for (unsigned i = 0; i < scale; ++i, ++pixel)
            if (!is_dark(code, column, row))
                line[pixel / 8] |= static_cast<std::uint8_t>(0x80U >> pixel % 8);
    for (unsigned i = 0; i < scale; ++i) {
        rows.push_back(0);
        append(rows, line);
    }
}

} // namespace

std::vector<std::string> half_blocks(const Code& code, Screen screen)
{
    // By what shows in the colour of letters: upper half, lower half.
    constexpr std::array<std::string_view, 4> blocks = {" ", "\xe2\x96\x84", "\xe2\x96\x80", "\xe2\x96\x88"};
    const bool letters_are_dark = screen == Screen::light;
    std::vector<std::string> lines;
    for (std::ptrdiff_t row = 0; row < side_of(code); row += 2) {
        auto& line = lines.emplace_back();
        for (std::ptrdiff_t column = 0; column < side_of(code); ++column) {
            const auto upper = is_dark(code, column, row) == letters_are_dark ? 2U : 0U;
            const auto lower = is_dark(code, column, row + 1) == letters_are_dark ? 1U : 0U;
            line += blocks[upper + lower];
        }
    }
    return lines;
}

Bytes png(const Code& code, unsigned scale)
{
    require(scale >= 1 && scale <= 64, "a picture of no size");
    const auto side = static_cast<std::uint32_t>(side_of(code)) * scale;
    Bytes rows;
    for (std::ptrdiff_t row = 0; row < side_of(code); ++row)
        append_row(rows, code, row, scale);
    constexpr std::array<std::uint8_t, 8> signature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    constexpr std::array<std::uint8_t, 5> kind = {1, 0, 0, 0, 0}; // one bit, grey, deflate, filters, not interlaced
    Bytes file = to_bytes(signature);
    auto header = ByteWriter{}.write_u32_be(side).write_u32_be(side).bytes();
    append(header, kind);
    append_chunk(file, "IHDR", header);
    append_chunk(file, "IDAT", packed(rows));
    append_chunk(file, "IEND", {});
    return file;
}

std::string svg(const Code& code)
{
    const auto side = std::to_string(side_of(code));
    std::string path;
    for (std::ptrdiff_t row = 0; row < side_of(code); ++row)
        for (std::ptrdiff_t column = 0; column < side_of(code); ++column) {
            auto end = column;
            while (is_dark(code, end, row))
                ++end;
            if (end == column)
                continue;
            path += "M" + std::to_string(column) + " " + std::to_string(row) + "h" + std::to_string(end - column) + "v1H" + std::to_string(column) + "z";
            column = end;
        }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" viewBox=\"0 0 " + side + " " + side +
           "\" shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path fill=\"#000\" d=\"" + path + "\"/></svg>\n";
}

} // namespace coffer::qr
