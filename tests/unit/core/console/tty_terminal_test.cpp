#include "core/console/tty_terminal.h"

#include "core/base/error.h"
#include "core/console/real_environment.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iostream>
#include <poll.h>
#include <pty.h>
#include <sstream>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace coffer::console {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A child whose controlling terminal is a pseudo-terminal; this end is the person's.
class Person {
public:
    /// The child exits with what `work` returns, or with the exit status of the Error that it throws.
    explicit Person(const std::function<int(TtyTerminal&)>& work, winsize size = {24, 80, 0, 0})
    {
        m_child = ::forkpty(&m_master, nullptr, nullptr, &size);
        if (m_child != 0)
            return;
        std::signal(SIGHUP, SIG_DFL);
        int status = 99;
        try {
            TtyTerminal terminal;
            status = work(terminal);
        } catch (const Error& error) {
            status = static_cast<int>(error.exit_status());
        } catch (...) {
        }
        ::_exit(status);
    }
    Person(const Person&) = delete;
    Person& operator=(const Person&) = delete;
    ~Person()
    {
        close();
        if (m_child > 0) {
            ::kill(m_child, SIGKILL);
            ::waitpid(m_child, nullptr, 0);
        }
    }

    pid_t child() const { return m_child; }
    const std::string& seen() const { return m_seen; }

    /// Waits until the screen shows the text after what was waited for before.
    void wait_for(const std::string& text)
    {
        while (m_seen.find(text, m_waited) == std::string::npos)
            if (!read_some()) {
                ADD_FAILURE() << "no `" << text << "` in: " << m_seen;
                return;
            }
        m_waited = m_seen.find(text, m_waited) + text.size();
    }
    void type(std::string_view text)
    {
        ASSERT_EQ(::write(m_master, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    bool echoes() const { return (settings().c_lflag & ECHO) != 0; }
    termios settings() const
    {
        termios now{};
        EXPECT_EQ(::tcgetattr(m_master, &now), 0);
        return now;
    }
    void close()
    {
        if (m_master >= 0)
            ::close(m_master);
        m_master = -1;
    }
    /// The exit status; a signal is 128 more than its number, as in a shell.
    int status()
    {
        if (m_master >= 0)
            while (read_some()) {}
        int result = 0;
        ::waitpid(m_child, &result, 0);
        m_child = -1;
        return WIFSIGNALED(result) ? 128 + WTERMSIG(result) : WEXITSTATUS(result);
    }

private:
    bool read_some()
    {
        pollfd entry{m_master, POLLIN, 0};
        constexpr int patience = 10000;
        if (::poll(&entry, 1, patience) != 1)
            return false;
        std::array<char, 4096> buffer{};
        const auto count = ::read(m_master, buffer.data(), buffer.size());
        if (count <= 0)
            return false;
        m_seen.append(buffer.data(), static_cast<std::size_t>(count));
        return true;
    }

    pid_t m_child = -1;
    int m_master = -1;
    std::string m_seen;
    std::size_t m_waited = 0;
};

bool same_settings(const termios& a, const termios& b)
{
    return a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag && a.c_lflag == b.c_lflag &&
           std::ranges::equal(a.c_cc, b.c_cc);
}

int read_one_secret(TtyTerminal& terminal)
{
    return static_cast<int>(terminal.read_secret("Passphrase: ").size());
}

int read_one_line(TtyTerminal& terminal)
{
    return static_cast<int>(terminal.read_line("Line: ").size());
}

TEST(TtyTerminal, EchoesALine)
{
    Person person{[](TtyTerminal& terminal) { return terminal.read_line("Go on? ") == "yes" ? 42 : 1; }};
    person.wait_for("Go on? ");
    EXPECT_TRUE(person.echoes());
    person.type("yes\n");
    EXPECT_EQ(person.status(), 42);
    EXPECT_THAT(person.seen(), HasSubstr("yes"));
}

TEST(TtyTerminal, HidesASecretAndPutsTheEchoBack)
{
    Person person{[](TtyTerminal& terminal) {
        const auto secret = terminal.read_secret("Passphrase: ");
        terminal.read_line("Next: ");
        return static_cast<int>(secret.size());
    }};
    person.wait_for("Passphrase: ");
    EXPECT_FALSE(person.echoes());
    person.type("canary4711\n");
    person.wait_for("Next: ");
    EXPECT_TRUE(person.echoes());
    person.type("\n");
    EXPECT_EQ(person.status(), 10);
    EXPECT_THAT(person.seen(), Not(HasSubstr("canary")));
}

TEST(TtyTerminal, EndsAnAnswerThatTakesTooLong)
{
    for (const auto& ask : {std::function<void(TtyTerminal&)>{[](TtyTerminal& terminal) { terminal.read_line("Answer: "); }},
                            std::function<void(TtyTerminal&)>{[](TtyTerminal& terminal) { terminal.read_secret("Answer: "); }},
                            std::function<void(TtyTerminal&)>{[](TtyTerminal& terminal) { terminal.read_key("Answer: "); }}}) {
        Person person{[&](TtyTerminal& terminal) {
            terminal.limit_waiting(Duration{1});
            ask(terminal);
            return 1;
        }};
        person.wait_for("Answer: ");
        EXPECT_EQ(person.status(), 10) << "Error{interrupted}, though nobody typed or went away";
        EXPECT_TRUE(person.echoes());
    }
}

TEST(TtyTerminal, PutsTheSettingsBackAfterEverySignalThatEnds)
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        SCOPED_TRACE(signal);
        for (const auto& work :
             {std::function<int(TtyTerminal&)>{read_one_secret}, std::function<int(TtyTerminal&)>{read_one_line},
              std::function<int(TtyTerminal&)>{[](TtyTerminal& terminal) {
                  terminal.read_key("Key: ");
                  return 1;
              }}}) {
            Person person{work};
            const auto before = person.settings();
            person.wait_for(": ");
            EXPECT_FALSE(same_settings(before, person.settings()));
            ::kill(person.child(), signal);
            EXPECT_EQ(person.status(), 10);
            EXPECT_TRUE(same_settings(before, person.settings()));
        }
    }
}

TEST(TtyTerminal, IsInterruptedByKeysOfTheTerminal)
{
    for (const auto* key : {"\x03", "\x04", "\x1c", "half\x03"}) {
        Person secret{read_one_secret};
        secret.wait_for("Passphrase: ");
        secret.type(key);
        EXPECT_EQ(secret.status(), 10);
        EXPECT_TRUE(secret.echoes());
        Person line{read_one_line};
        line.wait_for("Line: ");
        line.type(key);
        EXPECT_EQ(line.status(), 10);
    }
}

TEST(TtyTerminal, IsNotSuspendedAtAPrompt)
{
    Person person{read_one_secret};
    person.wait_for("Passphrase: ");
    person.type("ab\x1a"
                "cd\n");
    EXPECT_EQ(person.status(), 5);
}

TEST(TtyTerminal, IsInterruptedWhenTheTerminalGoesAway)
{
    for (const auto& work : {read_one_secret, read_one_line}) {
        Person person{work};
        person.wait_for(": ");
        person.close();
        // The hang-up itself may come right after the closed terminal was noticed.
        const auto status = person.status();
        EXPECT_TRUE(status == 10 || status == 128 + SIGHUP) << status;
    }
}

TEST(TtyTerminal, LeavesSignalsAloneOutsideOfPrompts)
{
    Person person{[](TtyTerminal& terminal) {
        terminal.read_line("Line: ");
        terminal.write_line("working");
        while (true)
            ::pause();
        return 0;
    }};
    person.wait_for("Line: ");
    person.type("x\n");
    person.wait_for("working");
    ::kill(person.child(), SIGTERM);
    EXPECT_EQ(person.status(), 128 + SIGTERM);
}

TEST(TtyTerminal, KeepsAnIgnoredSignalIgnored)
{
    Person person{[](TtyTerminal& terminal) {
        std::signal(SIGHUP, SIG_IGN);
        return static_cast<int>(terminal.read_line("Line: ").size());
    }};
    person.wait_for("Line: ");
    ::kill(person.child(), SIGHUP);
    // Input that is there at once would win against the signal.
    ::usleep(100000);
    person.type("abc\n");
    EXPECT_EQ(person.status(), 3);
}

TEST(TtyTerminal, DiscardsQueuedInput)
{
    std::array<int, 2> go{};
    ASSERT_EQ(::pipe(go.data()), 0);
    Person person{[&](TtyTerminal& terminal) {
        terminal.write_line("ready");
        char byte = 0;
        if (::read(go[0], &byte, 1) != 1)
            return 1;
        terminal.flush_input();
        return terminal.read_line("Line: ") == "typed after" ? 42 : 1;
    }};
    person.wait_for("ready");
    person.type("pasted before\nmore\nhalf");
    person.wait_for("half");
    ASSERT_EQ(::write(go[1], "x", 1), 1);
    person.wait_for("Line: ");
    person.type("typed after\n");
    EXPECT_EQ(person.status(), 42);
}

TEST(TtyTerminal, BoundsASecretAndKeepsItsRestFromTheNextReader)
{
    Person person{[](TtyTerminal& terminal) {
        try {
            terminal.read_secret("Passphrase: ");
        } catch (const Error& error) {
            if (error.code() != ErrorCode::limit)
                return 1;
        }
        return terminal.read_line("Line: ") == "after" ? 42 : 2;
    }};
    person.wait_for("Passphrase: ");
    person.type(std::string(1025, 'x') + "rest\n");
    person.wait_for("Line: ");
    person.type("after\n");
    EXPECT_EQ(person.status(), 42);

    Person longest{
        [](TtyTerminal& terminal) { return terminal.read_secret("Passphrase: ").size() == max_secret_size ? 42 : 1; }};
    longest.wait_for("Passphrase: ");
    longest.type(std::string(1024, 'x') + "\n");
    EXPECT_EQ(longest.status(), 42);
}

/// Whether the marker, which is kept inverted here, lies anywhere in writable memory. The secret
/// itself has died before.
bool memory_holds(const std::string& inverted_marker)
{
    std::ifstream maps{"/proc/self/maps"};
    const int memory = ::open("/proc/self/mem", O_RDONLY);
    std::string line;
    while (std::getline(maps, line)) {
        unsigned long long start = 0;
        unsigned long long end = 0;
        char read = 0;
        char write = 0;
        if (std::sscanf(line.c_str(), "%llx-%llx %c%c", &start, &end, &read, &write) != 4 || write != 'w')
            continue;
        constexpr unsigned long long largest_region = 64U << 20U; // beyond are the shadows of a sanitizer
        if (end - start > largest_region)
            continue;
        std::vector<char> content(static_cast<std::size_t>(end - start));
        const auto count = ::pread(memory, content.data(), content.size(), static_cast<off_t>(start));
        const auto is_marker = [&](auto at) {
            return std::equal(inverted_marker.begin(), inverted_marker.end(), at,
                              [](char inverted, char c) { return static_cast<char>(~inverted) == c; });
        };
        for (ssize_t i = 0; i + static_cast<ssize_t>(inverted_marker.size()) <= count; ++i)
            if (is_marker(content.begin() + i))
                return true;
    }
    ::close(memory);
    return false;
}

TEST(TtyTerminal, LeavesNoCopyOfASecretInMemory)
{
    std::string inverted;
    for (int i = 0; i < 24; ++i)
        inverted += static_cast<char>(~('!' + (i * 37 + 11) % 90));
    const auto work = [&](bool is_secret) {
        return [&inverted, is_secret](TtyTerminal& terminal) {
            std::string line; // proves that the search finds what is there
            if (is_secret)
                terminal.read_secret("Passphrase: ");
            else
                line = terminal.read_line("Line: ");
            return memory_holds(inverted) ? 1 : 42;
        };
    };
    std::string marker;
    Person secret{work(true)};
    Person line{work(false)};
    for (const char c : inverted)
        marker += static_cast<char>(~c);
    secret.wait_for("Passphrase: ");
    secret.type(marker + "\n");
    EXPECT_EQ(secret.status(), 42);
    line.wait_for("Line: ");
    line.type(marker + "\n");
    EXPECT_EQ(line.status(), 1);
}

TEST(TtyTerminal, KnowsTheKeysOfPaging)
{
    const std::vector<std::pair<std::string, Key>> keys = {
        {" ", Key::next},      {"\r", Key::next}, {"\x1b[6~", Key::next},   {"\x1b[B", Key::next},
        {"\x1bOC", Key::next}, {"b", Key::back},  {"\x7f", Key::back},      {"\x1b[5~", Key::back},
        {"\x1b[A", Key::back}, {"q", Key::quit},  {"n", Key::quit},         {"\x1b", Key::quit},
        {"x", Key::other},     {"y", Key::other}, {"\x1b[15~", Key::other}, {"\x1b[Z", Key::other}};
    for (const auto& [typed, key] : keys) {
        Person person{[](TtyTerminal& terminal) { return 20 + static_cast<int>(terminal.read_key("Key: ")); }};
        person.wait_for("Key: ");
        EXPECT_FALSE(person.echoes());
        person.type(typed);
        EXPECT_EQ(person.status(), 20 + static_cast<int>(key));
        EXPECT_TRUE(person.echoes());
    }
}

TEST(TtyTerminal, KnowsItsSize)
{
    const auto work = [](TtyTerminal& terminal) {
        return static_cast<int>(terminal.size().columns + terminal.size().rows);
    };
    EXPECT_EQ((Person{work, {50, 132, 0, 0}}.status()), 182);
    EXPECT_EQ((Person{work, {0, 0, 0, 0}}.status()), 104);
}

TEST(TtyTerminal, IsAbsentWithoutAControllingTerminal)
{
    const auto child = ::fork();
    if (child == 0) {
        ::setsid();
        TtyTerminal terminal;
        int status = terminal.present() ? 1 : 42;
        try {
            terminal.read_line("Line: ");
            status = 2;
        } catch (const Error& error) {
            if (error.code() != ErrorCode::presence)
                status = 3;
        }
        ::_exit(status);
    }
    int result = 0;
    ::waitpid(child, &result, 0);
    EXPECT_EQ(WEXITSTATUS(result), 42);
}

TEST(RealEnvironment, IsTheMachinesOwn)
{
    ::setenv("COFFER_TEST_VARIABLE", "x", 1);
    Person person{[](TtyTerminal&) {
                      RealEnvironment real;
                      auto& environment = real.environment();
                      const bool is_right =
                          environment.out_is_terminal && environment.err_is_terminal && environment.columns == 132 &&
                          environment.terminal.present() && environment.variable("COFFER_TEST_VARIABLE") == "x" &&
                          !environment.variable("COFFER_TEST_NOTHING") && environment.working_directory.is_absolute() &&
                          environment.clock.now() > UtcTime{1600000000};
                      environment.out << "hello\n" << std::flush;
                      return is_right ? 42 : 1;
                  },
                  {24, 132, 0, 0}};
    EXPECT_EQ(person.status(), 42);
    EXPECT_THAT(person.seen(), HasSubstr("hello"));
}

TEST(RealEnvironment, OutlivesAClosedPipe)
{
    Person person{[](TtyTerminal&) {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0)
            return 1;
        RealEnvironment real;
        ::close(ends[0]);
        return ::write(ends[1], "x", 1) < 0 ? 42 : 2;
    }};
    EXPECT_EQ(person.status(), 42);
}

} // namespace
} // namespace coffer::console
