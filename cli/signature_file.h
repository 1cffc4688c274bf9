#pragma once

#include "core/artefacts/artefact.h"

#include <filesystem>

namespace coffer::cli {

/// Writes a signed artefact back into its file, together with the signatures that others have added there since it was
/// read: several may sign one file at once. Throws Error{busy} when the file holds something else by now, or stays locked for
/// 30 seconds; else what read_file() and write_file_atomically() throw.
void write_with_those_of_others(artefacts::Artefact& artefact, const std::filesystem::path& file);

} // namespace coffer::cli
