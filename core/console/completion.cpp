#include "core/console/completion.h"

#include "core/base/text.h"

#include <algorithm>
#include <set>

namespace coffer::console {

namespace {

struct Lines {
    std::string text;
    Lines& operator<<(std::string_view line)
    {
        text += line;
        text += '\n';
        return *this;
    }
};

/// Where a command line can stand: after no word (""), after a group ("charter"), after a command.
std::set<std::string> places(const Program& program)
{
    std::set<std::string> all = {""};
    for (const auto& command : program.commands) {
        std::string words;
        for (const auto& word : split(command.spec.name, ' ')) {
            words += (words.empty() ? "" : " ") + word;
            all.insert(words);
        }
    }
    return all;
}

const CommandSpec* command_at(const Program& program, const std::string& place)
{
    for (const auto& command : program.commands)
        if (command.spec.name == place)
            return &command.spec;
    return nullptr;
}

/// The words that may follow here to name a command.
std::set<std::string> next_words(const Program& program, const std::string& place)
{
    std::set<std::string> words;
    const auto prefix = place.empty() ? "" : place + " ";
    for (const auto& command : program.commands)
        if (command.spec.name.starts_with(prefix) && command.spec.name != place)
            words.insert(split(command.spec.name.substr(prefix.size()), ' ').front());
    return words;
}

std::vector<OptionSpec> options_at(const Program& program, const std::string& place)
{
    std::vector<OptionSpec> options;
    if (const auto* command = command_at(program, place))
        options = command->options;
    options.insert(options.end(), program.options.begin(), program.options.end());
    options.push_back({.name = "help", .help = "show help"});
    if (place.empty())
        options.push_back({.name = "version", .help = "show the version"});
    return options;
}

Completes argument_completion(const CommandSpec* command)
{
    if (command == nullptr)
        return Completes::nothing;
    for (const auto& argument : command->arguments)
        if (argument.completes != Completes::nothing)
            return argument.completes;
    return Completes::nothing;
}

std::vector<std::string> argument_choices(const CommandSpec* command)
{
    std::vector<std::string> choices;
    if (command != nullptr)
        for (const auto& argument : command->arguments)
            choices.insert(choices.end(), argument.choices.begin(), argument.choices.end());
    return choices;
}

/// All words at this place, options last.
std::vector<std::string> candidates_at(const Program& program, const std::string& place)
{
    const auto next = next_words(program, place);
    std::vector<std::string> words{next.begin(), next.end()};
    const auto choices = argument_choices(command_at(program, place));
    words.insert(words.end(), choices.begin(), choices.end());
    for (const auto& option : options_at(program, place))
        words.push_back("--" + option.name);
    return words;
}

/// Patterns of all options that take a value, "--key|-k".
std::vector<std::string> names_with_value(const std::vector<OptionSpec>& options)
{
    std::vector<std::string> names;
    for (const auto& option : options) {
        if (option.is_flag())
            continue;
        names.push_back("--" + option.name);
        if (option.letter != '\0')
            names.push_back(std::string{"-"} + option.letter);
    }
    return names;
}

std::string identifier_of(const std::string& name)
{
    auto out = name;
    std::ranges::replace(out, '-', '_');
    return out;
}

std::string single_quoted(std::string_view text)
{
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    }
    return out + "'";
}

std::string file_action(Completes completes)
{
    switch (completes) {
    case Completes::nothing:
        return "none";
    case Completes::file:
        return "file";
    case Completes::directory:
        return "directory";
    }
    fatal("completion without an action");
}

/// The part that bash and zsh share: from the words before the cursor to `words` (candidates) and
/// `files` (none, file, directory). `skip_word` guards the values of options.
void write_rules(Lines& out, const Program& program)
{
    out << "    for word in \"${before[@]}\"; do"
        << "        if [[ -n $skip_word ]]; then skip_word=''; continue; fi"
        << "        case \"$place|$word\" in";
    for (const auto& place : places(program)) {
        const auto names = names_with_value(options_at(program, place));
        for (const auto& name : names)
            out << "            " + single_quoted(place + "|" + name) + ") skip_word=\"$word\" ;;";
        for (const auto& word : next_words(program, place))
            out << "            " + single_quoted(place + "|" + word) +
                       ") place=" + single_quoted(place.empty() ? word : place + " " + word) + " ;;";
    }
    out << "        esac"
        << "    done"
        << "    case \"$place|$skip_word\" in";
    for (const auto& place : places(program)) {
        for (const auto& option : options_at(program, place)) {
            for (const auto& name : names_with_value({option}))
                out << "        " + single_quoted(place + "|" + name) +
                           ") words=" + single_quoted(join(option.choices, " ")) +
                           "; files=" + file_action(option.completes) + " ;;";
        }
        out << "        " + single_quoted(place + "|") +
                   ") words=" + single_quoted(join(candidates_at(program, place), " ")) +
                   "; files=" + file_action(argument_completion(command_at(program, place))) + " ;;";
    }
    out << "    esac";
}

std::string bash_script(const Program& program)
{
    const auto function = "_" + identifier_of(program.name);
    Lines out;
    out << "# bash completion of " + program.name + "; written by `" + program.name + " completion bash`"
        << function + "()"
        << "{"
        << "    local current=\"${COMP_WORDS[COMP_CWORD]}\" word place='' skip_word='' words='' files=none"
        << "    local before=(\"${COMP_WORDS[@]:1:COMP_CWORD-1}\")"
        << "    COMPREPLY=()";
    write_rules(out, program);
    out << "    [[ -n $words ]] && mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")"
        << "    if [[ $files != none && $current != -* ]]; then"
        << "        local found=()"
        << "        if [[ $files == file ]]; then mapfile -t found < <(compgen -f -- \"$current\")"
        << "        else mapfile -t found < <(compgen -d -- \"$current\"); fi"
        << "        COMPREPLY+=(\"${found[@]}\")"
        << "        compopt -o filenames 2>/dev/null"
        << "    fi"
        << "    return 0"
        << "}"
        << "complete -F " + function + " " + program.name;
    return out.text;
}

std::string zsh_script(const Program& program)
{
    const auto function = "_" + identifier_of(program.name);
    Lines out;
    out << "#compdef " + program.name
        << "# zsh completion of " + program.name + "; written by `" + program.name + " completion zsh`"
        << function + "()"
        << "{"
        << "    local word place='' skip_word='' candidates='' files=none"
        << "    local -a before"
        << "    before=(\"${(@)words[2,CURRENT-1]}\")";
    Lines rules;
    write_rules(rules, program);
    // $words is zsh's own name for the command line.
    auto text = rules.text;
    for (auto at = text.find(") words="); at != std::string::npos; at = text.find(") words=", at + 1))
        text.replace(at, 8, ") candidates=");
    out.text += text;
    out << "    [[ -n $candidates ]] && compadd -- ${=candidates}"
        << "    case $files in"
        << "        file) _files ;;"
        << "        directory) _files -/ ;;"
        << "    esac"
        << "    return 0"
        << "}"
        << "if [[ $funcstack[1] == " + function + " ]]; then " + function + " \"$@\"; else compdef " + function + " " +
               program.name + "; fi";
    return out.text;
}

std::string fish_quoted(std::string_view text)
{
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + "'";
}

std::string fish_option(const OptionSpec& option)
{
    auto line = " -l " + option.name;
    if (option.letter != '\0')
        line += std::string{" -s "} + option.letter;
    if (!option.is_flag())
        line += option.completes == Completes::nothing ? " -x" : " -r";
    if (!option.choices.empty())
        line += " -a " + fish_quoted(join(option.choices, " "));
    if (option.completes == Completes::file)
        line += " -F";
    if (option.completes == Completes::directory)
        line += " -a '(__fish_complete_directories)'";
    return line + " -d " + fish_quoted(option.help);
}

std::string fish_script(const Program& program)
{
    const auto function = "__" + identifier_of(program.name) + "_is_at";
    std::set<std::string> with_value;
    for (const auto& place : places(program))
        for (const auto& name : names_with_value(options_at(program, place)))
            with_value.insert(name);
    const std::vector<std::string> value_names{with_value.begin(), with_value.end()};
    const auto all = places(program);

    Lines out;
    out << "# fish completion of " + program.name + "; written by `" + program.name + " completion fish`"
        << "function " + function << "    set -l place ''"
        << "    set -l skip_word ''"
        << "    set -l tokens (commandline -opc)"
        << "    for word in $tokens[2..-1]"
        << "        if test -n \"$skip_word\""
        << "            set skip_word ''"
        << "            continue"
        << "        end"
        << "        if contains -- $word " + join(value_names, " ") << "            set skip_word $word"
        << "            continue"
        << "        end"
        << "        set -l longer (string trim \"$place $word\")";
    std::string known;
    for (const auto& place : all)
        if (!place.empty())
            known += " " + fish_quoted(place);
    out << "        if contains -- \"$longer\"" + known << "            set place $longer"
        << "        end"
        << "    end"
        << "    test \"$place\" = \"$argv[1]\""
        << "end"
        << "complete -c " + program.name + " -f";
    for (const auto& place : all) {
        const auto start = "complete -c " + program.name + " -n " + fish_quoted(function + " " + fish_quoted(place));
        for (const auto& word : next_words(program, place)) {
            const auto* command = command_at(program, place.empty() ? word : place + " " + word);
            out << start + " -a " + word + " -d " +
                       fish_quoted(command != nullptr ? command->summary : word + " commands");
        }
        for (const auto& choice : argument_choices(command_at(program, place)))
            out << start + " -a " + choice;
        if (argument_completion(command_at(program, place)) != Completes::nothing)
            out << start + " -F";
        for (const auto& option : options_at(program, place))
            out << start + fish_option(option);
    }
    return out.text;
}

Shell parse_shell(std::string_view name)
{
    if (name == "bash")
        return Shell::bash;
    if (name == "zsh")
        return Shell::zsh;
    return Shell::fish;
}

} // namespace

std::string completion_script(const Program& program, Shell shell)
{
    switch (shell) {
    case Shell::bash:
        return bash_script(program);
    case Shell::zsh:
        return zsh_script(program);
    case Shell::fish:
        return fish_script(program);
    }
    fatal("shell without a script");
}

Command completion_command(const Program& program)
{
    CommandSpec spec{
        .name = "completion",
        .summary = "write a completion script for a shell",
        .arguments = {{.name = "SHELL", .help = "the shell", .choices = {"bash", "zsh", "fish"}}},
        .examples = {{.command = "source <(" + program.name + " completion bash)", .comment = "for this session"}},
    };
    return {std::move(spec), [&program](Invocation& invocation) {
                auto script = completion_script(program, parse_shell(invocation.text("SHELL")));
                CommandResult result;
                result.document.set("script", script);
                result.text = split(trim(script), '\n');
                return result;
            }};
}

} // namespace coffer::console
