#include "core/base/text.h"
#include "formats/ur/registry.h"
#include "tests/fuzz/fuzz.h"

using namespace coffer;
using namespace coffer::ur;

namespace {

std::string format(const Frame& frame)
{
    if (const auto* part = std::get_if<Part>(&frame.content))
        return format_part(frame.type, *part);
    return format_message({frame.type, std::get<Bytes>(frame.content)});
}

/// A frame that is accepted has one spelling, but for its case.
void check_text(std::string_view text)
{
    if (const auto frame = fuzz::unless_refused([&] { return parse_frame(text); }))
        require(format(*frame) == to_lower_ascii(text), "an accepted frame is written otherwise");
}

/// The input as the CBOR inside a frame, whose checksum no fuzzer would find.
void check_cbor(ByteView input)
{
    const auto part = fuzz::unless_refused([&] { return decode_part(input); });
    if (!part)
        return;
    require(equal(encode_part(*part), input), "an accepted part is encoded otherwise");
    const Frame frame{"bytes", *part};
    require(parse_frame(format(frame)) == frame, "a part does not go round");
}

void check_content(ByteView input)
{
    for (const std::string_view type : {"bytes", "crypto-psbt", "psbt", "hdkey"}) {
        const Message message{std::string{type}, to_bytes(input)};
        const auto content = fuzz::unless_refused([&] { return unwrap(message); });
        require(!content || wrap(content->type, content->payload) == message, "accepted content is wrapped otherwise");
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView input{data, size};
    check_text(text_of(input));
    check_cbor(input);
    check_content(input);
    return 0;
}
