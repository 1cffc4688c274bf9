#include "appliance/ceremony/dice.h"

#include "core/base/error.h"
#include "core/console/dialogue.h"

#include <vector>

namespace coffer::appliance {

namespace {

class DiceEntry {
public:
    DiceEntry(console::Terminal& terminal, std::size_t least) : m_terminal{terminal}, m_least{least} {}

    keys::DiceRolls ask()
    {
        explain();
        while (take(m_terminal.read_secret("Rolls from " + std::to_string(m_rolls.count() + 1) + " on (not shown): "))) {
        }
        m_rolls.require_fair(m_least);
        require_tally();
        return std::move(m_rolls);
    }

private:
    void explain()
    {
        m_terminal.write_line("Roll a six-sided die at least " + std::to_string(m_least) + " times, keep a tally of each face on paper,");
        m_terminal.write_line("and type the rolls in lines of ten or so: digits 1 to 6, blanks as you like.");
        m_terminal.write_line("`-` takes back the last line. An empty line ends.");
        m_terminal.flush_input();
    }

    /// False once there is nothing more to ask.
    bool take(const SecretBytes& line)
    {
        if (line.empty())
            return wants_more();
        m_warned = false;
        if (line.size() == 1 && line.reveal()[0] == '-')
            take_back();
        else
            add(line);
        return true;
    }

    void add(const SecretBytes& line)
    {
        try {
            const auto rolls = m_rolls.add(line);
            m_lines.push_back(rolls);
            say(std::to_string(rolls) + " in this line");
        } catch (const Error& error) {
            m_terminal.write_line("  " + error.message() + ": nothing of it is taken.");
        }
    }

    void take_back()
    {
        const auto rolls = m_lines.empty() ? 0 : m_lines.back();
        if (!m_lines.empty())
            m_lines.pop_back();
        m_rolls.take_back(rolls);
        say(std::to_string(rolls) + " taken back");
    }

    void say(const std::string& what)
    {
        const auto count = m_rolls.count();
        m_terminal.write_line("  " + what + ", " + std::to_string(count) + " in all" +
                              (count < m_least ? ", " + std::to_string(m_least - count) + " to go." : "."));
    }

    /// One empty line too early may be a slip; the second one ends all the same.
    bool wants_more()
    {
        if (m_rolls.count() >= m_least || m_warned)
            return false;
        m_warned = true;
        say("another empty line ends");
        return true;
    }

    void require_tally()
    {
        std::string line = std::to_string(m_rolls.count()) + " rolls: ";
        const auto tally = m_rolls.tally();
        for (std::size_t face = 0; face < tally.size(); ++face)
            line += "  " + std::to_string(face + 1) + " came " + std::to_string(tally[face]);
        m_terminal.write_line(line);
        console::require_yes(m_terminal, "Does your tally say the same?", "the tally on paper is another one; the rolls are thrown away");
    }

    console::Terminal& m_terminal;
    std::size_t m_least;
    keys::DiceRolls m_rolls;
    std::vector<std::size_t> m_lines; ///< rolls of each line
    bool m_warned = false;
};

} // namespace

keys::DiceRolls ask_dice(console::Terminal& terminal, std::size_t least)
{
    console::require_terminal(terminal, "typing dice");
    return DiceEntry{terminal, least}.ask();
}

} // namespace coffer::appliance
