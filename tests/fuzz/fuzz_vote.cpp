#include "core/requests/vote.h"
#include "tests/fuzz/fuzz_body.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    fuzz::check_body(artefacts::Kind::vote, data, size, requests::decode_vote);
    return 0;
}
