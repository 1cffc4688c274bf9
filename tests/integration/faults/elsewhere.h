#pragma once

#include <optional>

namespace coffer::test {

/// What statfs(2) says about every file system, instead of the truth.
inline std::optional<unsigned> g_file_system;

} // namespace coffer::test
