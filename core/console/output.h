#pragma once

#include "core/console/command.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::console {

enum class Colour { off, on };
enum class Format { text, json };
enum class Verbosity { normal, quiet };

/// One line, safe to write: escaped(), but for the sequences of a Styler when colour is on.
std::string safe_line(std::string_view line, Colour colour);

/// Marks text; never the only bearer of a meaning. Escapes what it marks. With colour off it
/// only escapes.
class Styler {
public:
    explicit Styler(Colour colour) : m_colour{colour} {}

    std::string strong(std::string_view text) const;
    std::string faint(std::string_view text) const;
    std::string good(std::string_view text) const;
    std::string warning(std::string_view text) const;
    std::string bad(std::string_view text) const;

private:
    std::string mark(std::string_view code, std::string_view text) const;
    Colour m_colour;
};

/// Breaks at spaces, and inside words that are longer than a line: nothing is cut.
std::vector<std::string> wrap_hard(std::string_view text, std::size_t width);

enum class Align { left, right };

/// Columns two spaces apart. Too wide for the screen, the widest columns wrap inside their
/// cells. Cells are escaped.
class Table {
public:
    struct Column {
        std::string title{};
        Align align = Align::left;
    };

    explicit Table(std::vector<Column> columns) : m_columns{std::move(columns)} {}

    /// As many cells as columns.
    Table& add(std::vector<std::string> cells);
    bool empty() const { return m_rows.empty(); }
    /// With a line of titles when any column has one.
    std::vector<std::string> lines(std::size_t width) const;

private:
    void add_lines(const std::vector<std::string>& row, const std::vector<std::size_t>& widths, std::vector<std::string>& lines) const;
    std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const;

    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
};

class Progress;

/// Where a program's words go: results to stdout, messages to stderr.
class Output {
public:
    Output(Environment& environment, std::string program, Format format, Verbosity verbosity, Colour colour);

    Format format() const { return m_format; }
    bool is_json() const { return m_format == Format::json; }
    Verbosity verbosity() const { return m_verbosity; }
    /// For lines of a CommandResult.
    Styler styler() const;
    /// Columns for a table on stdout; unbounded when it is not a terminal, so that one record
    /// stays one line.
    std::size_t width() const;

    /// Writes at once; for --watch, and by run_program() for what a command returns.
    void result(const CommandResult& result);
    /// A line on stderr unless --quiet.
    void message(std::string_view line);
    /// A line on stderr, also with --quiet: "coffer: warning: …".
    void warning(std::string_view line);
    /// The one error: on stderr, or as JSON on stdout.
    void error(const Error& error);

    /// A bar on stderr once the work has taken a second; nothing when stderr is no terminal or with --quiet.
    Progress progress(std::string what, std::uint64_t total);

private:
    void error_text(const Error& error);

    Environment& m_environment;
    std::string m_program;
    Format m_format;
    Verbosity m_verbosity;
    Colour m_out_colour;
    Colour m_err_colour;
};

/// `error` as the JSON of CLI.md: {"error":{"code","message","hint"}} and "offset" when known.
Document describe_error(const Error& error);

/// One line that says what is being done, how far it is and how long still. Erased by its end.
class Progress {
public:
    Progress(Environment& environment, std::string what, std::uint64_t total, Verbosity verbosity);
    Progress(Progress&& other) noexcept;
    Progress& operator=(Progress&&) = delete;
    ~Progress();

    void set(std::uint64_t done);
    void advance(std::uint64_t steps = 1) { set(m_done + steps); }

private:
    void draw(std::chrono::milliseconds now);

    Environment* m_environment;
    std::string m_what;
    std::uint64_t m_total;
    std::uint64_t m_done = 0;
    bool m_is_enabled;
    bool m_is_drawn = false;
    std::chrono::milliseconds m_started{};
    std::chrono::milliseconds m_drawn_at{};
};

} // namespace coffer::console
