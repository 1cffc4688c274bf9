#include "formats/tron/address.h"
#include "tests/fuzz/address_properties.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    fuzz::check_address({data, size}, tron::parse_address, tron::format_address,
                        [](std::string_view text) { return text.size() == 34 && text.front() == 'T'; });
    return 0;
}
