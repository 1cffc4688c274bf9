#include "core/base/text.h"
#include "formats/ur/bytewords.h"
#include "tests/fuzz/fuzz.h"

// What is accepted is, but for its case, the one text of its data; and all data go round.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    using namespace coffer::ur;
    const ByteView input{data, size};
    const auto text = text_of(input);
    for (const auto style : {BytewordStyle::standard, BytewordStyle::uri, BytewordStyle::minimal}) {
        const auto decoded = fuzz::unless_refused([&] { return decode_bytewords(text, style); });
        require(!decoded || encode_bytewords(*decoded, style) == to_lower_ascii(text), "accepted bytewords are written otherwise");
        require(input.empty() || equal(decode_bytewords(encode_bytewords(input, style), style), input), "bytewords do not go round");
    }
    return 0;
}
