#include "core/keys/sealed_key.h"
#include "tests/fuzz/fuzz.h"

// No file of a stranger opens, or fails otherwise than by Error. The passphrase is never tried:
// that costs 64 MiB a run.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    static const auto key = SecretBytes::copy_of(Bytes(32, 7));
    const ByteView input{data, size};
    fuzz::unless_refused([&] { return keys::decode_sealed_key_header(input); });
    require(!fuzz::unless_refused([&] { return keys::open_with_key(input, "seed", {}, key); }), "a forged file opens");
    return 0;
}
