#include "core/crypto/secp256k1.h"
#include "tests/fuzz/fuzz.h"

// Strict DER is the one form of a signature; and every r and s in range has it.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    const ByteView input{data, size};
    if (const auto compact = fuzz::unless_refused([&] { return crypto::decode_der(input); })) {
        require(equal(crypto::encode_der(*compact), input), "accepted DER encodes otherwise");
        const auto low = crypto::normalize_low_s(*compact);
        require(crypto::normalize_low_s(low) == low, "a low s is normalized again");
    }
    if (size != 64)
        return 0;
    if (const auto low = fuzz::unless_refused([&] { return crypto::normalize_low_s(to_array<64>(input, "signature")); }))
        require(crypto::decode_der(crypto::encode_der(*low)) == *low, "a signature does not go round");
    return 0;
}
