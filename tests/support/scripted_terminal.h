#pragma once

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/console/terminal.h"

#include <deque>
#include <functional>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <string_view>

namespace coffer::test {

/// A terminal with a person who answers by a script. Each step expects a prompt that holds a
/// text; any other prompt fails the test and ends the program as a closed terminal would.
/// Keys that no step expects are `next`, so that reviews page by themselves.
class ScriptedTerminal final : public console::Terminal {
public:
    using Terminal::longest_wait;

    /// An answer made from everything that was shown so far, the prompt included.
    using Answer = std::function<std::string(const std::string& transcript)>;

    ScriptedTerminal& expect(std::string prompt, std::string answer)
    {
        return expect(std::move(prompt), [answer](const std::string&) { return answer; });
    }
    ScriptedTerminal& expect(std::string prompt, const char* answer)
    {
        return expect(std::move(prompt), std::string{answer});
    }
    ScriptedTerminal& expect(std::string prompt, Answer answer)
    {
        m_steps.push_back({std::move(prompt), std::move(answer)});
        return *this;
    }
    /// At this prompt the terminal is closed, or a signal comes.
    ScriptedTerminal& expect_and_close(std::string prompt)
    {
        m_steps.push_back({std::move(prompt), nullptr});
        return *this;
    }
    /// Answers, from the prompt and everything shown so far, what no step is for; none is an unexpected prompt.
    using Person = std::function<std::optional<std::string>(const std::string& prompt, const std::string& transcript)>;
    ScriptedTerminal& answer_otherwise(Person person)
    {
        m_person = std::move(person);
        return *this;
    }
    /// The next key while paging.
    ScriptedTerminal& press(console::Key key)
    {
        m_keys.push_back(key);
        return *this;
    }
    /// A line that was typed or pasted before it was asked for: it answers the next prompt,
    /// unless it is flushed first.
    ScriptedTerminal& type_ahead(std::string line)
    {
        m_queued.push_back(std::move(line));
        return *this;
    }
    ScriptedTerminal& set_size(console::TerminalSize size)
    {
        m_size = size;
        return *this;
    }
    /// As if the program ran in cron.
    ScriptedTerminal& detach()
    {
        m_is_present = false;
        return *this;
    }

    /// Everything shown and typed; a secret is `<secret>`.
    const std::string& transcript() const { return m_transcript; }
    /// What was shown since the last answer.
    std::string shown_last() const { return m_transcript.substr(m_answered_at); }
    int flush_count() const { return m_flush_count; }
    int page_turns() const { return m_page_turns; }
    /// True when every step was used; say so at the end of a test.
    bool is_finished() const { return m_steps.empty() && m_keys.empty(); }

    bool present() override { return m_is_present; }
    console::TerminalSize size() override { return m_size; }
    void flush_input() override
    {
        require_present();
        ++m_flush_count;
        m_queued.clear();
    }

    void clear() override
    {
        require_present();
        m_transcript += "<screen cleared>\n";
    }

protected:
    void put(std::string_view safe_text) override
    {
        require_present();
        m_transcript += safe_text;
    }
    std::string get_line(std::string_view safe_prompt) override
    {
        auto line = answer(safe_prompt);
        if (line.size() > console::max_line_size)
            throw Error{ErrorCode::limit, "the answer is too long"};
        m_transcript += line + "\n";
        m_answered_at = m_transcript.size();
        return line;
    }
    SecretBytes get_secret(std::string_view safe_prompt) override
    {
        const auto line = answer(safe_prompt);
        if (line.size() > console::max_secret_size)
            throw Error{ErrorCode::limit, "the secret is too long"};
        m_transcript += "<secret>\n";
        m_answered_at = m_transcript.size();
        return SecretBytes::copy_of(bytes_of(line));
    }
    console::Key get_key(std::string_view safe_prompt) override
    {
        require_present();
        m_transcript += safe_prompt;
        ++m_page_turns;
        if (m_keys.empty())
            return console::Key::next;
        const auto key = m_keys.front();
        m_keys.pop_front();
        return key;
    }

private:
    struct Step {
        std::string prompt;
        Answer answer;
    };

    void require_present() const
    {
        if (!m_is_present)
            throw Error{ErrorCode::presence, "there is no terminal to ask a person at"};
    }

    std::string answer(std::string_view safe_prompt)
    {
        require_present();
        m_transcript += safe_prompt;
        if (!m_queued.empty()) {
            auto line = m_queued.front();
            m_queued.pop_front();
            return line;
        }
        if (m_steps.empty() || safe_prompt.find(m_steps.front().prompt) == std::string_view::npos) {
            if (m_person)
                if (const auto line = m_person(std::string{safe_prompt}, m_transcript))
                    return *line;
            ADD_FAILURE() << "unexpected prompt: " << safe_prompt
                          << (m_steps.empty() ? "" : "\nexpected: " + m_steps.front().prompt) << "\nafter:\n"
                          << m_transcript;
            throw Error{ErrorCode::interrupted, "unexpected prompt"};
        }
        const auto step = m_steps.front();
        m_steps.pop_front();
        if (!step.answer)
            throw Error{ErrorCode::interrupted, "end of input at the terminal"};
        return step.answer(m_transcript);
    }

    bool m_is_present = true;
    console::TerminalSize m_size{};
    std::deque<Step> m_steps;
    Person m_person;
    std::deque<console::Key> m_keys;
    std::deque<std::string> m_queued;
    std::string m_transcript;
    std::size_t m_answered_at = 0;
    int m_flush_count = 0;
    int m_page_turns = 0;
};

namespace detail {

/// The two numbers of the last "characters 13 to 18" or "words 2 and 5".
inline std::pair<std::size_t, std::size_t> asked_positions(const std::string& transcript, const std::string& what,
                                                           const std::string& between)
{
    const auto at = transcript.rfind(what + " ");
    if (at == std::string::npos)
        throw Error{ErrorCode::internal, "the transcript asks for no " + what};
    std::size_t used = 0;
    const auto numbers = transcript.substr(at + what.size() + 1);
    const auto first = std::stoul(numbers, &used);
    return {first, std::stoul(numbers.substr(used + between.size()))};
}

} // namespace detail

/// The right answer to "Type characters A to B of the destination, and the amount in X".
inline ScriptedTerminal::Answer challenge_answer(std::string address, std::string amount)
{
    return [address, amount](const std::string& transcript) {
        const auto [first, last] = detail::asked_positions(transcript, "characters", " to ");
        const auto body = address.starts_with("0x") ? address.substr(2) : address;
        return body.substr(first - 1, last - first + 1) + " " + amount;
    };
}

/// The right answer to "Type words A and B of the fingerprint".
inline ScriptedTerminal::Answer fingerprint_answer(std::string fingerprint)
{
    return [fingerprint](const std::string& transcript) {
        const auto [first, second] = detail::asked_positions(transcript, "words", " and ");
        const auto words = split(fingerprint, '-');
        return words.at(first - 1) + " " + words.at(second - 1);
    };
}

} // namespace coffer::test
