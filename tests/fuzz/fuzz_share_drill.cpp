#include "core/artefacts/share_drill.h"
#include "tests/fuzz/fuzz_body.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    fuzz::check_body(artefacts::Kind::transcript, data, size, artefacts::decode_share_drill);
    return 0;
}
