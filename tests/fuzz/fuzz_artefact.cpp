#include "core/artefacts/artefact.h"
#include "tests/fuzz/fuzz.h"

// What is accepted is the one encoding of its artefact, whose hash no added signature changes.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    using artefacts::Artefact;
    const ByteView input{data, size};
    auto artefact = fuzz::unless_refused([&] { return Artefact::decode_any(input); });
    if (!artefact)
        return 0;
    require(equal(artefact->encode(), input), "an accepted artefact encodes otherwise");
    require(Artefact::looks_like_one(input), "an artefact does not look like one");
    const auto hash = artefact->hash();
    artefact->add_signature({KeyId{}, Bytes(64)});
    require(artefact->hash() == hash, "a signature changed the hash");
    const auto again = fuzz::unless_refused([&] { return Artefact::decode_any(artefact->encode()); });
    require(!again || again->signatures() == artefact->signatures(), "signatures do not go round");
    return 0;
}
