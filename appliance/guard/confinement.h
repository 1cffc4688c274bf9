#pragma once

#include <vector>

namespace coffer::appliance {

/// The first thing in main(), before a file is opened: no core dumps, not traceable, no new
/// privileges, inherited descriptors closed but 0 to 2 and `kept`, umask 077, and a seccomp
/// allow-list under which everything that talks to a network, starts a program or loads code
/// fails with EPERM whatever a library contains. A system call of another architecture or of the
/// x32 table ends the process.
///
/// Ends the process when any of it cannot be had.
void confine(const std::vector<int>& kept_descriptors);

} // namespace coffer::appliance
