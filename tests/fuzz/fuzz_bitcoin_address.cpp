#include "core/base/text.h"
#include "formats/bitcoin/address.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

namespace {

using namespace coffer;
using namespace coffer::bitcoin;

void check_text(std::string_view text)
{
    const auto found = networks_of_address(text);
    for (const auto& network : networks()) {
        const auto script = fuzz::unless_refused([&] { return parse_address(text, network); });
        require(script.has_value() == (std::ranges::find(found, &network) != found.end()), "the networks of an address are other ones");
        if (!script)
            continue;
        const auto formatted = format_address(*script, network);
        require(formatted && (*formatted == text || *formatted == to_lower_ascii(text)), "an accepted address formats otherwise");
        require(parse_address(*formatted, network) == *script, "an address does not go round");
    }
}

void check_script(ByteView script)
{
    for (const auto& network : networks())
        if (const auto address = format_address(script, network))
            require(equal(parse_address(*address, network), script), "the address of a script is one of another script");
}

} // namespace

// The input as an address, and as a script that may have one.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView input{data, size};
    check_text(text_of(input));
    check_script(input);
    return 0;
}
