#include "appliance/ceremony/share_words.h"

#include "core/base/error.h"
#include "core/base/text.h"
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

std::string name_of_share(const requests::ShareSet& set, std::size_t group, std::size_t member)
{
    auto name = "share " + std::to_string(member + 1) + " of " + std::to_string(set.groups[group].holdings.size());
    if (set.groups.size() > 1)
        name += " of group " + std::to_string(group + 1) + " of " + std::to_string(set.groups.size());
    return name;
}

void hand_out(console::Environment& environment, const keys::Share& share, const std::string& name, const std::string& holder)
{
    auto& terminal = environment.terminal;
    const std::string banner = requests::is_of_rehearsal(share.header.identifier) ? "REHEARSAL: " : "";
    const auto text = keys::format_share(share);
    const auto words = words_of(text);
    for (int tries = 0; tries < most_tries; ++tries) {
        terminal.clear();
        terminal.write_line(banner + (tries == 0 ? "" : "That was not the word. ") + name + ", for " + escaped(holder) + " alone. Nobody else looks at the screen.");
        terminal.write_line("Write down all " + std::to_string(words.size()) + " words in order, with the set and the number of the share.");
        terminal.write("\n");
        show(terminal, words);
        terminal.write("\n");
        static_cast<void>(console::ask_text(terminal, "Press Enter when they are written down; the screen is cleared. "));
        terminal.clear();
        if (is_confirmed(environment, words, name))
            return;
    }
    terminal.clear();
    throw Error{ErrorCode::declined, name + " was not confirmed: what is on paper is not what was shown",
                "no share of this set is used; begin again, and destroy what was written down"};
}

void require_usable_share(const requests::ShareSets& known, const keys::Share& share, const std::string& key,
                          artefacts::Environment environment)
{
    requests::require_environment(share, environment);
    const auto identifier = std::to_string(share.header.identifier);
    if (const auto place = known.find(requests::hash_of(share))) {
        if (place->set->retired)
            throw Error{ErrorCode::share_retired, "share of set " + identifier + ", which was retired on " + format_time(*place->set->retired),
                        "take the newer one of " + escaped(place->holding().label) + ", and destroy this one"};
        if (!place->set->kept)
            throw Error{ErrorCode::share_retired, "share of set " + identifier + " of " + format_time(place->set->begun) + ", which was never finished",
                        "destroy it"};
        if (!key.empty() && place->set->set.key != key)
            throw Error{ErrorCode::share_set, "share of set " + identifier + " is of key " + coffer::quoted(place->set->set.key) + ", not of " + coffer::quoted(key)};
        return;
    }
    const auto* current = key.empty() ? nullptr : known.current_of(key);
    if (current == nullptr)
        return;
    if (current->set.identifier != share.header.identifier)
        throw Error{ErrorCode::share_set, "share is of set " + identifier + ", the set of key " + coffer::quoted(key) + " is " + std::to_string(current->set.identifier)};
    throw Error{ErrorCode::share_digest, "share says that it is of set " + identifier + ", and is none of those that were handed out",
                "it was altered or made up: keep it, and tell compliance"};
}

} // namespace coffer::appliance
