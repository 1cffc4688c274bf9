#include "appliance/guard/confinement.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if !defined(__x86_64__)
#error "the allow-list is written for x86-64"
#endif

namespace coffer::appliance {

namespace {

// What the programs, libcrypto, libsodium, SQLite and the C library need once they run. Not here,
// on purpose: sockets, io_uring, exec, fork and clone, ptrace, mounts, keyrings, modules.
constexpr std::array allowed_calls = {
    // descriptors and files
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_lseek, SYS_open, SYS_openat, SYS_openat2,
    SYS_close, SYS_dup, SYS_dup2, SYS_dup3, SYS_fcntl, SYS_flock, SYS_fsync, SYS_fdatasync, SYS_ftruncate, SYS_fallocate,
    SYS_stat, SYS_fstat, SYS_lstat, SYS_newfstatat, SYS_statx, SYS_statfs, SYS_fstatfs, SYS_access, SYS_faccessat,
    SYS_faccessat2, SYS_readlink, SYS_readlinkat, SYS_getdents64, SYS_getcwd, SYS_mkdir, SYS_mkdirat, SYS_rmdir, SYS_unlink,
    SYS_unlinkat, SYS_rename, SYS_renameat, SYS_renameat2, SYS_link, SYS_linkat, SYS_chmod, SYS_fchmod, SYS_fchmodat,
    SYS_utimensat, SYS_fadvise64, SYS_umask, SYS_ioctl, SYS_poll, SYS_ppoll, SYS_select, SYS_pselect6,
    // memory; code is not made at run time: see prot_exec below
    SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise, SYS_mlock, SYS_mlock2, SYS_munlock,
    // this process
    SYS_exit, SYS_exit_group, SYS_getpid, SYS_gettid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getpgrp,
    SYS_getpgid, SYS_getsid, SYS_uname, SYS_sysinfo, SYS_getrlimit, SYS_prlimit64, SYS_getrusage, SYS_sched_getaffinity,
    SYS_sched_yield, SYS_futex, SYS_set_robust_list, SYS_rseq, SYS_arch_prctl, SYS_tgkill, SYS_restart_syscall,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_sigaltstack,
    // time and randomness
    SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_time, SYS_times,
    SYS_timer_create, SYS_timer_settime, SYS_timer_delete,
    SYS_getrandom};

constexpr std::array memory_calls_with_protection = {SYS_mmap, SYS_mprotect};

constexpr std::uint32_t x32_bit = 0x40000000;

sock_filter load(std::size_t offset)
{
    return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}

sock_filter answer(std::uint32_t action)
{
    return BPF_STMT(BPF_RET | BPF_K, action);
}

std::vector<sock_filter> build_filter()
{
    std::vector<sock_filter> filter;
    const auto add = [&](sock_filter instruction) { filter.push_back(instruction); };
    const auto jump = [&](std::uint16_t test, std::uint32_t value, std::uint8_t if_true, std::uint8_t if_false) {
        add(BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | test | BPF_K), value, if_true, if_false));
    };
    add(load(offsetof(seccomp_data, arch)));
    jump(BPF_JEQ, AUDIT_ARCH_X86_64, 1, 0);
    add(answer(SECCOMP_RET_KILL_PROCESS));
    add(load(offsetof(seccomp_data, nr)));
    jump(BPF_JGE, x32_bit, 0, 1);
    add(answer(SECCOMP_RET_KILL_PROCESS));
    for (const auto call : memory_calls_with_protection) {
        // The third argument is the protection; its lower half holds every flag.
        jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 4);
        add(load(offsetof(seccomp_data, args[2])));
        jump(BPF_JSET, PROT_EXEC, 0, 1);
        add(answer(SECCOMP_RET_ERRNO | EPERM));
        add(answer(SECCOMP_RET_ALLOW));
    }
    for (const auto call : allowed_calls) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 1);
        add(answer(SECCOMP_RET_ALLOW));
    }
    // A library that finds a newer call missing falls back; one that finds it forbidden may give up.
    jump(BPF_JEQ, SYS_clone3, 0, 1);
    add(answer(SECCOMP_RET_ERRNO | ENOSYS));
    add(answer(SECCOMP_RET_ERRNO | EPERM));
    return filter;
}

void close_inherited(std::vector<int> kept)
{
    std::ranges::sort(kept);
    unsigned first = 3;
    for (const int descriptor : kept) {
        if (descriptor < 3)
            continue;
        const auto number = static_cast<unsigned>(descriptor);
        if (number > first)
            require(syscall(SYS_close_range, first, number - 1, 0) == 0, "inherited descriptors cannot be closed");
        first = number + 1;
    }
    require(syscall(SYS_close_range, first, ~0U, 0) == 0, "inherited descriptors cannot be closed");
}

} // namespace

void confine(const std::vector<int>& kept_descriptors)
{
    const rlimit no_core{0, 0};
    require(setrlimit(RLIMIT_CORE, &no_core) == 0, "core dumps cannot be turned off");
    require(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0, "tracing cannot be turned off");
    require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "new privileges cannot be ruled out");
    umask(077);
    close_inherited(kept_descriptors);
    auto filter = build_filter();
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    require(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0, "the seccomp filter cannot be set");
}

} // namespace coffer::appliance
