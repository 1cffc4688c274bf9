#include "core/console/output.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <ostream>
#include <utility>

namespace coffer::console {

namespace {

constexpr std::string_view code_off = "\x1b[0m";
constexpr std::string_view code_strong = "\x1b[1m";
constexpr std::string_view code_faint = "\x1b[2m";
constexpr std::string_view code_bad = "\x1b[31m";
constexpr std::string_view code_good = "\x1b[32m";
constexpr std::string_view code_warning = "\x1b[33m";
constexpr std::size_t gap = 2; // between the columns of a table
constexpr std::array codes = {code_off, code_strong, code_faint, code_bad, code_good, code_warning};

std::string_view leading_code(std::string_view text)
{
    for (const auto code : codes)
        if (text.starts_with(code))
            return code;
    return {};
}

/// The colour that a stream gets: only a terminal's, and never against NO_COLOR (no-color.org).
Colour colour_of(const Environment& environment, bool is_terminal, Colour wanted)
{
    const auto no_color = environment.variable ? environment.variable("NO_COLOR") : std::nullopt;
    const auto terminal = environment.variable ? environment.variable("TERM") : std::nullopt;
    const bool is_refused = (no_color && !no_color->empty()) || (terminal && *terminal == "dumb");
    return is_terminal && wanted == Colour::on && !is_refused ? Colour::on : Colour::off;
}

/// Bytes of the UTF-8 character that begins here; text is valid once escaped.
std::size_t character_size(std::string_view text)
{
    std::size_t size = 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U)
        ++size;
    return size;
}

/// What of the word fits, at least one character.
std::string_view fitting(std::string_view word, std::size_t width)
{
    std::size_t size = 0;
    while (size < word.size()) {
        const auto next = size + character_size(word.substr(size));
        if (size > 0 && display_width(word.substr(0, next)) > width)
            break;
        size = next;
    }
    return word.substr(0, size);
}

/// Narrows the widest column by one until all fit, but none below eight.
void fit_widths(std::vector<std::size_t>& widths, std::size_t available)
{
    constexpr std::size_t least_width = 8;
    while (std::accumulate(widths.begin(), widths.end(), std::size_t{0}) > available) {
        const auto widest = std::ranges::max_element(widths);
        if (*widest <= least_width)
            return;
        --*widest;
    }
}

std::string trimmed_right(std::string line)
{
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

std::string time_left(std::uint64_t seconds)
{
    if (seconds < 120)
        return std::to_string(std::max<std::uint64_t>(1, seconds)) + " s left";
    if (seconds < 7200)
        return std::to_string(seconds / 60) + " min left";
    return std::to_string(seconds / 3600) + " h left";
}

/// The word before a message: a refusal is a judgement, an error is not, and what waits for a
/// person or was typed wrongly is neither.
std::string_view error_word(ExitStatus status)
{
    switch (status) {
    case ExitStatus::policy:
    case ExitStatus::signature:
    case ExitStatus::conflict:
    case ExitStatus::integrity:
        return "refused: ";
    case ExitStatus::failure:
    case ExitStatus::malformed:
    case ExitStatus::not_found:
    case ExitStatus::unavailable:
        return "error: ";
    case ExitStatus::done:
    case ExitStatus::usage:
    case ExitStatus::person:
        return "";
    }
    fatal("exit status without a word");
}

} // namespace

std::string safe_line(std::string_view line, Colour colour)
{
    if (colour == Colour::off)
        return escaped(line);
    std::string out;
    std::size_t start = 0;
    for (std::size_t i = 0; i < line.size();) {
        const auto code = leading_code(line.substr(i));
        if (code.empty()) {
            ++i;
            continue;
        }
        out += escaped(line.substr(start, i - start));
        out += code;
        i += code.size();
        start = i;
    }
    return out + escaped(line.substr(start));
}

std::string Styler::mark(std::string_view code, std::string_view text) const
{
    if (m_colour == Colour::off)
        return escaped(text);
    return std::string{code} + escaped(text) + std::string{code_off};
}

std::string Styler::strong(std::string_view text) const
{
    return mark(code_strong, text);
}

std::string Styler::faint(std::string_view text) const
{
    return mark(code_faint, text);
}

std::string Styler::good(std::string_view text) const
{
    return mark(code_good, text);
}

std::string Styler::warning(std::string_view text) const
{
    return mark(code_warning, text);
}

std::string Styler::bad(std::string_view text) const
{
    return mark(code_bad, text);
}

std::vector<std::string> wrap_hard(std::string_view text, std::size_t width)
{
    require(width > 0, "text is wrapped to no columns");
    if (display_width(text) <= width)
        return {trimmed_right(std::string{text})};
    std::vector<std::string> lines;
    std::string line;
    bool is_empty = true;
    for (const auto& word : split(text, ' ')) {
        if (!is_empty && display_width(line) + 1 + display_width(word) > width) {
            lines.push_back(trimmed_right(std::move(line)));
            line.clear();
            is_empty = true;
        }
        if (!is_empty)
            line += ' ';
        is_empty = false;
        std::string_view rest = word;
        // A word that is too long stands at the start of its line by now.
        while (line.empty() && display_width(rest) > width) {
            const auto part = fitting(rest, width);
            if (part.size() == rest.size())
                break; // one character, wider than the line
            lines.emplace_back(part);
            rest.remove_prefix(part.size());
        }
        line += rest;
    }
    lines.push_back(trimmed_right(std::move(line)));
    return lines;
}

Table& Table::add(std::vector<std::string> cells)
{
    require(cells.size() == m_columns.size(), "table row has another number of cells");
    for (auto& cell : cells)
        cell = escaped(cell);
    m_rows.push_back(std::move(cells));
    return *this;
}

std::vector<std::string> Table::lines(std::size_t width) const
{
    std::vector<std::string> titles;
    for (const auto& column : m_columns)
        titles.push_back(column.title);
    const bool has_titles = std::ranges::any_of(titles, [](const auto& title) { return !title.empty(); });

    std::vector<std::size_t> widths(m_columns.size(), 0);
    const auto widen = [&](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], display_width(row[i]));
    };
    widen(titles);
    std::ranges::for_each(m_rows, widen);
    const auto gaps = gap * (m_columns.empty() ? 0 : m_columns.size() - 1);
    fit_widths(widths, width > gaps ? width - gaps : 0);

    std::vector<std::string> lines;
    lines.reserve(m_rows.size() + 1);
    if (has_titles)
        add_lines(titles, widths, lines);
    for (const auto& row : m_rows)
        add_lines(row, widths, lines);
    return lines;
}

void Table::add_lines(const std::vector<std::string>& row, const std::vector<std::size_t>& widths, std::vector<std::string>& lines) const
{
    bool fits = true;
    for (std::size_t i = 0; i < row.size(); ++i)
        fits = fits && display_width(row[i]) <= widths[i];
    if (fits) {
        lines.push_back(line_of(row, widths));
        return;
    }
    std::vector<std::vector<std::string>> parts;
    std::size_t height = 1;
    for (std::size_t i = 0; i < row.size(); ++i) {
        parts.push_back(wrap_hard(row[i], std::max<std::size_t>(1, widths[i])));
        height = std::max(height, parts.back().size());
    }
    for (std::size_t k = 0; k < height; ++k) {
        std::vector<std::string> cells;
        for (const auto& part : parts)
            cells.push_back(k < part.size() ? part[k] : "");
        lines.push_back(line_of(cells, widths));
    }
}

std::string Table::line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const
{
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i != 0)
            line.append(gap, ' ');
        const auto used = display_width(cells[i]);
        const auto blanks = widths[i] > used ? widths[i] - used : 0;
        if (m_columns[i].align == Align::right)
            line.append(blanks, ' ');
        line += cells[i];
        if (m_columns[i].align == Align::left)
            line.append(blanks, ' ');
    }
    return trimmed_right(std::move(line));
}

Output::Output(Environment& environment, std::string program, Format format, Verbosity verbosity, Colour colour)
    : m_environment{environment},
      m_program{std::move(program)},
      m_format{format},
      m_verbosity{verbosity},
      m_out_colour{colour_of(environment, environment.out_is_terminal, colour)},
      m_err_colour{colour_of(environment, environment.err_is_terminal, colour)}
{
}

Styler Output::styler() const
{
    return Styler{m_out_colour};
}

std::size_t Output::width() const
{
    constexpr std::size_t least_columns = 80;
    if (!m_environment.out_is_terminal)
        return std::numeric_limits<std::size_t>::max();
    return std::max(least_columns, m_environment.columns);
}

void Output::result(const CommandResult& result)
{
    if (is_json()) {
        if (!result.document.is_null())
            m_environment.out << result.document.to_json() << '\n' << std::flush;
        return;
    }
    const auto lines = result.text.empty() && !result.document.is_null() ? result.document.to_text() : result.text;
    for (const auto& line : lines)
        m_environment.out << safe_line(line, m_out_colour) << '\n';
    m_environment.out << std::flush;
    for (std::size_t i = 0; i < result.next.size(); ++i)
        message((i == 0 ? "Next:  " : "       ") + result.next[i]);
}

void Output::message(std::string_view line)
{
    if (m_verbosity == Verbosity::quiet)
        return;
    m_environment.err << safe_line(line, m_err_colour) << '\n';
}

void Output::warning(std::string_view line)
{
    m_environment.err << escaped(m_program) << ": " << Styler{m_err_colour}.warning("warning:") << ' ' << escaped(line)
                      << '\n';
}

void Output::error(const Error& error)
{
    if (is_json())
        m_environment.out << describe_error(error).to_json() << '\n' << std::flush;
    else
        error_text(error);
}

void Output::error_text(const Error& error)
{
    const Styler styler{m_err_colour};
    auto& err = m_environment.err;
    const auto word = error_word(error.exit_status());
    err << m_program << ": ";
    if (!word.empty())
        err << styler.bad(word.substr(0, word.size() - 1)) << ' ';
    err << escaped(error.message());
    if (error.offset())
        err << " at offset " << *error.offset();
    if (error.exit_status() != ExitStatus::usage)
        err << " (" << name_of(error.code()) << ')';
    err << '\n';
    if (!error.hint().empty())
        for (const auto& line : split(error.hint(), '\n'))
            err << "  " << escaped(line) << '\n';
    err << std::flush;
}

Document describe_error(const Error& error)
{
    auto body = Document::object();
    body.set("code", name_of(error.code())).set("message", error.message()).set("hint", error.hint());
    if (error.offset())
        body.set("offset", static_cast<std::uint64_t>(*error.offset()));
    return Document::object().set("error", std::move(body));
}

Progress Output::progress(std::string what, std::uint64_t total)
{
    return Progress{m_environment, std::move(what), total, m_verbosity};
}

Progress::Progress(Environment& environment, std::string what, std::uint64_t total, Verbosity verbosity)
    : m_environment{&environment},
      m_what{escaped(what)},
      m_total{total},
      m_is_enabled{environment.err_is_terminal && environment.monotonic && verbosity == Verbosity::normal}
{
    if (m_is_enabled)
        m_started = environment.monotonic();
}

Progress::Progress(Progress&& other) noexcept
    : m_environment{other.m_environment},
      m_what{std::move(other.m_what)},
      m_total{other.m_total},
      m_done{other.m_done},
      m_is_enabled{std::exchange(other.m_is_enabled, false)},
      m_is_drawn{std::exchange(other.m_is_drawn, false)},
      m_started{other.m_started},
      m_drawn_at{other.m_drawn_at}
{
}

Progress::~Progress()
{
    if (m_is_drawn)
        m_environment->err << "\r\x1b[K" << std::flush;
}

void Progress::set(std::uint64_t done)
{
    m_done = std::min(done, m_total);
    if (!m_is_enabled)
        return;
    constexpr std::chrono::milliseconds patience{1000};
    constexpr std::chrono::milliseconds pause{100};
    const auto now = m_environment->monotonic();
    if (now - m_started >= patience && (!m_is_drawn || now - m_drawn_at >= pause))
        draw(now);
}

void Progress::draw(std::chrono::milliseconds now)
{
    constexpr std::size_t bar_width = 20;
    // Counts of work are far below 2^50, so the products stay in 64 bits.
    const auto filled = m_total == 0 ? 0 : static_cast<std::size_t>(m_done * bar_width / m_total);
    auto line = m_what + "  [" + std::string(filled, '#') + std::string(bar_width - filled, '.') + "]  " +
                std::to_string(m_done) + " of " + std::to_string(m_total);
    if (m_done > 0 && m_done < m_total) {
        const auto seconds = static_cast<std::uint64_t>((now - m_started).count()) / 1000;
        line += "  " + time_left(seconds * (m_total - m_done) / m_done);
    }
    const auto columns = std::max<std::size_t>(20, m_environment->columns) - 1;
    m_environment->err << '\r' << fitting(line, columns) << "\x1b[K" << std::flush;
    m_is_drawn = true;
    m_drawn_at = now;
}

} // namespace coffer::console
