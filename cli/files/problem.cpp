#include "cli/files/problem.h"

#include "core/base/text.h"

namespace coffer::cli {

std::string format_problem(std::string_view file, const FileProblem& problem)
{
    auto text = escaped(file);
    if (problem.line != 0)
        text += ":" + std::to_string(problem.line);
    if (!problem.place.empty())
        text += ": " + problem.place;
    return text + ": " + problem.message;
}

Error as_error(std::string_view file, const std::vector<FileProblem>& problems)
{
    constexpr std::size_t most_spelled_out = 20;
    require(!problems.empty(), "an error without a problem");
    std::vector<std::string> messages;
    for (const auto& problem : problems) {
        if (messages.size() == most_spelled_out) {
            messages.push_back("and " + std::to_string(problems.size() - most_spelled_out) + " more");
            break;
        }
        messages.push_back(format_problem(file, problem));
    }
    return Error{problems.front().code, join(messages, "; ")};
}

std::string place_of(std::string_view sort, std::string_view id)
{
    return std::string{sort} + " \"" + escaped(id) + "\"";
}

} // namespace coffer::cli
