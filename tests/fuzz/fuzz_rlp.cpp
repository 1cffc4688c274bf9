#include "formats/evm/rlp.h"
#include "tests/fuzz/fuzz.h"

// What is accepted is the one encoding of its tree.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    using namespace coffer::evm;
    const ByteView input{data, size};
    const auto item = fuzz::unless_refused([&] { return rlp::decode(input); });
    if (item)
        require(equal(rlp::encode(*item), input), "accepted RLP encodes otherwise");
    return 0;
}
