#pragma once

#include "core/artefacts/artefact.h"
#include "tests/fuzz/fuzz.h"

namespace coffer::fuzz {

/// A whole artefact of this kind, or the body of one: what `decode` accepts is the one encoding of what it says.
template <typename Decode>
void check_body(artefacts::Kind kind, const std::uint8_t* data, std::size_t size, Decode decode)
{
    const ByteView input{data, size};
    const auto whole = unless_refused([&] { return artefacts::Artefact::decode(input, kind); });
    const artefacts::Artefact artefact = whole ? *whole : artefacts::Artefact{kind, to_bytes(input)};
    const auto decoded = unless_refused([&] { return decode(artefact); });
    if (decoded)
        require(encode(*decoded).body() == artefact.body(), "an accepted body encodes otherwise");
}

} // namespace coffer::fuzz
