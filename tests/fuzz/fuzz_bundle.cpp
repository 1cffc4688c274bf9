#include "formats/bundle/bundle.h"
#include "tests/fuzz/fuzz_body.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    fuzz::check_body(artefacts::Kind::bundle, data, size, bundle::decode_bundle);
    return 0;
}
