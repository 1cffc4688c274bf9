#include "core/encoding/base64.h"
#include "tests/fuzz/fuzz.h"

// Text and bytes correspond one to one.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    const ByteView input{data, size};
    if (const auto bytes = fuzz::unless_refused([&] { return encoding::decode_base64(text_of(input)); }))
        require(encoding::encode_base64(*bytes) == text_of(input), "accepted base64 encodes otherwise");
    require(equal(encoding::decode_base64(encoding::encode_base64(input)), input), "base64 does not go round");
    return 0;
}
