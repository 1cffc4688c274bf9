#include "formats/qr/code.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <memory>
#include <qrencode.h>
#include <utility>

namespace coffer::qr {

namespace {

/// ISO/IEC 18004:2015, table 7: alphanumeric, level L, of versions 1 to 40.
constexpr std::array<std::uint16_t, highest_version> capacities = {
    25,   47,   77,   114,  154,  195,  224,  279,  335,  395,  468,  535,  619,  667,  758,  854,  938,  1046, 1153, 1249,
    1352, 1460, 1588, 1704, 1853, 1990, 2132, 2223, 2369, 2520, 2677, 2840, 3009, 3183, 3351, 3537, 3729, 3927, 4087, 4296};

struct FreesInput {
    void operator()(QRinput* input) const { QRinput_free(input); }
};
struct FreesCode {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

bool is_alphanumeric(char c)
{
    constexpr std::string_view others = " $%*+-./:";
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || others.find(c) != std::string_view::npos;
}

} // namespace

Code::Code(std::size_t size, std::vector<bool> dark) : m_size{size}, m_dark{std::move(dark)}
{
    require(m_dark.size() == size * size, "a QR code that is no square");
}

bool Code::is_dark(std::ptrdiff_t column, std::ptrdiff_t row) const
{
    if (column < 0 || row < 0 || std::cmp_greater_equal(column, m_size) || std::cmp_greater_equal(row, m_size))
        return false;
    return m_dark[static_cast<std::size_t>(row) * m_size + static_cast<std::size_t>(column)];
}

std::size_t capacity(unsigned version)
{
    require(version >= 1 && version <= highest_version, "a QR code of no version");
    return capacities[version - 1];
}

unsigned version_for(std::size_t characters)
{
    const auto found = std::ranges::find_if(capacities, [&](std::size_t holds) { return holds >= characters; });
    if (found == capacities.end())
        throw Error{ErrorCode::qr_limit, std::to_string(characters) + " characters do not fit into a QR code, which holds 4296 at most",
                    "show it as an animation, or carry it as a file"};
    return static_cast<unsigned>(found - capacities.begin()) + 1;
}

Code encode(std::string_view text, unsigned least_version)
{
    require(!text.empty() && std::ranges::all_of(text, is_alphanumeric), "text that is not alphanumeric for a QR code");
    const auto version = std::max(least_version, version_for(text.size()));
    const std::unique_ptr<QRinput, FreesInput> input{QRinput_new2(static_cast<int>(version), QR_ECLEVEL_L)};
    require(input != nullptr, "a QR code cannot begin");
    require(QRinput_append(input.get(), QR_MODE_AN, static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data())) == 0,
            "a QR code does not take its text");
    const std::unique_ptr<QRcode, FreesCode> made{QRcode_encodeInput(input.get())};
    require(made != nullptr && std::cmp_equal(made->version, version), "a QR code that is of another version than it was to be");
    const auto size = static_cast<std::size_t>(made->width);
    std::vector<bool> dark(size * size);
    for (std::size_t i = 0; i < dark.size(); ++i)
        dark[i] = (made->data[i] & 1U) != 0;
    return {size, std::move(dark)};
}

} // namespace coffer::qr
