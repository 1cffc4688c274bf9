#include "core/charter/charter.h"
#include "tests/fuzz/fuzz.h"

// A body that is accepted is the one encoding of what it says, and check() finds words for whatever it is.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    using artefacts::Artefact;
    constexpr auto kind = artefacts::Kind::charter;
    const ByteView input{data, size};
    const auto whole = fuzz::unless_refused([&] { return Artefact::decode(input, kind); });
    const Artefact artefact = whole ? *whole : Artefact{kind, to_bytes(input)};
    const auto decoded = fuzz::unless_refused([&] { return charter::open(artefact); });
    if (!decoded)
        return 0;
    require(charter::seal(*decoded).body() == artefact.body(), "an accepted charter encodes otherwise");
    static_cast<void>(charter::check(*decoded)); // reports, never throws
    return 0;
}
