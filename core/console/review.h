#pragma once

#include "core/console/terminal.h"

#include <string>
#include <string_view>
#include <vector>

namespace coffer::console {

enum class ValueKind {
    text,
    address, ///< whole, in groups of four, never broken inside a group
};
enum class Weight {
    usual,
    unusual, ///< comes before what is usual, marked with `!`
};

struct ReviewWarning {
    std::string title;    ///< short: "New destination"
    std::string sentence; ///< "added to the address book 2 days ago"
};

/// "label  value"; a value without a label takes the whole line.
struct ReviewRow {
    std::string label{};
    std::string value{};
    ValueKind kind = ValueKind::text;
    Weight weight = Weight::usual;
    std::string note{}; ///< after the value: "in the address book since 2026-03-02"
};

struct ReviewSection {
    std::string title{}; ///< may be empty
    std::vector<ReviewRow> rows{};
    std::vector<std::string> lines{}; ///< free text after the rows, wrapped
    Weight weight = Weight::usual;
};

/// What a person must have seen before signing or voting, as data; the same for officers and
/// appliance. Values are raw: the renderer escapes them.
struct Review {
    std::string title;       ///< "Request 1 of 1"
    std::string fingerprint; ///< six words, right of the title on every page; may be empty
    std::vector<ReviewWarning> warnings;
    std::vector<ReviewSection> sections;
};

using Page = std::vector<std::string>;

/// Pages for a screen of this size: warnings first, then what is unusual, then the rest, in
/// order. Every value is there in full; long ones wrap, over pages if they must. Leaves room
/// for the prompt. Each page ends with "page N of M".
std::vector<Page> render(const Review& review, TerminalSize size);

/// Shows the pages in order. Comes back only after the last one was shown, and q throws
/// Error{declined}. Input typed before a page is there does not turn it.
void page_through(Terminal& terminal, const std::vector<Page>& pages);

/// render() for this terminal, then page_through().
void show_review(Terminal& terminal, const Review& review);

} // namespace coffer::console
