#include "core/base/text.h"
#include "core/encoding/bech32.h"
#include "tests/fuzz/fuzz.h"

// What is accepted is, but for its case, the one text of its content.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    using namespace coffer::encoding;
    const auto text = text_of({data, size});
    const auto decoded = fuzz::unless_refused([&] { return decode_bech32(text); });
    if (!decoded)
        return 0;
    require(encode_bech32(*decoded) == to_lower_ascii(text), "accepted bech32 encodes otherwise");
    const auto& network = decoded->human_readable_part;
    if (const auto program = fuzz::unless_refused([&] { return parse_segwit_address(network, text); }))
        require(format_segwit_address(network, *program) == to_lower_ascii(text), "an address formats otherwise");
    return 0;
}
