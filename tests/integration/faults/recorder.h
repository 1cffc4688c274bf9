#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace coffer::test {

/// One change that a program asked of the file system, below the recorded folder; names are relative to it.
struct Operation {
    enum class Kind { create, make_folder, rename, link, unlink, write, truncate, sync_file, sync_folder, fail_file, fail_folder, acknowledge };

    Kind kind;
    int file = 0;               ///< of create, write, truncate, sync_file
    std::string name{};         ///< of create, make_folder, rename, link, unlink, sync_folder
    std::string target{};       ///< of rename, link
    std::uint64_t offset = 0;   ///< of write; the new size of truncate; what was acknowledged
    Bytes content{};            ///< of write
};

/// Files and folders below a folder, by relative name.
struct Image {
    std::vector<std::string> folders; ///< parents before children
    std::map<std::string, Bytes> files;
};

/// Makes them in a folder that is emptied first.
void put_in_place(const Image& image, const std::filesystem::path& folder);

/// How a system call is to fail.
struct Failure {
    enum class Of { any_change, sync };
    std::size_t at = 0;      ///< number of the call among those that change files (or that sync)
    int error = 0;           ///< errno
    Of of = Of::any_change;
    bool lasts = false;      ///< every later one that needs room fails, too: a disk stays full
    bool is_short = false;   ///< a write first takes half of its bytes
};

/// While it lives, what this process does to files below `folder` passes through it: the functions of the C library that
/// change files are replaced in this program (calls.cpp), also beneath SQLite. One at a time.
class Recorder {
public:
    explicit Recorder(std::filesystem::path folder);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;
    ~Recorder();

    static Recorder* active();

    /// What was there before, as the medium knows it.
    const Image& base() const { return m_base; }
    const std::vector<Operation>& operations() const { return m_operations; }
    /// The program has told somebody that everything up to `number` is done.
    void acknowledge(std::uint64_t number);

    void fail(const Failure& failure) { m_failure = failure; }
    /// How many calls could have failed so far.
    std::size_t calls() const { return m_calls; }
    bool has_failed() const { return m_has_failed; }

    // For calls.cpp.
    std::optional<std::string> name_of(int folder, const char* path) const;
    bool covers(int descriptor) const { return m_files.contains(descriptor) || m_folders.contains(descriptor); }
    void opened(int descriptor, bool existed, bool is_truncated);
    void closed(int descriptor);
    void wrote(int descriptor, std::uint64_t offset, ByteView content);
    void truncated(int descriptor, std::uint64_t size);
    void synced(int descriptor);
    /// The kernel forgets what a failed sync should have written: the next one succeeds without it.
    void sync_failed(int descriptor);
    void renamed(const std::string& from, const std::string& to);
    void linked(const std::string& from, const std::string& to);
    void unlinked(const std::string& name);
    void made_folder(const std::string& name);
    /// The errno that this call must fail with; 0 for none. `room`: whether it needs room on the disk.
    int next_failure(bool is_sync, bool needs_room);
    /// True when the call that must fail is a write that takes half of its bytes first.
    bool writes_short() const { return m_failure && m_failure->is_short && m_calls == m_failure->at + 1; }

private:
    std::filesystem::path m_folder;
    Image m_base;
    std::vector<Operation> m_operations;
    std::map<int, int> m_files;           ///< by descriptor
    std::map<int, std::string> m_folders; ///< by descriptor
    std::map<std::string, int> m_names;   ///< the file that each name means
    int m_next_file = 0;
    std::optional<Failure> m_failure;
    std::size_t m_calls = 0;
    std::size_t m_syncs = 0;
    bool m_has_failed = false;
};

/// The files of a folder as they are.
Image take_image(const std::filesystem::path& folder);

} // namespace coffer::test
