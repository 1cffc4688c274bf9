#include "core/console/parser.h"

#include "core/base/text.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

namespace coffer::console {

namespace {

// Nobody's option takes a secret, so whoever writes one of these has just shown it to ps(1).
constexpr std::array secret_names = {"passphrase", "password",    "pin",     "mnemonic", "seed",    "seed-phrase",
                                     "words",      "private-key", "entropy", "secret",   "secrets", "share"};

bool looks_like_option(std::string_view arg)
{
    return arg.size() > 1 && arg.front() == '-';
}

std::string_view before_equals(std::string_view arg)
{
    return arg.substr(0, arg.find('='));
}

Error usage_error(std::string message)
{
    return {ErrorCode::usage, std::move(message)};
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates)
{
    const auto best = nearest(word, candidates);
    return best.empty() ? "" : "; did you mean `" + best + "`?";
}

const OptionSpec* find_option(const std::vector<OptionSpec>& options, std::string_view arg)
{
    const auto name = before_equals(arg);
    for (const auto& option : options) {
        if (name == "--" + option.name)
            return &option;
        if (option.letter != '\0' && arg.size() == 2 && arg[0] == '-' && arg[1] == option.letter)
            return &option;
    }
    return nullptr;
}

std::string option_names(const OptionSpec& option)
{
    auto names = "--" + option.name;
    if (option.letter != '\0')
        names = std::string{"-"} + option.letter + "," + names;
    return names;
}

void check_choice(const std::string& label, const std::vector<std::string>& choices, const std::string& value)
{
    if (!choices.empty() && std::ranges::find(choices, value) == choices.end())
        throw usage_error(label + ": " + coffer::quoted(value) + " is none of " + join(choices, ", "));
}

/// CLI11 reads `--option=` as an option without a value and takes the next argument for it, and
/// drops `++`; neither is meant here.
void refuse_what_is_unclear(const std::vector<std::string>& args)
{
    for (const auto& arg : args) {
        if (arg.starts_with("--") && before_equals(arg).size() + 1 == arg.size())
            throw usage_error("option " + coffer::quoted(before_equals(arg)) + " has no value after `=`");
        if (arg == "++")
            throw usage_error("argument `++` has no meaning")
                .with_hint("as an option's value write --option=++, as a file ./++");
    }
}

struct Tokens {
    Invocation::Values options;
    std::vector<std::string> positional;
};

/// Options by CLI11; what it does not know comes back in order and is judged here, since its
/// vectors of positional arguments split values like `[a,b]`.
Tokens tokenize(const CommandSpec& command, const std::vector<OptionSpec>& options, std::vector<std::string> args)
{
    Tokens tokens;
    const auto end_of_options = std::ranges::find(args, "--");
    if (end_of_options != args.end())
        tokens.positional.assign(end_of_options + 1, args.end());
    args.erase(end_of_options, args.end());
    refuse_what_is_unclear(args);

    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    std::vector<CLI::Option*> parsed;
    for (const auto& option : options) {
        auto* added = option.is_flag() ? app.add_flag(option_names(option))
                                       : app.add_option(option_names(option), CLI::callback_t{});
        added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        parsed.push_back(added);
    }
    const auto last = args.empty() ? std::string{} : args.back();
    try {
        std::ranges::reverse(args);
        app.parse(args);
    } catch (const CLI::ArgumentMismatch&) {
        throw usage_error("option " + coffer::quoted(before_equals(last)) + " needs a value");
    } catch (const CLI::Error&) {
        throw usage_error("the arguments of `" + command.name + "` are not understood");
    }

    std::vector<std::string> before_end;
    std::vector<std::string> names;
    for (const auto& option : options)
        names.push_back("--" + option.name);
    for (const auto& extra : app.remaining()) {
        if (looks_like_option(extra)) {
            const auto name = before_equals(extra);
            throw usage_error("`" + command.name + "` has no option " + coffer::quoted(name) +
                              did_you_mean(name, names));
        }
        before_end.push_back(extra);
    }
    tokens.positional.insert(tokens.positional.begin(), before_end.begin(), before_end.end());

    for (std::size_t i = 0; i < options.size(); ++i) {
        const auto& option = options[i];
        const auto& values = parsed[i]->results();
        if (values.empty())
            continue;
        const auto label = "--" + option.name;
        if (option.is_flag()) {
            if (std::ranges::any_of(values, [](const auto& value) { return value != "true"; }))
                throw usage_error("option `" + label + "` takes no value");
        } else if (option.occurs == Occurs::once && values.size() > 1) {
            throw usage_error("option `" + label + "` is given " + std::to_string(values.size()) + " times");
        }
        for (const auto& value : values)
            check_choice(label, option.choices, value);
        tokens.options.emplace(option.name, values);
    }
    return tokens;
}

void assign_positional(const CommandSpec& command, const std::vector<std::string>& given, Invocation::Values& values)
{
    auto next = given.begin();
    for (const auto& argument : command.arguments) {
        const auto take = argument.occurs == Occurs::repeatedly ? given.end() - next
                                                                : std::min<std::ptrdiff_t>(1, given.end() - next);
        if (take == 0 && argument.presence == Presence::required)
            throw usage_error("`" + command.name + "` needs " + argument.name);
        for (auto value = next; value != next + take; ++value)
            check_choice(argument.name, argument.choices, *value);
        if (take > 0)
            values[argument.name].assign(next, next + take);
        next += take;
    }
    if (next != given.end())
        throw usage_error("`" + command.name + "` takes no argument " + coffer::quoted(*next));
}

bool begins_with_words(std::string_view name, std::string_view words)
{
    return name == words || (name.starts_with(words) && name.size() > words.size() && name[words.size()] == ' ');
}

} // namespace

void refuse_secrets(const std::vector<std::string>& args)
{
    for (const auto& arg : args) {
        if (arg == "--")
            return;
        for (const std::string name : secret_names) {
            if (before_equals(arg) != "--" + name)
                continue;
            throw Error{ErrorCode::secret_source, "a secret must not stand on the command line (--" + name + ")",
                        "others on this machine can read it there, and the shell keeps it: change the secret,\n"
                        "then leave the option out to be asked, or use --passphrase-file FILE or --passphrase-fd N"};
        }
    }
}

bool has_flag(const std::vector<std::string>& args, std::string_view name)
{
    const auto end = std::ranges::find(args, "--");
    return std::find(args.begin(), end, "--" + std::string{name}) != end;
}

FoundCommand find_command(const Program& program, const std::vector<std::string>& args)
{
    FoundCommand found;
    std::string words;
    bool looks_for_words = true;
    for (std::size_t i = 0; i < args.size(); ++i) {
        const auto& arg = args[i];
        if (arg == "--")
            looks_for_words = false;
        if (!looks_for_words || looks_like_option(arg)) {
            found.rest.push_back(arg);
            const auto* option = looks_for_words ? find_option(program.options, arg) : nullptr;
            if (option != nullptr && !option->is_flag() && arg.find('=') == std::string::npos && i + 1 < args.size())
                found.rest.push_back(args[++i]);
            continue;
        }
        const auto longer = words.empty() ? arg : words + " " + arg;
        const auto fits = [&](const Command& command) { return begins_with_words(command.spec.name, longer); };
        if (std::ranges::none_of(program.commands, fits)) {
            looks_for_words = false;
            if (found.command == nullptr) {
                std::vector<std::string> names;
                for (const auto& command : program.commands)
                    names.push_back(command.spec.name);
                throw usage_error("no command " + coffer::quoted(longer) + did_you_mean(longer, names));
            }
            found.rest.push_back(arg);
            continue;
        }
        words = longer;
        const auto exact = std::ranges::find(program.commands, words,
                                             [](const Command& c) -> std::string_view { return c.spec.name; });
        found.command = exact == program.commands.end() ? nullptr : &*exact;
    }
    if (found.command == nullptr)
        found.group = words;
    return found;
}

Invocation::Values parse_arguments(const CommandSpec& command, const std::vector<OptionSpec>& global_options,
                                   const std::vector<std::string>& args)
{
    auto options = command.options;
    options.insert(options.end(), global_options.begin(), global_options.end());
    auto tokens = tokenize(command, options, args);
    auto values = std::move(tokens.options);
    assign_positional(command, tokens.positional, values);
    for (const auto& option : options)
        if (option.presence == Presence::required && !values.contains(option.name))
            throw usage_error("`" + command.name + "` needs --" + option.name + " " + option.metavar);
    return values;
}

std::string usage_line(std::string_view program, const CommandSpec& command)
{
    auto line = std::string{program} + " " + command.name;
    for (const auto& option : command.options)
        if (option.presence == Presence::required)
            line += " --" + option.name + " " + option.metavar;
    if (std::ranges::any_of(command.options, [](const auto& o) { return o.presence == Presence::optional; }))
        line += " [OPTION]…";
    for (const auto& argument : command.arguments) {
        auto name = argument.name + (argument.occurs == Occurs::repeatedly ? "…" : "");
        line += argument.presence == Presence::optional ? " [" + name + "]" : " " + name;
    }
    return line;
}

} // namespace coffer::console
