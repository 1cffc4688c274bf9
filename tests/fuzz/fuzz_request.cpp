#include "core/requests/request.h"
#include "tests/fuzz/fuzz.h"

// A body that is accepted is the one encoding of what it says; an artefact goes round whole.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    using artefacts::Artefact;
    constexpr auto kind = artefacts::Kind::request;
    const ByteView input{data, size};
    const auto whole = fuzz::unless_refused([&] { return Artefact::decode(input, kind); });
    const Artefact artefact = whole ? *whole : Artefact{kind, to_bytes(input)};
    const auto decoded = fuzz::unless_refused([&] { return requests::decode_request(artefact); });
    if (decoded)
        require(requests::encode(*decoded).body() == artefact.body(), "an accepted request encodes otherwise");
    return 0;
}
