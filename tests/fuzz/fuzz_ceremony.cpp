#include "core/payments/ceremony.h"
#include "tests/fuzz/fuzz.h"

// What is accepted is the one encoding of what it says.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    const ByteView input{data, size};
    const auto ceremony = fuzz::unless_refused([&] { return payments::decode_ceremony(input); });
    if (ceremony)
        require(equal(payments::encode_ceremony(*ceremony), input), "an accepted ceremony encodes otherwise");
    return 0;
}
