#pragma once

#include <string>
#include <vector>

namespace coffer::cli {

/// One line of a table for a spreadsheet (RFC 4180, CR LF), every field between quotes and escaped(). Spreadsheets run what begins with
/// `=`, `+`, `-` or `@`, in any width, at the start of a cell; and with another separator than this table's, cells start within a field.
/// An apostrophe stands before each such character, as OWASP advises ("CSV Injection"): so a table is for reading and nothing reads it back.
std::string csv_record(const std::vector<std::string>& fields);

} // namespace coffer::cli
