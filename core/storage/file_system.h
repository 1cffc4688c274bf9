#pragma once

#include <filesystem>

namespace coffer::storage {

/// Throws Error{disk} for a folder on a file system of another machine: locks and shared memory, on which the database
/// relies, do not reach from one machine to the other there.
void require_local_file_system(const std::filesystem::path& folder);

} // namespace coffer::storage
