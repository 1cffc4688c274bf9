#pragma once

#include "core/base/clock.h"
#include "core/console/environment.h"
#include "core/crypto/random.h"
#include "tests/support/scripted_terminal.h"

#include <functional>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace coffer::test {

/// Stands still until it is told otherwise.
class FixedClock final : public Clock {
public:
    explicit FixedClock(UtcTime time) : m_time{time} {}
    UtcTime now() const override { return std::exchange(m_time, m_time + m_tick); }
    void set(UtcTime time) { m_time = time; }
    void advance(Duration span) { m_time = m_time + span; }
    /// Goes on by this with every look at it.
    void tick_by(Duration span) { m_tick = span; }

private:
    mutable UtcTime m_time;
    Duration m_tick{};
};

/// The same bytes in every run (splitmix64 of the seed), or from some byte on the same byte.
class ScriptedRandom final : public crypto::Random {
public:
    explicit ScriptedRandom(std::uint64_t seed) : m_state{seed} {}
    void fill(std::span<std::uint8_t> out) override
    {
        for (auto& byte : out) {
            const bool is_stuck = m_sticks_after == 0;
            m_sticks_after -= is_stuck ? 0 : 1;
            byte = is_stuck ? 0x5a : next();
        }
    }
    /// Breaks after so many bytes more.
    void stick_after(std::size_t bytes) { m_sticks_after = bytes; }

private:
    std::uint8_t next()
    {
        m_state += 0x9e3779b97f4a7c15U;
        auto mixed = (m_state ^ (m_state >> 30)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
        return static_cast<std::uint8_t>(mixed >> 56);
    }

    std::uint64_t m_state;
    std::size_t m_sticks_after = std::numeric_limits<std::size_t>::max();
};

/// All parts of an Environment, scripted: a program's `run` is called with environment().
/// Set what differs before the call; streams and terminal keep what was written.
struct TestEnvironment {
    FixedClock clock{parse_time("2026-11-21T14:02:00Z")};
    ScriptedRandom random{1};
    crypto::TestedRandom tested_random{random};
    ScriptedTerminal terminal;
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    std::map<std::string, std::string> variables;
    std::filesystem::path working_directory = ".";
    std::chrono::milliseconds monotonic{0};
    std::chrono::milliseconds monotonic_tick{0}; ///< it goes on by this with every look at it
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    std::size_t columns = 80;

    console::Environment environment()
    {
        return {.clock = clock,
                .random = tested_random,
                .terminal = terminal,
                .in = in,
                .out = out,
                .err = err,
                .variable =
                    [this](const std::string& name) {
                        const auto found = variables.find(name);
                        return found == variables.end() ? std::nullopt : std::optional{found->second};
                    },
                .working_directory = working_directory,
                .monotonic = [this] { return std::exchange(monotonic, monotonic + monotonic_tick); },
                .out_is_terminal = out_is_terminal,
                .err_is_terminal = err_is_terminal,
                .columns = columns};
    }
};

} // namespace coffer::test
