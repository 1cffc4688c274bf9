#include "core/charter/quorum.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>
#include <optional>

namespace coffer::charter {

namespace {

constexpr std::size_t most_alternatives = 64;
constexpr std::size_t most_places = 32;
constexpr std::size_t most_depth = 8;
constexpr std::size_t most_count = 64;
constexpr std::size_t most_characters = 1024;

struct Node {
    enum class Type { place, all, one } type = Type::place;
    Quorum::Place place{};
    std::vector<Node> children;
};

Error invalid(std::string_view text, const std::string& why)
{
    return Error{ErrorCode::policy_invalid, "quorum " + quoted(text) + ": " + why,
                 "write it like: 2 of finance and 1 of compliance"};
}

/// Words of the grammar: `1 of or or 1 of and` would be read by people in one way and here in another.
bool is_reserved(std::string_view role)
{
    return role == "and" || role == "or" || role == "of" || role == "none";
}

class Parser {
public:
    explicit Parser(std::string_view text) : m_text{text}
    {
        if (text.size() > most_characters)
            throw invalid(text, "it is over " + std::to_string(most_characters) + " characters long");
        tokenize();
    }

    Node parse()
    {
        auto node = parse_any(0);
        if (m_next != m_tokens.size())
            throw invalid(m_text, "unexpected " + quoted(m_tokens[m_next]));
        return node;
    }

private:
    void tokenize()
    {
        std::string token;
        const auto flush = [&] {
            if (!token.empty())
                m_tokens.push_back(std::exchange(token, {}));
        };
        for (const char c : m_text) {
            if (c == ' ' || c == '(' || c == ')')
                flush();
            if (c == '(' || c == ')')
                m_tokens.emplace_back(1, c);
            else if (c != ' ')
                token += c;
        }
        flush();
    }

    bool accept(std::string_view token)
    {
        if (m_next == m_tokens.size() || m_tokens[m_next] != token)
            return false;
        ++m_next;
        return true;
    }

    const std::string& take(const char* expected)
    {
        if (m_next == m_tokens.size())
            throw invalid(m_text, std::string{"ends where "} + expected + " is needed");
        return m_tokens[m_next++];
    }

    Node parse_any(std::size_t depth) { return parse_list(depth, Node::Type::one, "or"); }

    Node parse_list(std::size_t depth, Node::Type type, std::string_view word)
    {
        Node node{.type = type, .children = {}};
        do {
            auto child = type == Node::Type::one ? parse_list(depth, Node::Type::all, "and") : parse_factor(depth);
            if (child.type == type)
                std::ranges::move(child.children, std::back_inserter(node.children));
            else
                node.children.push_back(std::move(child));
        } while (accept(word));
        if (node.children.size() == 1) {
            auto only = std::move(node.children.front());
            return only;
        }
        return node;
    }

    Node parse_factor(std::size_t depth)
    {
        if (accept("(")) {
            if (depth == most_depth)
                throw invalid(m_text, "parentheses are nested too deep");
            auto node = parse_any(depth + 1);
            if (!accept(")"))
                throw invalid(m_text, "a parenthesis is not closed");
            return node;
        }
        if (++m_places > most_places)
            throw invalid(m_text, "it has over " + std::to_string(most_places) + " places");
        const auto& number = take("a number");
        std::size_t count = 0;
        const auto* last = number.data() + number.size();
        const auto [end, error] = std::from_chars(number.data(), last, count);
        if (error != std::errc{} || end != last)
            throw invalid(m_text, quoted(number) + " is not a number");
        if (count == 0 || count > most_count || number[0] == '0')
            throw invalid(m_text, "a threshold of " + escaped(number) + " is not between 1 and " + std::to_string(most_count));
        if (!accept("of"))
            throw invalid(m_text, "`of` is missing after " + number);
        const auto& role = take("a role");
        if (!is_identifier(role) || is_reserved(role))
            throw invalid(m_text, quoted(role) + " is not the id of a role");
        return Node{.type = Node::Type::place, .place = {count, role}, .children = {}};
    }

    std::string_view m_text;
    std::vector<std::string> m_tokens;
    std::size_t m_next = 0;
    std::size_t m_places = 0;
};

std::string print(const Node& node)
{
    if (node.type == Node::Type::place)
        return std::to_string(node.place.count) + " of " + node.place.role;
    std::vector<std::string> parts;
    for (const auto& child : node.children) {
        const auto text = print(child);
        parts.push_back(node.type == Node::Type::all && child.type == Node::Type::one ? "(" + text + ")" : text);
    }
    return join(parts, node.type == Node::Type::all ? " and " : " or ");
}

std::vector<Quorum::Alternative> multiply_out(const Node& node, std::string_view text)
{
    if (node.type == Node::Type::place)
        return {{node.place}};
    std::vector<Quorum::Alternative> result;
    if (node.type == Node::Type::all)
        result.emplace_back();
    for (const auto& child : node.children) {
        auto inner = multiply_out(child, text);
        if (node.type == Node::Type::one) {
            std::ranges::move(inner, std::back_inserter(result));
        } else {
            std::vector<Quorum::Alternative> product;
            for (const auto& left : result)
                for (const auto& right : inner) {
                    product.push_back(left);
                    product.back().insert(product.back().end(), right.begin(), right.end());
                    if (product.size() > most_alternatives)
                        throw invalid(text, "it has over " + std::to_string(most_alternatives) + " alternatives");
                }
            result = std::move(product);
        }
        if (result.size() > most_alternatives)
            throw invalid(text, "it has over " + std::to_string(most_alternatives) + " alternatives");
    }
    return result;
}

/// Maximum bipartite matching of seats (one for each unit of a place) to voters.
class Matching {
public:
    Matching(const Quorum::Alternative& alternative, const std::vector<Quorum::Voter>& voters)
    {
        for (const auto& place : alternative)
            for (std::size_t i = 0; i < place.count; ++i)
                m_seats.push_back(place.role);
        m_seat_of_voter.resize(voters.size());
        for (std::size_t seat = 0; seat < m_seats.size(); ++seat) {
            std::vector<bool> visited(voters.size());
            if (augment(seat, voters, visited))
                ++m_filled;
            else
                ++m_missing[m_seats[seat]];
        }
    }

    std::size_t seats() const { return m_seats.size(); }
    std::size_t filled() const { return m_filled; }
    std::vector<std::string> missing() const
    {
        std::vector<std::string> words;
        for (const auto& [role, count] : m_missing)
            words.push_back(std::to_string(count) + " of " + role);
        return words;
    }

private:
    bool augment(std::size_t seat, const std::vector<Quorum::Voter>& voters, std::vector<bool>& visited)
    {
        for (std::size_t voter = 0; voter < voters.size(); ++voter) {
            const auto& roles = voters[voter].roles;
            if (visited[voter] || std::ranges::find(roles, m_seats[seat]) == roles.end())
                continue;
            visited[voter] = true;
            auto& taken = m_seat_of_voter[voter];
            if (!taken || augment(*taken, voters, visited)) {
                taken = seat;
                return true;
            }
        }
        return false;
    }

    std::vector<std::string> m_seats;
    std::vector<std::optional<std::size_t>> m_seat_of_voter;
    std::size_t m_filled = 0;
    std::map<std::string, std::size_t> m_missing;
};

} // namespace

Quorum Quorum::parse(std::string_view text)
{
    Quorum quorum;
    if (text == "none") {
        quorum.m_text = "none";
        quorum.m_alternatives.emplace_back();
        return quorum;
    }
    const auto tree = Parser{text}.parse();
    quorum.m_text = print(tree);
    quorum.m_alternatives = multiply_out(tree, text);
    return quorum;
}

bool Quorum::is_none() const
{
    return m_text == "none";
}

std::set<std::string> Quorum::roles() const
{
    std::set<std::string> roles;
    for (const auto& alternative : m_alternatives)
        for (const auto& place : alternative)
            roles.insert(place.role);
    return roles;
}

Quorum::Tally Quorum::tally(const Alternative& alternative, const std::vector<Voter>& everybody)
{
    // One officer fills one place: whoever is listed twice is still one.
    std::vector<Voter> voters;
    for (const auto& voter : everybody)
        if (std::ranges::find(voters, voter.officer, &Voter::officer) == voters.end())
            voters.push_back(voter);
    const Matching matching{alternative, voters};
    return {matching.filled() == matching.seats(), matching.filled(), matching.seats(), matching.missing()};
}

Quorum::Tally Quorum::tally(const std::vector<Voter>& voters) const
{
    require(!m_alternatives.empty(), "tally of an empty quorum");
    std::optional<Tally> nearest;
    for (const auto& alternative : m_alternatives) {
        auto found = tally(alternative, voters);
        if (!nearest || found.places - found.filled < nearest->places - nearest->filled)
            nearest = std::move(found);
    }
    return *nearest;
}

} // namespace coffer::charter
