#include "appliance/ceremony/words_on_paper.h"

#include "core/base/error.h"
#include "core/console/dialogue.h"

#include <algorithm>
#include <set>
#include <vector>

namespace coffer::appliance {

namespace {

constexpr int most_tries = 3;
constexpr std::size_t asked_words = 3;
constexpr std::size_t least_letters = 4; // tell every word of the list from all others (SLIP-39, "Wordlist")
constexpr std::size_t columns = 3;
constexpr std::size_t column_width = 16;

/// Where each word begins and ends.
std::vector<ByteView> words_of(const SecretBytes& text)
{
    std::vector<ByteView> words;
    const auto all = text.reveal();
    for (std::size_t begin = 0; begin < all.size();) {
        const auto end = static_cast<std::size_t>(std::find(all.begin() + static_cast<std::ptrdiff_t>(begin), all.end(), ' ') - all.begin());
        words.push_back(all.subspan(begin, end - begin));
        begin = end + 1;
    }
    return words;
}

void show(console::Terminal& terminal, const std::vector<ByteView>& words)
{
    const auto rows = (words.size() + columns - 1) / columns;
    for (std::size_t row = 0; row < rows; ++row) {
        for (auto i = row; i < words.size(); i += rows) {
            const auto number = std::to_string(i + 1);
            terminal.write(std::string(4 - number.size(), ' ') + number + "  ");
            terminal.write_secret(words[i]);
            terminal.write(std::string(column_width - words[i].size(), ' '));
        }
        terminal.write("\n");
    }
}

std::set<std::size_t> draw_places(crypto::Random& random, std::size_t count)
{
    std::set<std::size_t> places;
    while (places.size() < asked_words)
        places.insert(random.array<1>()[0] % count); // who writes down what is asked knows no place beforehand; a slight bias tells nothing
    return places;
}

bool is_word(const SecretBytes& typed, ByteView word)
{
    const auto size = typed.size();
    if (size != word.size() && (size < least_letters || size > word.size()))
        return false;
    return typed.equals(SecretBytes::copy_of(word.first(size)));
}

bool is_confirmed(console::Environment& environment, const std::vector<ByteView>& words, const std::string& name)
{
    auto& terminal = environment.terminal;
    for (const auto place : draw_places(environment.random, words.size())) {
        terminal.flush_input();
        if (!is_word(terminal.read_secret("Word " + std::to_string(place + 1) + " of " + name + " (not shown): "), words[place]))
            return false;
    }
    return true;
}

} // namespace

ClearedScreen::~ClearedScreen()
{
    try {
        m_terminal.clear();
    } catch (const std::exception&) { // a terminal that is gone shows nothing
    }
}

void have_written_down(console::Environment& environment, const SecretBytes& words, const WordsOnPaper& paper)
{
    auto& terminal = environment.terminal;
    const auto parts = words_of(words);
    for (int tries = 0; tries < most_tries; ++tries) {
        {
            const ClearedScreen screen{terminal};
            if (tries > 0)
                terminal.write_line("That was not the word. The same words again:");
            terminal.write_line(paper.heading);
            terminal.write_line("Nobody else looks at the screen. Write down all " + std::to_string(parts.size()) + " words in order,");
            terminal.write_line(paper.and_with_them + ".");
            terminal.write("\n");
            show(terminal, parts);
            terminal.write("\n");
            static_cast<void>(console::ask_text(terminal, "Press Enter when they are written down; the screen is cleared. "));
        }
        if (is_confirmed(environment, parts, paper.name))
            return;
    }
    terminal.clear();
    throw Error{ErrorCode::declined, paper.name + " was not confirmed: what is on paper is not what was shown", paper.if_not};
}

} // namespace coffer::appliance
