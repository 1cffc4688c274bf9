#include "core/charter/entry.h"
#include "tests/fuzz/fuzz_body.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    fuzz::check_body(artefacts::Kind::entry, data, size, charter::decode_entry);
    return 0;
}
