#include "core/base/error.h"
#include "core/storage/file.h"
#include "core/storage/migrations.h"
#include "core/storage/sqlite.h"
#include "tests/integration/faults/elsewhere.h"
#include "tests/support/scratch.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>
#include <linux/magic.h>
#include <vector>

namespace coffer::test {
namespace {

class FileSystem : public testing::Test {
protected:
    ~FileSystem() override { g_file_system.reset(); }

    void open() { storage::SqliteDatabase{scratch / "coffer.db", {.application_id = storage::ApplicationId::online, .create = storage::Create::yes}}; }

    ScratchDirectory scratch;
};

TEST_F(FileSystem, OfThisMachineTakesADatabase)
{
    for (const unsigned magic : std::vector<unsigned>{EXT4_SUPER_MAGIC, BTRFS_SUPER_MAGIC, XFS_SUPER_MAGIC, TMPFS_MAGIC, OVERLAYFS_SUPER_MAGIC, MSDOS_SUPER_MAGIC}) {
        g_file_system = magic;
        EXPECT_NO_THROW(open()) << std::hex << magic;
    }
}

TEST_F(FileSystem, OfAnotherMachineTakesNone)
{
    for (const unsigned magic : std::vector<unsigned>{NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, CIFS_SUPER_MAGIC, SMB2_SUPER_MAGIC, AFS_SUPER_MAGIC, CEPH_SUPER_MAGIC, CODA_SUPER_MAGIC}) {
        g_file_system = magic;
        EXPECT_ERROR(open(), ErrorCode::disk);
        EXPECT_FALSE(std::filesystem::exists(scratch / "coffer.db"));
    }
}

} // namespace
} // namespace coffer::test
