#include "core/charter/entry.h"
#include "tests/fuzz/fuzz.h"

// A body that is accepted is the one encoding of what it says; an artefact goes round whole.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    using artefacts::Artefact;
    constexpr auto kind = artefacts::Kind::entry;
    const ByteView input{data, size};
    const auto whole = fuzz::unless_refused([&] { return Artefact::decode(input, kind); });
    const Artefact artefact = whole ? *whole : Artefact{kind, to_bytes(input)};
    const auto decoded = fuzz::unless_refused([&] { return charter::decode_entry(artefact); });
    if (decoded)
        require(charter::encode(*decoded).body() == artefact.body(), "an accepted entry encodes otherwise");
    return 0;
}
