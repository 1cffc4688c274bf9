#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"
#include "core/base/secret.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace coffer::storage {

enum class Overwrite { no, yes };

constexpr mode_t private_mode = 0600;
constexpr std::size_t most_passphrase_bytes = 1024;

/// Reads a regular file. Throws Error: `not_found`; `file_type` for anything but a regular file (a
/// last component that is a symbolic link, a FIFO, a device, a folder), and for a way to it over a symbolic link
/// that does not stand on the file system of / or belongs to somebody else than root and this user; `limit` for
/// more than `most_bytes`; `file_perm` when it may not be read; `disk`.
Bytes read_file(const std::filesystem::path& path, std::size_t most_bytes);

/// The same into guarded memory, with no copy elsewhere. Throws Error{file_perm}, too, when group
/// or others may access the file or somebody else owns it.
SecretBytes read_secret_file(const std::filesystem::path& path, std::size_t most_bytes);

/// A secret file of at most 1 KiB, without one newline at its end.
SecretBytes read_passphrase_file(const std::filesystem::path& path);

/// Reads what is left of an open descriptor (a passphrase's), bounded and stripped likewise.
SecretBytes read_passphrase_descriptor(int descriptor);

/// Writes a whole file durably: a temporary file in the same folder, fsync, read back from the
/// medium and compared, renamed into place, fsync of the folder. Whatever fails, the old content
/// stays and the temporary file goes; after a crash, either content is there whole.
/// Throws Error: `exists` when it is there already and `overwrite` is no; `disk` when there is no room,
/// the medium is read-only or fails, or reads back otherwise; `file_perm`; `file_type` for a way over links as
/// above; `not_found` for the folder.
void write_file_atomically(const std::filesystem::path& path, ByteView content, mode_t mode, Overwrite overwrite);

/// Makes the names in a folder durable. Throws Error{disk}.
void sync_folder(const std::filesystem::path& path);

/// Creates a folder of mode 0700 and makes its name durable. Throws Error{exists}.
void create_private_directory(const std::filesystem::path& path);

/// Throws Error{file_perm} unless the file or folder belongs to this user and is closed to group
/// and others, Error{file_type} for a symbolic link, Error{not_found}.
void require_private(const std::filesystem::path& path);

/// A path, safe to show: coffer::quoted of its text.
std::string quoted(const std::filesystem::path& path);

/// Error for a failed system call on `path`: ENOSPC, EDQUOT, EIO, EROFS, EFBIG → `disk`; ENOENT,
/// ENOTDIR → `not_found`; EACCES, EPERM → `file_perm`; ELOOP → `file_type`; EEXIST → `exists`;
/// else `internal`.
Error file_error(int number, std::string_view action, const std::filesystem::path& path);

} // namespace coffer::storage
