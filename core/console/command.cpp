#include "core/console/command.h"

#include "core/base/text.h"

#include <algorithm>
#include <charconv>

namespace coffer::console {

namespace {

const OptionSpec* find_in(const std::vector<OptionSpec>& options, std::string_view name)
{
    const auto found =
        std::ranges::find(options, name, [](const auto& option) -> std::string_view { return option.name; });
    return found == options.end() ? nullptr : &*found;
}

} // namespace

Invocation::Invocation(Environment& environment, Output& output, const CommandSpec& command,
                       std::vector<OptionSpec> global_options, Values given)
    : m_environment{environment},
      m_output{output},
      m_command{command},
      m_global_options{std::move(global_options)},
      m_given{std::move(given)}
{
}

const OptionSpec* Invocation::option(std::string_view name) const
{
    if (const auto* own = find_in(m_command.options, name))
        return own;
    return find_in(m_global_options, name);
}

std::string Invocation::label(std::string_view name) const
{
    return (option(name) != nullptr ? "--" : "") + std::string{name};
}

bool Invocation::has(std::string_view name) const
{
    const auto is_argument = [&](const ArgumentSpec& argument) { return argument.name == name; };
    require(option(name) != nullptr || std::ranges::any_of(m_command.arguments, is_argument),
            "command asks for an option that is not in its spec");
    return m_given.find(name) != m_given.end();
}

std::optional<std::string> Invocation::find(std::string_view name) const
{
    const auto values = all(name);
    if (values.empty())
        return std::nullopt;
    return values.back();
}

std::string Invocation::text(std::string_view name) const
{
    auto value = find(name);
    if (!value)
        throw Error{ErrorCode::usage, "`" + m_command.name + "` needs " + label(name)};
    return std::move(*value);
}

std::vector<std::string> Invocation::all(std::string_view name) const
{
    if (has(name))
        return m_given.find(name)->second;
    const auto* spec = option(name);
    if (spec != nullptr && !spec->default_value.empty())
        return {spec->default_value};
    return {};
}

std::uint64_t Invocation::number(std::string_view name, std::uint64_t least, std::uint64_t most) const
{
    const auto digits = text(name);
    std::uint64_t value = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc{} || stop != end || value < least || value > most)
        throw Error{ErrorCode::usage, label(name) + ": " + coffer::quoted(digits) + " is not a number from " +
                                          std::to_string(least) + " to " + std::to_string(most)};
    return value;
}

Duration Invocation::duration(std::string_view name) const
{
    const auto given = text(name);
    try {
        return parse_duration(given);
    } catch (const Error&) {
        throw Error{ErrorCode::usage, label(name) + ": " + coffer::quoted(given) + " is not a duration",
                    "write 90s, 15m, 24h or 7d"};
    }
}

std::filesystem::path Invocation::path(std::string_view name) const
{
    const auto given = text(name);
    if (given.empty())
        throw Error{ErrorCode::usage, label(name) + " is empty, but a file is expected"};
    if (given == "-")
        return given;
    return m_environment.working_directory / given;
}

} // namespace coffer::console
