#include "core/storage/lock_file.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/storage/descriptor.h"
#include "core/storage/file.h"

#include <algorithm>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace coffer::storage {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// flock() has no time-out, and polling would starve whoever sleeps at the wrong moments. So a timer
/// interrupts the wait with a signal that does nothing: EINTR is the time-out.
class Alarm {
public:
    explicit Alarm(milliseconds delay)
    {
        install_handler();
        sigevent event{};
        event.sigev_notify = SIGEV_THREAD_ID;
        event.sigev_signo = signal_number();
        event._sigev_un._tid = static_cast<pid_t>(::syscall(SYS_gettid));
        if (::timer_create(CLOCK_MONOTONIC, &event, &m_timer) != 0)
            throw Error{ErrorCode::internal, "no timer for the lock's time-out"};
        // It repeats, since a first signal may come just before the thread sleeps.
        const itimerspec setting{in_timespec(milliseconds{50}), in_timespec(delay)};
        require(::timer_settime(m_timer, 0, &setting, nullptr) == 0, "the lock's timer cannot be set");
    }
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
    ~Alarm() { ::timer_delete(m_timer); }

private:
    static int signal_number() { return SIGRTMIN + 7; }

    static void install_handler()
    {
        struct sigaction action{};
        action.sa_handler = [](int) {};
        // Without SA_RESTART, or flock() would go back to sleep.
        action.sa_flags = 0;
        require(::sigaction(signal_number(), &action, nullptr) == 0, "the lock's signal has no handler");
    }

    static timespec in_timespec(milliseconds span)
    {
        const auto count = std::max<milliseconds::rep>(span.count(), 1);
        return {static_cast<std::time_t>(count / 1000), static_cast<long>(count % 1000) * 1'000'000};
    }

    timer_t m_timer{};
};

Descriptor open_lock(const std::filesystem::path& path, LockTarget target)
{
    const int access = target == LockTarget::own_file ? O_RDWR | O_CREAT : O_RDONLY;
    Descriptor file{uninterrupted([&] { return ::open(path.c_str(), access | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, private_mode); })};
    if (!file.is_open())
        throw file_error(errno, "open", path);
    struct stat status{};
    if (::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
        throw Error{ErrorCode::file_type, quoted(path) + " is not a regular file"};
    return file;
}

/// False when somebody removed or replaced the file meanwhile: then the lock guards nothing.
bool is_still_at(const std::filesystem::path& path, int descriptor)
{
    struct stat held{};
    struct stat named{};
    return ::fstat(descriptor, &held) == 0 && ::lstat(path.c_str(), &named) == 0 && held.st_dev == named.st_dev &&
           held.st_ino == named.st_ino;
}

bool wait_for(int descriptor, milliseconds patience)
{
    if (uninterrupted([&] { return ::flock(descriptor, LOCK_EX | LOCK_NB); }) == 0)
        return true;
    if (patience <= milliseconds::zero())
        return false;
    const auto deadline = steady_clock::now() + patience;
    const Alarm alarm{patience};
    while (::flock(descriptor, LOCK_EX) != 0) {
        if (errno != EINTR)
            throw Error{ErrorCode::internal, "flock failed with errno " + std::to_string(errno)};
        if (steady_clock::now() >= deadline)
            return false;
    }
    return true;
}

} // namespace

LockFile::Lock& LockFile::Lock::operator=(Lock&& other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

LockFile::Lock::~Lock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

LockFile::Lock LockFile::acquire(milliseconds patience) const
{
    const auto deadline = steady_clock::now() + patience;
    for (;;) {
        auto file = open_lock(m_path, m_target);
        const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
        if (!wait_for(file.number(), left))
            throw Error{ErrorCode::busy,
                        "another process has held " + quoted(m_path) + " for " + std::to_string(patience.count()) + " ms",
                        "run the command again when the other one is done"};
        if (is_still_at(m_path, file.number()))
            return Lock{file.release()};
    }
}

} // namespace coffer::storage
