#pragma once

#include <chrono>
#include <filesystem>
#include <utility>

namespace coffer::storage {

/// What the flock is on.
enum class LockTarget {
    own_file,     ///< a file that is there for nothing else; made if it is missing
    existing_file ///< a file that whoever holds the lock may replace by another of its name
};

/// The queue in front of those who write something: an flock on a file beside it, or on itself.
///
/// Waiters sleep in the kernel, which wakes them in the order in which they came. The lock belongs
/// to an open file, so it ends with its process however that ends; the file itself stays and means
/// nothing.
class LockFile {
public:
    /// Held until it goes out of scope.
    class Lock {
    public:
        Lock(Lock&& other) noexcept : m_descriptor{std::exchange(other.m_descriptor, -1)} {}
        Lock& operator=(Lock&& other) noexcept;
        ~Lock();

    private:
        friend class LockFile;
        explicit Lock(int descriptor) : m_descriptor{descriptor} {}
        int m_descriptor;
    };

    explicit LockFile(std::filesystem::path path, LockTarget target = LockTarget::own_file) : m_path{std::move(path)}, m_target{target} {}

    /// Creates a file of its own (mode 0600) if it is missing. Throws Error{busy} after `patience`,
    /// Error{file_type} when the path is not a regular file, else as file_error() says.
    Lock acquire(std::chrono::milliseconds patience) const;

private:
    std::filesystem::path m_path;
    LockTarget m_target;
};

} // namespace coffer::storage
