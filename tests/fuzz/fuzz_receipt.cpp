#include "formats/bundle/receipt.h"
#include "tests/fuzz/fuzz_body.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    fuzz::check_body(artefacts::Kind::receipt, data, size, bundle::decode_receipt);
    return 0;
}
