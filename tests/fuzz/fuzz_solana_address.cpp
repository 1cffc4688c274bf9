#include "formats/solana/address.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

namespace {

using namespace coffer;
using namespace coffer::solana;

void check_text(std::string_view text)
{
    const auto address = fuzz::unless_refused([&] { return parse_address(text); });
    if (address)
        require(format_address(*address) == text, "an accepted address formats otherwise");
}

void check_bytes(ByteView bytes)
{
    ByteArray<Address::size> padded{};
    std::ranges::copy(bytes.first(std::min(bytes.size(), padded.size())), padded.begin());
    const auto text = format_address(Address{padded});
    require(text.size() >= 32 && text.size() <= 44 && parse_address(text) == Address{padded}, "an address does not go round");
}

} // namespace

// The input as an address, and as the bytes of one.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    check_text(text_of(ByteView{data, size}));
    check_bytes({data, size});
    return 0;
}
