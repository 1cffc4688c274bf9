#include "appliance/guard/confinement.h"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <functional>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coffer::appliance {
namespace {

constexpr int held = 0;
constexpr int broken = 1;

/// Runs `check` in a child that called the programs' own start-up function; true when it held.
int run_confined(const std::function<bool()>& check, const std::vector<int>& kept = {})
{
    const auto child = fork();
    if (child == 0) {
        confine(kept);
        _exit(check() ? held : broken);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

/// The call fails with EPERM, and not because of its arguments.
bool is_forbidden(long number, long a = 0, long b = 0, long c = 0)
{
    errno = 0;
    return syscall(number, a, b, c) == -1 && errno == EPERM;
}

TEST(Confinement, ForbidsNetworksProgramsAndProcesses)
{
    const std::vector<std::pair<const char*, std::function<bool()>>> attempts = {
        {"socket", [] { return is_forbidden(SYS_socket, AF_INET, SOCK_STREAM); }},
        {"unix socket", [] { return is_forbidden(SYS_socket, AF_UNIX, SOCK_STREAM); }},
        {"socketpair", [] { return is_forbidden(SYS_socketpair, AF_UNIX, SOCK_STREAM); }},
        {"connect", [] { return is_forbidden(SYS_connect, 0); }},
        {"bind", [] { return is_forbidden(SYS_bind, 0); }},
        {"listen", [] { return is_forbidden(SYS_listen, 0); }},
        {"accept", [] { return is_forbidden(SYS_accept, 0); }},
        {"sendto", [] { return is_forbidden(SYS_sendto, 0); }},
        {"recvfrom", [] { return is_forbidden(SYS_recvfrom, 0); }},
        {"io_uring_setup", [] { return is_forbidden(SYS_io_uring_setup, 1); }},
        {"execve", [] { return is_forbidden(SYS_execve); }},
        {"fork", [] { return is_forbidden(SYS_fork); }},
        {"vfork", [] { return is_forbidden(SYS_vfork); }},
        {"ptrace", [] { return is_forbidden(SYS_ptrace); }},
        {"process_vm_readv", [] { return is_forbidden(SYS_process_vm_readv); }},
        {"mount", [] { return is_forbidden(SYS_mount); }},
        {"bpf", [] { return is_forbidden(SYS_bpf); }},
        {"init_module", [] { return is_forbidden(SYS_init_module); }},
        {"memfd_create", [] { return is_forbidden(SYS_memfd_create); }},
    };
    for (const auto& [name, attempt] : attempts)
        EXPECT_EQ(run_confined(attempt), held) << name;
}

TEST(Confinement, ForbidsNewCodeButNotNewMemory)
{
    const auto map = [](int protection) {
        return mmap(nullptr, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    };
    EXPECT_EQ(run_confined([&] { return map(PROT_READ | PROT_EXEC) == MAP_FAILED && errno == EPERM; }), held);
    EXPECT_EQ(run_confined([&] { return map(PROT_READ | PROT_WRITE) != MAP_FAILED; }), held);
    EXPECT_EQ(run_confined([&] {
                  auto* page = map(PROT_READ | PROT_WRITE);
                  return mprotect(page, 4096, PROT_READ | PROT_EXEC) == -1 && errno == EPERM && mprotect(page, 4096, PROT_READ) == 0;
              }),
              held);
}

TEST(Confinement, EndsTheProcessForCallsOfTheX32Table)
{
    const auto status = run_confined([] {
        syscall(0x40000000 | SYS_getpid);
        return false;
    });
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), SIGSYS);
}

TEST(Confinement, AllowsFilesTimeAndRandomness)
{
    EXPECT_EQ(run_confined([] {
                  const int file = open("/dev/null", O_RDONLY);
                  std::uint8_t byte = 0;
                  timespec now{};
                  return file >= 0 && close(file) == 0 && syscall(SYS_getrandom, &byte, 1, 0) == 1 &&
                         clock_gettime(CLOCK_REALTIME, &now) == 0;
              }),
              held);
}

TEST(Confinement, LeavesNoCoreDumpTraceOrPrivilege)
{
    EXPECT_EQ(run_confined([] {
                  rlimit core{1, 1};
                  return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0;
              }),
              held);
    // prctl itself is forbidden from then on, so nothing can take these back.
    EXPECT_EQ(run_confined([] { return is_forbidden(SYS_prctl, PR_SET_DUMPABLE, 1); }), held);
}

TEST(Confinement, ClosesWhatWasInheritedButThePassphrase)
{
    const int inherited = open("/dev/null", O_RDONLY);
    const int passphrase = open("/dev/null", O_RDONLY);
    EXPECT_EQ(run_confined([&] { return fcntl(inherited, F_GETFD) == -1 && fcntl(passphrase, F_GETFD) != -1; }, {passphrase}), held);
    close(inherited);
    close(passphrase);
}

} // namespace
} // namespace coffer::appliance
