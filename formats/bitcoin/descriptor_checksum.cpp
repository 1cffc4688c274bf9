#include "formats/bitcoin/descriptor_checksum.h"

#include "core/base/error.h"

#include <array>
#include <cstdint>

namespace coffer::bitcoin {

namespace {

constexpr std::string_view input_characters = "0123456789()[],'/*abcdefgh@:$%{}"
                                              "IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~"
                                              "ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";
constexpr std::string_view checksum_characters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::array<std::uint64_t, 5> generator = {0xf5dee51989, 0xa9fdca3312, 0x1bab10e32d, 0x3706b1677a, 0x644d626ffd};

std::uint64_t step(std::uint64_t state, std::uint64_t value)
{
    const auto top = state >> 35;
    state = (state & 0x7ffffffff) << 5 ^ value;
    for (std::size_t i = 0; i < generator.size(); ++i)
        if ((top >> i & 1) != 0)
            state ^= generator[i];
    return state;
}

} // namespace

std::string descriptor_checksum(std::string_view descriptor)
{
    std::uint64_t state = 1;
    std::uint64_t group = 0; // the upper bits of three characters
    unsigned grouped = 0;
    for (std::size_t i = 0; i < descriptor.size(); ++i) {
        const auto place = input_characters.find(descriptor[i]);
        if (place == std::string_view::npos)
            throw malformed("a character that no descriptor has", i);
        state = step(state, place & 31);
        group = group * 3 + (place >> 5);
        if (++grouped == 3) {
            state = step(state, group);
            group = grouped = 0;
        }
    }
    if (grouped > 0)
        state = step(state, group);
    constexpr unsigned length = 8;
    for (unsigned i = 0; i < length; ++i)
        state = step(state, 0);
    state ^= 1;
    std::string checksum;
    for (unsigned i = 0; i < length; ++i)
        checksum += checksum_characters[state >> 5 * (length - 1 - i) & 31];
    return checksum;
}

} // namespace coffer::bitcoin
