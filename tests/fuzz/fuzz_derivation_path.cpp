#include "core/keys/derivation_path.h"
#include "tests/fuzz/fuzz.h"

// A path or origin means the same after it was written in our spelling, which is then stable.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    using namespace coffer::keys;
    const auto text = text_of({data, size});
    if (const auto path = fuzz::unless_refused([&] { return DerivationPath::parse(text); }))
        require(DerivationPath::parse(path->format()) == *path, "a path does not go round");
    if (const auto origin = fuzz::unless_refused([&] { return KeyOrigin::parse(text); }))
        require(KeyOrigin::parse(origin->format()) == *origin, "a key origin does not go round");
    return 0;
}
