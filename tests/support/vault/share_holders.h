#pragma once

#include "core/base/text.h"

#include <deque>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace coffer::test {

/// The people at a ceremony with shares: they write down what the screen shows, type the words that they are asked for, and bring their
/// paper when shares are entered. For ScriptedTerminal::answer_otherwise().
class ShareHolders {
public:
    /// What each has on paper, as it was last shown: one line of words a share.
    std::vector<std::string> papers() const
    {
        std::vector<std::string> lines;
        for (const auto& words : m_papers)
            lines.push_back(join(words, " "));
        return lines;
    }
    /// The next shares that are asked for.
    void bring(const std::vector<std::string>& shares) { m_brought.insert(m_brought.end(), shares.begin(), shares.end()); }
    bool has_brought_all() const { return m_brought.empty(); }
    /// So many of the next words are typed wrong.
    void mistype(int words) { m_mistyped = words; }

    std::optional<std::string> operator()(const std::string& prompt, const std::string& transcript)
    {
        if (prompt.starts_with("Who takes "))
            return "holder " + std::to_string(++m_holders);
        if (prompt.starts_with("Press Enter when they are written down")) {
            write_down(transcript.substr(transcript.rfind("Write down all")));
            return std::string{};
        }
        if (prompt.starts_with("Word ")) {
            const auto word = m_papers.back().at(std::stoul(prompt.substr(5)) - 1);
            return m_mistyped-- > 0 ? "academic" + word : word;
        }
        if (prompt.find("first four letters") != std::string::npos && !m_brought.empty()) {
            const auto share = m_brought.front();
            m_brought.pop_front();
            return share;
        }
        return std::nullopt;
    }

private:
    void write_down(const std::string& shown)
    {
        std::map<unsigned long, std::string> numbered;
        std::istringstream text{shown.substr(shown.find("\n\n"))};
        unsigned long number = 0;
        for (std::string word; text >> number >> word;)
            numbered[number] = word;
        std::vector<std::string> words;
        for (auto& [place, word] : numbered)
            words.push_back(word);
        if (m_papers.empty() || m_papers.back() != words) // one that was typed wrong is shown again
            m_papers.push_back(std::move(words));
    }

    std::vector<std::vector<std::string>> m_papers;
    std::deque<std::string> m_brought;
    int m_holders = 0;
    int m_mistyped = 0;
};

} // namespace coffer::test
