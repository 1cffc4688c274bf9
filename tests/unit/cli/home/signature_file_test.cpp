#include "cli/signature_file.h"

#include "core/base/error.h"
#include "core/storage/file.h"
#include "core/storage/lock_file.h"
#include "tests/support/scratch.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace coffer::cli {
namespace {

using artefacts::Artefact;
using namespace coffer::test;

/// A sealed charter in a file that several sign.
struct SharedFile {
    ScratchDirectory scratch;
    std::filesystem::path path = scratch / "charter";
    Artefact unsigned_charter = charter::seal(example_charter());

    SharedFile() { write(unsigned_charter); }

    void write(const Artefact& artefact) const { storage::write_file_atomically(path, artefact.encode(), 0644, storage::Overwrite::yes); }
    Artefact read() const { return Artefact::decode(storage::read_file(path, 1 << 20), artefacts::Kind::charter); }
    Artefact signed_by_one(const std::string& officer) const { return signed_by(unsigned_charter, {officer}); }
};

TEST(SignatureFile, KeepsWhatOthersHaveSignedMeanwhile)
{
    const SharedFile file;
    auto of_alice = file.signed_by_one("alice");
    file.write(signed_by(file.unsigned_charter, {"bob", "carol"}));
    write_with_those_of_others(of_alice, file.path);
    EXPECT_EQ(file.read().encode(), signed_by(file.unsigned_charter, {"alice", "bob", "carol"}).encode());
    EXPECT_EQ(of_alice.encode(), file.read().encode());
    write_with_those_of_others(of_alice, file.path); // once more changes nothing
    EXPECT_EQ(file.read().signatures().size(), 3U);
}

TEST(SignatureFile, RefusesAFileThatHoldsSomethingElseByNow)
{
    const SharedFile file;
    auto of_alice = file.signed_by_one("alice");
    auto other = example_charter();
    other.name = "Other";
    file.write(charter::seal(other));
    EXPECT_ERROR(write_with_those_of_others(of_alice, file.path), ErrorCode::busy);
    EXPECT_EQ(file.read().encode(), charter::seal(other).encode());
    std::filesystem::remove(file.path);
    EXPECT_ERROR(write_with_those_of_others(of_alice, file.path), ErrorCode::not_found);
    EXPECT_FALSE(std::filesystem::exists(file.path));
}

TEST(SignatureFile, WaitsForAnotherWriter)
{
    const SharedFile file;
    std::atomic<bool> is_written = false;
    std::thread writer;
    {
        const auto lock = storage::LockFile{file.path, storage::LockTarget::existing_file}.acquire(std::chrono::seconds{1});
        writer = std::thread{[&] {
            auto of_alice = file.signed_by_one("alice");
            write_with_those_of_others(of_alice, file.path);
            is_written = true;
        }};
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
        EXPECT_FALSE(is_written);
        file.write(file.signed_by_one("bob"));
    }
    writer.join();
    EXPECT_EQ(file.read().encode(), signed_by(file.unsigned_charter, {"alice", "bob"}).encode());
}

} // namespace
} // namespace coffer::cli
