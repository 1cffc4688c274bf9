#include "core/keys/mnemonic.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

// Words that are taken have an entropy, which has these words; so has every entropy.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    const ByteView input{data, size};
    if (const auto entropy =
            fuzz::unless_refused([&] { return keys::entropy_from_mnemonic(SecretBytes::copy_of(input)); }))
        require(keys::entropy_from_mnemonic(keys::mnemonic_from_entropy(*entropy)).equals(*entropy),
                "words do not go round");
    if (size < 16)
        return 0;
    const auto entropy = SecretBytes::copy_of(input.first(std::min<std::size_t>(size, 32) / 4 * 4));
    require(keys::entropy_from_mnemonic(keys::mnemonic_from_entropy(entropy)).equals(entropy),
            "an entropy does not go round");
    return 0;
}
