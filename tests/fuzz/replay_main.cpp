#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

coffer::Bytes read_file(const std::filesystem::path& path)
{
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

void run(const coffer::Bytes& input)
{
    LLVMFuzzerTestOneInput(input.data(), input.size());
}

/// A seed, every truncation of it, and every byte of it changed once; the long ones sampled.
void run_with_neighbours(const coffer::Bytes& seed)
{
    run(seed);
    const auto stride = std::max<std::size_t>(1, seed.size() / 1000);
    for (std::size_t i = 0; i < seed.size(); i += stride) {
        run({seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(i)});
        auto changed = seed;
        changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
        run(changed);
    }
}

} // namespace

/// Runs a fuzz target over the files of its corpus, as an ordinary test.
int main(int argc, char** argv)
{
    std::size_t count = 0;
    for (int i = 1; i < argc; ++i)
        for (const auto& entry : std::filesystem::directory_iterator{argv[i]}) {
            run_with_neighbours(read_file(entry.path()));
            ++count;
        }
    std::printf("%zu seeds\n", count);
    return count == 0 ? 1 : 0;
}
