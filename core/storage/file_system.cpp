#include "core/storage/file_system.h"

#include "core/base/error.h"
#include "core/storage/file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <sys/vfs.h>

namespace coffer::storage {

namespace {

struct Known {
    std::uint32_t magic; ///< statfs(2); some are not in <linux/magic.h>
    const char* name;
};

constexpr std::array<Known, 8> remote_ones{{{0x6969, "NFS"},
                                            {0xff534d42, "CIFS"},
                                            {0xfe534d42, "SMB"},
                                            {0x517b, "SMB"},
                                            {0x5346414f, "AFS"},
                                            {0x00c36400, "Ceph"},
                                            {0x73757245, "Coda"},
                                            {0x0bd00bd0, "Lustre"}}};

} // namespace

void require_local_file_system(const std::filesystem::path& folder)
{
    struct statfs status{};
    if (::statfs(folder.c_str(), &status) != 0)
        throw file_error(errno, "examine", folder);
    const auto magic = static_cast<std::uint32_t>(status.f_type);
    const auto* found = std::ranges::find(remote_ones, magic, &Known::magic);
    if (found != remote_ones.end())
        throw Error{ErrorCode::disk, quoted(folder) + " is on a file system of another machine (" + found->name + "), whose locks do not hold here",
                    "move the home to a disk of this machine"};
}

} // namespace coffer::storage
