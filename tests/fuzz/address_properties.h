#pragma once

#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <string>

namespace coffer::fuzz {

/// The input as the text of an address, and as the bytes of one. What `parse` accepts is written as it stood; every
/// address is written in a shape that `is_possible` knows, and reads back.
template <typename Address>
void check_address(ByteView input, Address (*parse)(std::string_view), std::string (*format)(const Address&),
                   bool (*is_possible)(std::string_view))
{
    const auto text = text_of(input);
    if (const auto accepted = unless_refused([&] { return parse(text); }))
        require(format(*accepted) == text, "an accepted address formats otherwise");

    ByteArray<Address::size> padded{};
    std::ranges::copy(input.first(std::min(input.size(), padded.size())), padded.begin());
    const auto written = format(Address{padded});
    require(is_possible(written) && parse(written) == Address{padded}, "an address does not go round");
}

} // namespace coffer::fuzz
