#include "cli/files/csv_table.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace coffer::cli {

namespace {

/// The last four are full width, which spreadsheets narrow.
constexpr std::array<std::string_view, 8> formula_starts{"=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
constexpr std::string_view separators = ",;|";
/// What spreadsheets skip before they look at the first character of a cell.
constexpr std::string_view skipped = " \"";

std::string without_formulas(std::string_view text)
{
    std::string safe;
    bool starts_cell = true;
    while (!text.empty()) {
        if (starts_cell && std::ranges::any_of(formula_starts, [&](auto start) { return text.starts_with(start); }))
            safe += '\'';
        starts_cell = separators.find(text.front()) != std::string_view::npos ||
                      (starts_cell && skipped.find(text.front()) != std::string_view::npos);
        safe += text.front();
        text.remove_prefix(1);
    }
    return safe;
}

std::string in_quotes(std::string_view text)
{
    std::string quoted = "\"";
    for (const char character : text) {
        if (character == '"')
            quoted += '"';
        quoted += character;
    }
    return quoted + '"';
}

} // namespace

std::string csv_record(const std::vector<std::string>& fields)
{
    std::vector<std::string> cells;
    for (const auto& field : fields)
        cells.push_back(in_quotes(without_formulas(escaped(field))));
    return join(cells, ",") + "\r\n";
}

} // namespace coffer::cli
