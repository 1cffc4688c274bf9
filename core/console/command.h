#pragma once

#include "core/base/document.h"
#include "core/base/error.h"
#include "core/console/environment.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::console {

class Output;

/// What the shell may complete a value with.
enum class Completes { nothing, file, directory };
enum class Presence { required, optional };
enum class Occurs { once, repeatedly };

/// A positional argument. Only the last one may occur repeatedly.
struct ArgumentSpec {
    std::string name{}; ///< as the command asks for it and as help shows it: "FILE"
    std::string help{};
    Presence presence = Presence::required;
    Occurs occurs = Occurs::once;
    Completes completes = Completes::nothing;
    std::vector<std::string> choices{}; ///< when given, anything else is wrong usage
};

struct OptionSpec {
    std::string name{};    ///< "officer" for --officer
    std::string metavar{}; ///< "ID"; empty for a flag
    std::string help{};
    char letter = '\0'; ///< 'o' for -o
    Presence presence = Presence::optional;
    Occurs occurs = Occurs::once; ///< once: a second one is wrong usage
    std::string default_value{};
    std::vector<std::string> choices{}; ///< when given, anything else is wrong usage
    Completes completes = Completes::nothing;

    bool is_flag() const { return metavar.empty(); }
};

struct Example {
    std::string command{};
    std::string comment{};
};

/// A command as data. Parser, help, completion and the check of the man pages come from it.
struct CommandSpec {
    std::string name{};        ///< the words: "charter seal"
    std::string summary{};     ///< one line, lower case, no full stop
    std::string description{}; ///< paragraphs, separated by '\n'; may be empty
    std::vector<ArgumentSpec> arguments{};
    std::vector<OptionSpec> options{};
    std::vector<ExitStatus> exits{}; ///< besides those of every command: see exits_of()
    std::vector<Example> examples{};
};

/// What a command has to say.
struct CommandResult {
    /// Written with --json, and for people when `text` is empty.
    Document document = Document::object();
    /// Lines for people. Values from outside are escaped() by whoever made the line; a raw
    /// control character that is left is escaped when it is written.
    std::vector<std::string> text{};
    /// Commands to paste, written under "Next:" on stderr unless --quiet or --json.
    std::vector<std::string> next{};
    /// At the edge of a batch: results are written, the exit status is that of this error.
    std::optional<Error> first_refusal{};
};

/// One run of a command: what was given, and where to write meanwhile.
///
/// Names are those of the spec without dashes, or of the program's global options; asking for a
/// name that is in neither is a broken invariant.
class Invocation {
public:
    using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

    Invocation(Environment& environment, Output& output, const CommandSpec& command,
               std::vector<OptionSpec> global_options, Values given);

    Environment& environment() const { return m_environment; }
    /// Messages, progress, and documents before the last one (--watch).
    Output& output() const { return m_output; }
    const CommandSpec& command() const { return m_command; }

    /// True when it stands on the command line.
    bool has(std::string_view name) const;
    /// The value given, else the default, else none. Of a repeatable one the last.
    std::optional<std::string> find(std::string_view name) const;
    /// As find(); none throws Error{usage} that names the option.
    std::string text(std::string_view name) const;
    /// All values in order; the default when none is given.
    std::vector<std::string> all(std::string_view name) const;

    /// The value as a decimal number. Throws Error{usage} outside `least`…`most`.
    std::uint64_t number(std::string_view name, std::uint64_t least, std::uint64_t most) const;
    /// The value as a duration (`24h`). Throws Error{usage}.
    Duration duration(std::string_view name) const;
    /// The value as a path below the working directory; `-` stays `-`.
    std::filesystem::path path(std::string_view name) const;

private:
    const OptionSpec* option(std::string_view name) const;
    std::string label(std::string_view name) const;

    Environment& m_environment;
    Output& m_output;
    const CommandSpec& m_command;
    std::vector<OptionSpec> m_global_options;
    Values m_given;
};

/// A spec and the function that does the work. A program's own state is in the closure, or is
/// made in it from the invocation's global options.
struct Command {
    CommandSpec spec;
    std::function<CommandResult(Invocation&)> run;
};

} // namespace coffer::console
