#include "formats/solana/address.h"
#include "tests/fuzz/address_properties.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    fuzz::check_address({data, size}, solana::parse_address, solana::format_address,
                        [](std::string_view text) { return text.size() >= 32 && text.size() <= 44; });
    return 0;
}
