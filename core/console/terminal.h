#pragma once

#include "core/base/clock.h"
#include "core/base/secret.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coffer::console {

struct TerminalSize {
    std::size_t columns = 80;
    std::size_t rows = 24;
};

/// What a person pressed while paging.
enum class Key {
    next, ///< Enter, space, PageDown, right, down
    back, ///< b, Backspace, PageUp, left, up
    quit, ///< q, n, Escape
    other,
};

/// Longest answers, in bytes.
constexpr std::size_t max_line_size = 4096;
constexpr std::size_t max_secret_size = 1024;

/// The controlling terminal: the only place where a person is asked. Redirected streams do not
/// reach it, so no pipe can answer.
///
/// A signal to end (INT, TERM, HUP, QUIT), a closed terminal and the end of input at a prompt throw
/// Error{interrupted}; without a terminal every call but present() and size() throws Error{presence}.
class Terminal {
public:
    virtual ~Terminal() = default;

    virtual bool present() = 0;
    /// 80×24 when the terminal does not say.
    virtual TerminalSize size() = 0;

    /// Shows lines (separated by `\n`, the last one may be without). Whatever is not printable is
    /// escaped, so a value from outside can at worst break the line: values go through escaped().
    void write(std::string_view text);
    /// Shows words of small letters between spaces and line breaks as they are, without a copy of them anywhere. Anything else is a
    /// broken invariant.
    void write_secret(ByteView words);
    /// Shows one line; a `\n` inside it is escaped, too.
    void write_line(std::string_view line);

    /// Prompts and reads a line with echo, without its end. More than max_line_size: Error{limit}.
    std::string read_line(std::string_view prompt);
    /// Prompts and reads a line without echo, into guarded memory only. More than max_secret_size: Error{limit}.
    SecretBytes read_secret(std::string_view prompt);
    /// Prompts and waits for one key, without echo.
    Key read_key(std::string_view prompt);
    /// Discards what was typed or pasted before now.
    virtual void flush_input() = 0;
    /// Takes everything that was shown from the screen and, where the terminal can, from what it scrolls back to.
    virtual void clear() = 0;
    /// From now on an answer that takes longer than this ends the program with Error{interrupted}, as a closed terminal does: while
    /// a key that rests nowhere lies in memory.
    void limit_waiting(Duration limit) { m_longest_wait = limit; }

protected:
    const std::optional<Duration>& longest_wait() const { return m_longest_wait; }
    virtual void put(std::string_view safe_text) = 0;
    virtual std::string get_line(std::string_view safe_prompt) = 0;
    virtual SecretBytes get_secret(std::string_view safe_prompt) = 0;
    virtual Key get_key(std::string_view safe_prompt) = 0;

private:
    std::optional<Duration> m_longest_wait;
};

} // namespace coffer::console
