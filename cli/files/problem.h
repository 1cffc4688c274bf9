#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::cli {

/// Something that a file of the user's gets wrong, and where.
struct FileProblem {
    std::size_t line = 0; ///< from 1; 0 where it is about the whole file
    std::string place;    ///< `rule "small"`; may be empty
    ErrorCode code;
    std::string message;
};

/// `charter.toml:41: rule "small": amount is missing`
std::string format_problem(std::string_view file, const FileProblem& problem);

/// One error for all of them, with the code of the first; there is at least one. At most 20 are spelled out.
Error as_error(std::string_view file, const std::vector<FileProblem>& problems);

/// `rule "small"`
std::string place_of(std::string_view sort, std::string_view id);

} // namespace coffer::cli
