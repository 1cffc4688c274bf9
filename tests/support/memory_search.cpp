#include "tests/support/memory_search.h"

#include "core/base/error.h"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <set>
#include <sstream>
#include <unistd.h>

namespace coffer::test {

namespace {

constexpr std::uint8_t mask = 0x5c;

struct Region {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

/// A sanitizer's shadow memory: nothing of ours, and terabytes of it.
constexpr std::uint64_t shadow_size = std::uint64_t{1} << 32;

/// The writable regions, from /proc/self/maps.
std::vector<Region> writable_regions()
{
    std::vector<Region> regions;
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        std::istringstream fields{line};
        Region region;
        char dash = 0;
        std::string permissions;
        fields >> std::hex >> region.first >> dash >> region.last >> permissions;
        if (permissions.starts_with("rw") && region.last - region.first < shadow_size)
            regions.push_back(region);
    }
    return regions;
}

} // namespace

MaskedMarker::MaskedMarker(std::string name, ByteView secret) : m_name{std::move(name)}
{
    require(secret.size() >= 8, "a marker too short to be found by it");
    for (const auto byte : secret)
        m_masked.push_back(byte ^ mask);
}

bool MaskedMarker::is_in(ByteView memory) const
{
    const auto same = [](std::uint8_t byte, std::uint8_t masked) { return (byte ^ mask) == masked; };
    return std::search(memory.begin(), memory.end(), m_masked.begin(), m_masked.end(), same) != memory.end();
}

std::vector<std::string> find_in_memory(const std::vector<MaskedMarker>& markers)
{
    constexpr std::size_t chunk_size = 1024 * 1024;
    constexpr std::size_t overlap = 256;
    const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    require(memory >= 0, "this process cannot read its memory");
    std::set<std::string> found;
    Bytes chunk(chunk_size + overlap);
    for (const auto& region : writable_regions())
        for (auto at = region.first; at < region.last; at += chunk_size) {
            const auto size = std::min<std::uint64_t>(chunk.size(), region.last - at);
            const auto count = pread(memory, chunk.data(), size, static_cast<off_t>(at));
            if (count <= 0)
                continue; // a page that is not there
            for (const auto& marker : markers)
                if (marker.is_in(ByteView{chunk}.first(static_cast<std::size_t>(count))))
                    found.insert(marker.name());
        }
    close(memory);
    return {found.begin(), found.end()};
}

} // namespace coffer::test
