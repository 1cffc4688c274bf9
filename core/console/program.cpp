#include "core/console/program.h"

#include "core/base/text.h"
#include "core/console/completion.h"
#include "core/console/help.h"
#include "core/console/output.h"
#include "core/console/parser.h"

#include <algorithm>
#include <limits>
#include <new>
#include <ostream>

namespace coffer::console {

namespace {

constexpr std::size_t widest_help = 100;

bool declares(const Program& program, std::string_view flag)
{
    return std::ranges::any_of(program.options, [&](const auto& option) { return option.name == flag; });
}

/// Taken from the raw arguments, since an error of parsing is written in the format asked for.
Output make_output(const Program& program, Environment& environment, const std::vector<std::string>& args)
{
    const auto given = [&](std::string_view flag) { return declares(program, flag) && has_flag(args, flag); };
    return {environment, program.name, given("json") ? Format::json : Format::text,
            given("quiet") ? Verbosity::quiet : Verbosity::normal, given("no-color") ? Colour::off : Colour::on};
}

Error group_error(const Program& program, const std::string& group)
{
    if (group.empty())
        return {ErrorCode::usage, "no command given", "see " + program.name + " --help"};
    return {ErrorCode::usage, "`" + group + "` needs one more word", "see " + program.name + " " + group + " --help"};
}

CommandResult help(const Program& program, const FoundCommand& found, std::size_t columns)
{
    const auto width = std::min(columns, widest_help);
    CommandResult result;
    if (found.command != nullptr) {
        result.document = describe_command(found.command->spec);
        result.text = help_for_command(program, found.command->spec, width);
    } else {
        result.document = describe_program(program);
        result.text =
            found.group.empty() ? help_for_program(program, width) : help_for_group(program, found.group, width);
    }
    return result;
}

CommandResult version(const Program& program)
{
    CommandResult result;
    result.document.set("program", program.name).set("version", program.version);
    result.text = {program.name + " " + program.version};
    return result;
}

bool wants_help(const std::vector<std::string>& args)
{
    const auto end = std::ranges::find(args, "--");
    return has_flag(args, "help") || std::find(args.begin(), end, "-h") != end;
}

CommandResult dispatch(const Program& program, Environment& environment, Output& output,
                       const std::vector<std::string>& args)
{
    refuse_secrets(args);
    if (!args.empty() && args.front() == "--version")
        return version(program);
    const auto found = find_command(program, args);
    if (wants_help(args))
        return help(program, found, std::max<std::size_t>(80, environment.columns));
    if (found.command == nullptr && has_flag(args, "version"))
        return version(program);
    if (found.command == nullptr && found.group.empty() && !found.rest.empty()) {
        // Nothing but options: the first that is unknown is what is wrong.
        parse_arguments({.name = program.name}, program.options, found.rest);
    }
    if (found.command == nullptr)
        throw group_error(program, found.group);
    const auto& command = *found.command;
    try {
        Invocation invocation{environment, output, command.spec, program.options,
                              parse_arguments(command.spec, program.options, found.rest)};
        environment.random.start();
        return command.run(invocation);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::usage && error.hint().empty())
            throw error.with_hint("usage: " + usage_line(program.name, command.spec));
        throw;
    }
}

/// What is thrown is at most as exact as is safe: texts of the standard library are not ours to judge.
Error error_of(std::exception_ptr thrown)
{
    try {
        std::rethrow_exception(thrown);
    } catch (const Error& error) {
        return error;
    } catch (const std::bad_alloc&) {
        return {ErrorCode::internal, "out of memory"};
    } catch (const std::filesystem::filesystem_error& error) {
        return {ErrorCode::disk, coffer::quoted(error.path1().string()) + ": " + error.code().message()};
    } catch (const std::exception&) {
        return {ErrorCode::internal, "an unexpected failure inside the program"};
    }
}

int status_number(ExitStatus status)
{
    return static_cast<int>(status);
}

int run_parsed(const Program& program, Environment& environment, Output& output, const std::vector<std::string>& args)
{
    try {
        const auto result = dispatch(program, environment, output, args);
        output.result(result);
        if (!result.first_refusal)
            return status_number(ExitStatus::done);
        if (!output.is_json())
            output.error(*result.first_refusal);
        return status_number(result.first_refusal->exit_status());
    } catch (...) {
        const auto error = error_of(std::current_exception());
        output.error(error);
        return status_number(error.exit_status());
    }
}

} // namespace

std::vector<OptionSpec> standard_options()
{
    return {
        {.name = "json", .help = "one JSON document on standard output"},
        {.name = "quiet", .help = "no messages, hints and progress"},
        {.name = "no-color", .help = "no colours"},
    };
}

int run_program(Program program, Environment& environment, const std::vector<std::string>& args)
{
    program.commands.push_back(completion_command(program));
    auto output = make_output(program, environment, args);
    const int status = run_parsed(program, environment, output, args);
    environment.err.flush();
    if (environment.out.flush())
        return status;
    Output{environment, program.name, Format::text, Verbosity::normal, Colour::on}.error(
        {ErrorCode::disk, "standard output cannot be written"});
    return status == 0 ? status_number(ExitStatus::unavailable) : status;
}

} // namespace coffer::console
