#pragma once

#include "core/requests/vault_event.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace coffer::test::attacks {

/// Every file beneath a folder: mode and hash.
using Files = std::map<std::string, std::string>;

/// Everything but the log, which is compared record by record, the bundle and the receipt.
Files files_in(const std::filesystem::path& scratch);
/// The vault's log; none when it cannot be read.
std::optional<std::vector<requests::vault::Record>> records_of(const std::filesystem::path& home);

} // namespace coffer::test::attacks
