#include "core/encoding/cbor.h"
#include "tests/fuzz/fuzz.h"

// What is accepted is the one encoding of its value.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    const ByteView input{data, size};
    for (const auto tags : {cbor::Tags::refused, cbor::Tags::taken}) {
        const cbor::Limits limits{.tags = tags};
        const auto value = fuzz::unless_refused([&] { return cbor::decode(input, limits); });
        if (!value)
            continue;
        require(equal(cbor::encode(*value), input), "accepted CBOR encodes otherwise");
        require(cbor::decode(cbor::encode(*value), limits) == *value, "CBOR does not go round");
    }
    return 0;
}
