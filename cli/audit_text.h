#pragma once

#include "cli/net/json.h"
#include "core/audit/hash_chain.h"
#include "core/base/document.h"

#include <string>
#include <vector>

namespace coffer::cli {

/// A record with its event in words: sequence, time, stream, type, request, actor, details, hash.
Document describe_record(const audit::Record& record);
/// On one line.
std::string record_in_words(const audit::Record& record);

/// The cells of a record in `audit export --csv`, and what each is called.
std::vector<std::string> cells_of(const audit::Record& record);
std::vector<std::string> names_of_cells();

/// A record as `audit export` writes it: what describe_record() says, and `event` and `previous` in hex.
Document export_record(const audit::Record& record);
/// Reads it back from `event`, `previous`, `hash`, `sequence`, `stream` and `time`; what it says
/// besides is not looked at. Throws Error{malformed}.
audit::Record import_record(const Json& json);

} // namespace coffer::cli
