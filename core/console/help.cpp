#include "core/console/help.h"

#include "core/base/text.h"
#include "core/console/output.h"
#include "core/console/parser.h"

#include <algorithm>

namespace coffer::console {

namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

void add_section(std::vector<std::string>& out, std::string_view title, const Entries& entries, std::size_t width)
{
    if (entries.empty())
        return;
    constexpr std::size_t widest_name = 30;
    std::size_t column = 0;
    for (const auto& [name, help] : entries)
        column = std::max(column, std::min(widest_name, display_width(name)));
    column += 4;
    out.emplace_back();
    out.emplace_back(title);
    for (const auto& [name, help] : entries) {
        auto line = "  " + name;
        if (help.empty()) {
            out.push_back(std::move(line));
            continue;
        }
        const auto text = wrap_hard(help, width > column + 20 ? width - column : 20);
        if (display_width(line) + 2 > column) {
            out.push_back(line);
            line.clear();
        }
        for (const auto& part : text) {
            const auto used = display_width(line);
            out.push_back(line + std::string(column > used ? column - used : 0, ' ') + part);
            line.clear();
        }
    }
}

std::string option_name(const OptionSpec& option)
{
    std::string name = option.letter != '\0' ? std::string{"-"} + option.letter + ", " : "";
    name += "--" + option.name;
    if (!option.is_flag())
        name += " " + option.metavar;
    return name;
}

std::string option_help(const OptionSpec& option)
{
    auto help = option.help;
    if (!option.choices.empty())
        help += " (" + join(option.choices, ", ") + ")";
    if (option.presence == Presence::required)
        help += " (required)";
    if (option.occurs == Occurs::repeatedly)
        help += " (may be repeated)";
    if (!option.default_value.empty())
        help += " [default: " + option.default_value + "]";
    return help;
}

Entries entries_of(const std::vector<OptionSpec>& options)
{
    Entries entries;
    for (const auto& option : options)
        entries.emplace_back(option_name(option), option_help(option));
    return entries;
}

Entries entries_of(const std::vector<ArgumentSpec>& arguments)
{
    Entries entries;
    for (const auto& argument : arguments) {
        auto help = argument.help;
        if (!argument.choices.empty())
            help += " (" + join(argument.choices, ", ") + ")";
        entries.emplace_back(argument.name, std::move(help));
    }
    return entries;
}

Entries commands_of(const Program& program, std::string_view group)
{
    Entries entries;
    for (const auto& command : program.commands)
        if (group.empty() || command.spec.name == group || command.spec.name.starts_with(std::string{group} + " "))
            entries.emplace_back(command.spec.name, command.spec.summary);
    return entries;
}

std::string_view meaning(ExitStatus status)
{
    switch (status) {
    case ExitStatus::done:
        return "done";
    case ExitStatus::failure:
        return "anything else";
    case ExitStatus::usage:
        return "wrong usage";
    case ExitStatus::malformed:
        return "malformed input";
    case ExitStatus::policy:
        return "refused by policy";
    case ExitStatus::signature:
        return "vote, key or signature invalid";
    case ExitStatus::conflict:
        return "conflict with the present state";
    case ExitStatus::not_found:
        return "not found";
    case ExitStatus::unavailable:
        return "unavailable (network, HSM, database, disk)";
    case ExitStatus::integrity:
        return "integrity failure (tampering, rollback, clock)";
    case ExitStatus::person:
        return "waits for a person";
    }
    fatal("exit status without a meaning");
}

Entries global_entries(const Program& program)
{
    auto entries = entries_of(program.options);
    entries.emplace_back("-h, --help", "show this, for a command what it takes");
    entries.emplace_back("--version", "show the version");
    return entries;
}

Document describe_option(const OptionSpec& option)
{
    auto document = Document::object();
    document.set("name", option.name);
    if (option.letter != '\0')
        document.set("letter", std::string(1, option.letter));
    if (!option.is_flag())
        document.set("metavar", option.metavar);
    document.set("help", option.help);
    document.set("required", option.presence == Presence::required);
    document.set("repeatable", option.occurs == Occurs::repeatedly);
    if (!option.default_value.empty())
        document.set("default", option.default_value);
    return document;
}

} // namespace

std::vector<ExitStatus> exits_of(const CommandSpec& command)
{
    std::vector<ExitStatus> exits = {ExitStatus::done, ExitStatus::failure, ExitStatus::usage, ExitStatus::unavailable};
    exits.insert(exits.end(), command.exits.begin(), command.exits.end());
    std::ranges::sort(exits);
    exits.erase(std::unique(exits.begin(), exits.end()), exits.end());
    return exits;
}

std::vector<std::string> help_for_program(const Program& program, std::size_t width)
{
    std::vector<std::string> out = {program.name + ": " + program.summary, "",
                                    "usage: " + program.name + " [OPTION]… COMMAND [ARGUMENT]…"};
    add_section(out, "Commands", commands_of(program, ""), width);
    add_section(out, "Options", global_entries(program), width);
    out.emplace_back();
    out.push_back("More about a command:  " + program.name + " COMMAND --help");
    return out;
}

std::vector<std::string> help_for_group(const Program& program, std::string_view group, std::size_t width)
{
    std::vector<std::string> out = {"usage: " + program.name + " " + std::string{group} + " COMMAND [ARGUMENT]…"};
    add_section(out, "Commands", commands_of(program, group), width);
    return out;
}

std::vector<std::string> help_for_command(const Program& program, const CommandSpec& command, std::size_t width)
{
    std::vector<std::string> out = {program.name + " " + command.name + ": " + command.summary, ""};
    for (const auto& line : wrap_hard("usage: " + usage_line(program.name, command), width))
        out.push_back(line);
    if (!command.description.empty()) {
        out.emplace_back();
        for (const auto& paragraph : split(command.description, '\n'))
            for (const auto& line : wrap_hard(paragraph, width))
                out.push_back(line);
    }
    add_section(out, "Arguments", entries_of(command.arguments), width);
    add_section(out, "Options", entries_of(command.options), width);
    add_section(out, "Global options", global_entries(program), width);
    Entries exits;
    for (const auto status : exits_of(command))
        exits.emplace_back(std::to_string(static_cast<int>(status)), meaning(status));
    add_section(out, "Exit status", exits, width);
    Entries examples;
    for (const auto& example : command.examples)
        examples.emplace_back(example.command, example.comment);
    add_section(out, "Examples", examples, width);
    return out;
}

Document describe_command(const CommandSpec& command)
{
    auto arguments = Document::list();
    for (const auto& argument : command.arguments)
        arguments.add(Document::object()
                          .set("name", argument.name)
                          .set("help", argument.help)
                          .set("required", argument.presence == Presence::required)
                          .set("repeatable", argument.occurs == Occurs::repeatedly));
    auto options = Document::list();
    for (const auto& option : command.options)
        options.add(describe_option(option));
    auto exits = Document::list();
    for (const auto status : exits_of(command))
        exits.add(static_cast<int>(status));
    return Document::object()
        .set("name", command.name)
        .set("summary", command.summary)
        .set("description", command.description)
        .set("arguments", std::move(arguments))
        .set("options", std::move(options))
        .set("exits", std::move(exits));
}

Document describe_program(const Program& program)
{
    auto options = Document::list();
    for (const auto& option : program.options)
        options.add(describe_option(option));
    options.add(describe_option({.name = "help", .help = "show help", .letter = 'h'}));
    options.add(describe_option({.name = "version", .help = "show the version"}));
    auto commands = Document::list();
    for (const auto& command : program.commands)
        commands.add(describe_command(command.spec));
    return Document::object()
        .set("program", program.name)
        .set("version", program.version)
        .set("summary", program.summary)
        .set("options", std::move(options))
        .set("commands", std::move(commands));
}

} // namespace coffer::console
