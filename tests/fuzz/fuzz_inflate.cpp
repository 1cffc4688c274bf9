#include "formats/bbqr/deflate.h"
#include "tests/fuzz/fuzz.h"

// Whatever unpacks stays within its bound, and comes back when it is packed.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    constexpr std::size_t most = 256 * 1024;
    const auto content = fuzz::unless_refused([&] { return bbqr::inflate({data, size}, most); });
    if (!content)
        return 0;
    require(content->size() <= most, "more than was asked for");
    require(bbqr::inflate(bbqr::deflate(*content), most) == *content, "packed and unpacked it is something else");
    return 0;
}
