#include "core/console/tty_terminal.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <limits>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <vector>

namespace coffer::console {

namespace {

constexpr std::array ending_signals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

volatile std::sig_atomic_t g_ending_signal = 0;

void note_signal(int number)
{
    g_ending_signal = number;
}

[[noreturn]] void throw_interrupted(const char* why)
{
    throw Error{ErrorCode::interrupted, why};
}

/// Catches the signals that end a program, and holds them back but while wait() sleeps: so none
/// is missed between the look at the flag and the read.
class SignalCatcher {
public:
    SignalCatcher()
    {
        g_ending_signal = 0;
        sigset_t blocked;
        sigemptyset(&blocked);
        struct sigaction action {};
        action.sa_handler = note_signal;
        sigemptyset(&action.sa_mask);
        for (const int number : ending_signals)
            sigaddset(&blocked, number);
        require(pthread_sigmask(SIG_BLOCK, &blocked, &m_mask) == 0, "signals cannot be blocked");
        m_sleeping_mask = m_mask;
        for (std::size_t i = 0; i < ending_signals.size(); ++i) {
            sigaction(ending_signals[i], nullptr, &m_actions[i]);
            // nohup(1) and shells that run a job in the background ask for a signal to be ignored.
            if (m_actions[i].sa_handler != SIG_IGN)
                sigaction(ending_signals[i], &action, nullptr);
            sigdelset(&m_sleeping_mask, ending_signals[i]);
        }
    }
    SignalCatcher(const SignalCatcher&) = delete;
    SignalCatcher& operator=(const SignalCatcher&) = delete;
    ~SignalCatcher()
    {
        // A signal that came after the answer is delivered to the handler here, and then noticed
        // by nobody; give it back to whoever handled it before.
        pthread_sigmask(SIG_SETMASK, &m_sleeping_mask, nullptr);
        for (std::size_t i = 0; i < ending_signals.size(); ++i)
            sigaction(ending_signals[i], &m_actions[i], nullptr);
        pthread_sigmask(SIG_SETMASK, &m_mask, nullptr);
        if (g_ending_signal != 0 && !m_is_reported)
            raise(g_ending_signal);
    }

    /// True when there is something to read within the time; -1 waits for ever.
    bool wait(int descriptor, int milliseconds)
    {
        pollfd entry{descriptor, POLLIN, 0};
        const timespec limit{milliseconds / 1000, (milliseconds % 1000) * 1000000L};
        while (true) {
            const int ready = ppoll(&entry, 1, milliseconds < 0 ? nullptr : &limit, &m_sleeping_mask);
            if (g_ending_signal != 0)
                interrupt("interrupted by a signal");
            if (ready >= 0)
                return ready > 0;
            if (errno != EINTR)
                interrupt("the terminal cannot be read");
        }
    }

    /// Throws; a signal that comes with the reason (a hang-up, say) is then told as well.
    [[noreturn]] void interrupt(const char* why)
    {
        m_is_reported = true;
        throw_interrupted(why);
    }

private:
    bool m_is_reported = false;
    sigset_t m_mask{};
    sigset_t m_sleeping_mask{};
    std::array<struct sigaction, ending_signals.size()> m_actions{};
};

enum class Mode { line, secret, key };

/// Settings for one read; the former ones come back with its end.
class TerminalMode {
public:
    // What was typed of a secret and not read (too long, interrupted) must not reach the shell,
    // and what was typed ahead of it was echoed: both are discarded.
    TerminalMode(int descriptor, Mode mode)
        : m_descriptor{descriptor}, m_change{mode == Mode::secret ? TCSAFLUSH : TCSADRAIN}
    {
        if (tcgetattr(descriptor, &m_saved) != 0)
            throw_interrupted("the terminal is closed");
        auto changed = m_saved;
        changed.c_cc[VSUSP] = _POSIX_VDISABLE;
        if (mode == Mode::line) {
            changed.c_lflag |= static_cast<tcflag_t>(ICANON | ECHO);
        } else {
            changed.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
        }
        if (mode == Mode::secret)
            changed.c_lflag |= static_cast<tcflag_t>(ICANON);
        if (mode == Mode::key) {
            changed.c_lflag &= ~static_cast<tcflag_t>(ICANON);
            changed.c_cc[VMIN] = 1;
            changed.c_cc[VTIME] = 0;
        }
        if (tcsetattr(descriptor, m_change, &changed) != 0)
            throw_interrupted("the terminal is closed");
    }
    TerminalMode(const TerminalMode&) = delete;
    TerminalMode& operator=(const TerminalMode&) = delete;
    ~TerminalMode() { tcsetattr(m_descriptor, m_change, &m_saved); }

private:
    int m_descriptor;
    int m_change;
    termios m_saved{};
};

void write_all(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            throw_interrupted("the terminal is closed");
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

/// Reads one byte into `byte`.
void read_byte(SignalCatcher& signals, int descriptor, std::uint8_t& byte, const std::optional<Duration>& longest_wait = std::nullopt)
{
    constexpr std::int64_t most_seconds = std::numeric_limits<int>::max() / 1000;
    if (!signals.wait(descriptor, longest_wait ? static_cast<int>(std::min(longest_wait->seconds, most_seconds)) * 1000 : -1))
        signals.interrupt("nobody answered in time");
    const auto count = ::read(descriptor, &byte, 1);
    if (count == 0)
        signals.interrupt("end of input at the terminal");
    if (count < 0)
        signals.interrupt("the terminal is closed");
}

/// The rest of an escape sequence that a key sends, if one follows at once.
std::string read_sequence(SignalCatcher& signals, int descriptor)
{
    constexpr int key_milliseconds = 50;
    constexpr std::size_t longest_sequence = 8;
    std::string sequence;
    while (sequence.size() < longest_sequence && signals.wait(descriptor, key_milliseconds)) {
        std::uint8_t byte = 0;
        read_byte(signals, descriptor, byte);
        sequence += static_cast<char>(byte);
        const bool is_introducer = sequence.size() == 1 && (byte == '[' || byte == 'O');
        if (!is_introducer && byte >= 0x40 && byte <= 0x7e)
            break;
    }
    return sequence;
}

Key key_of_sequence(const std::string& sequence)
{
    if (sequence.empty())
        return Key::quit;
    if (sequence == "[6~" || sequence == "[B" || sequence == "[C" || sequence == "OB" || sequence == "OC")
        return Key::next;
    if (sequence == "[5~" || sequence == "[A" || sequence == "[D" || sequence == "OA" || sequence == "OD")
        return Key::back;
    return Key::other;
}

} // namespace

TtyTerminal::~TtyTerminal()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

bool TtyTerminal::present()
{
    if (!m_tried) {
        m_tried = true;
        m_descriptor = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    }
    return m_descriptor >= 0;
}

int TtyTerminal::descriptor()
{
    if (!present())
        throw Error{ErrorCode::presence, "there is no terminal to ask a person at"};
    return m_descriptor;
}

TerminalSize TtyTerminal::size()
{
    winsize window{};
    if (!present() || ioctl(m_descriptor, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0)
        return {};
    return {window.ws_col, window.ws_row};
}

void TtyTerminal::flush_input()
{
    tcflush(descriptor(), TCIFLUSH);
}

void TtyTerminal::clear()
{
    // ECMA-48 CUP and ED; ED 3, the lines that scrolled away, is xterm's. A terminal that knows none of them scrolls.
    std::string gone(size().rows, '\n');
    gone += "\x1b[H\x1b[2J\x1b[3J";
    write_all(descriptor(), gone);
}

void TtyTerminal::put(std::string_view safe_text)
{
    write_all(descriptor(), safe_text);
}

std::string TtyTerminal::get_line(std::string_view safe_prompt)
{
    const int tty = descriptor();
    SignalCatcher signals;
    const TerminalMode mode{tty, Mode::line};
    write_all(tty, safe_prompt);
    std::string line;
    while (true) {
        std::uint8_t byte = 0;
        read_byte(signals, tty, byte, longest_wait());
        if (byte == '\n')
            return line;
        if (line.size() == max_line_size)
            throw Error{ErrorCode::limit, "the answer is longer than " + std::to_string(max_line_size) + " bytes"};
        line += static_cast<char>(byte);
    }
}

SecretBytes TtyTerminal::get_secret(std::string_view safe_prompt)
{
    const int tty = descriptor();
    SignalCatcher signals;
    const TerminalMode mode{tty, Mode::secret};
    write_all(tty, safe_prompt);
    // The byte is read straight into guarded memory: no copy of it lies elsewhere in the process.
    SecretBytes secret{max_secret_size + 1};
    for (std::size_t size = 0; size <= max_secret_size; ++size) {
        auto& byte = secret.reveal_mutable()[size];
        read_byte(signals, tty, byte, longest_wait());
        if (byte == '\n') {
            write_all(tty, "\n");
            return secret.first(size);
        }
    }
    throw Error{ErrorCode::limit, "the secret is longer than " + std::to_string(max_secret_size) + " bytes"};
}

Key TtyTerminal::get_key(std::string_view safe_prompt)
{
    const int tty = descriptor();
    SignalCatcher signals;
    const TerminalMode mode{tty, Mode::key};
    write_all(tty, safe_prompt);
    std::uint8_t byte = 0;
    read_byte(signals, tty, byte, longest_wait());
    switch (byte) {
    case '\r':
    case '\n':
    case ' ':
        return Key::next;
    case 'b':
    case 'B':
    case 0x08:
    case 0x7f:
        return Key::back;
    case 'q':
    case 'Q':
    case 'n':
    case 'N':
        return Key::quit;
    case 0x04:
        signals.interrupt("end of input at the terminal");
    case 0x1b:
        return key_of_sequence(read_sequence(signals, tty));
    default:
        return Key::other;
    }
}

} // namespace coffer::console
