#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::charter {

/// `2 of finance and 1 of compliance`: how many officers of which roles must agree.
///
/// Grammar: `N of ROLE`, joined by `and`, `or` and parentheses; `and` binds tighter. `none` is the
/// empty quorum, valid for personal wallets only. One officer fills one place in the whole
/// expression, whatever roles and keys they have (PROTOCOL 4).
class Quorum {
public:
    struct Place {
        std::size_t count;
        std::string role;
        bool operator==(const Place&) const = default;
    };
    /// A way to fulfil the quorum: all of these places together.
    using Alternative = std::vector<Place>;

    /// Throws Error{policy_invalid}: syntax, zero, over 64 alternatives, 32 places or 8 parentheses.
    static Quorum parse(std::string_view text);
    /// Canonical text: single spaces, parentheses only where needed.
    const std::string& text() const { return m_text; }

    /// The expression multiplied out; `none` has one empty alternative.
    const std::vector<Alternative>& alternatives() const { return m_alternatives; }
    bool is_none() const;
    std::set<std::string> roles() const;

    struct Voter {
        std::string officer;
        std::vector<std::string> roles;
    };
    struct Tally {
        bool reached = false;
        std::size_t filled = 0;
        std::size_t places = 0;
        /// What the nearest alternative still lacks, in words: `1 of compliance`.
        std::vector<std::string> missing;
    };
    /// Matches voters to places (maximum bipartite matching); the nearest alternative decides.
    /// An officer who is listed twice counts once.
    Tally tally(const std::vector<Voter>& voters) const;
    /// The same for one alternative alone.
    static Tally tally(const Alternative& alternative, const std::vector<Voter>& voters);
    bool is_reached_by(const std::vector<Voter>& voters) const { return tally(voters).reached; }

    bool operator==(const Quorum& other) const { return m_text == other.m_text; }

private:
    std::string m_text;
    std::vector<Alternative> m_alternatives;
};

} // namespace coffer::charter
