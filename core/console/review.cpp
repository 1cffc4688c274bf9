#include "core/console/review.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/console/dialogue.h"
#include "core/console/output.h"

#include <algorithm>

namespace coffer::console {

namespace {

constexpr std::size_t least_columns = 40;
constexpr std::size_t widest_page = 100;
constexpr std::size_t least_rows = 12;
constexpr std::size_t prompt_rows = 3; // a prompt of two lines, and what is typed

/// Lines that stay on one page where they can.
using Block = std::vector<std::string>;

std::string indented(std::size_t columns, const std::string& line)
{
    return line.empty() ? line : std::string(columns, ' ') + line;
}

Block warning_block(const ReviewWarning& warning, std::size_t width)
{
    constexpr std::size_t margin = 2;
    const auto lines = wrap_hard(escaped(warning.title) + ": " + escaped(warning.sentence), width - margin);
    Block block;
    for (std::size_t i = 0; i < lines.size(); ++i)
        block.push_back((i == 0 ? "! " : "  ") + lines[i]);
    return block;
}

std::string shown_value(const ReviewRow& row)
{
    return row.kind == ValueKind::address ? in_groups(escaped(row.value)) : escaped(row.value);
}

/// The value beside its label; on lines of its own where an address would break otherwise.
Block row_block(const ReviewRow& row, std::size_t label_width, std::size_t width)
{
    constexpr std::size_t margin = 2;
    constexpr std::size_t gap = 2;
    const auto mark = row.weight == Weight::unusual ? std::string{"! "} : std::string(margin, ' ');
    const auto label = escaped(row.label);
    const auto value = shown_value(row);
    auto indent = label.empty() ? margin : margin + label_width + gap;

    Block block;
    std::string first = mark + label;
    const bool is_long_label = display_width(label) > label_width;
    const bool is_long_address = row.kind == ValueKind::address && indent + display_width(value) > width;
    if (!label.empty() && (is_long_label || is_long_address)) {
        for (const auto& line : wrap_hard(label, width - margin))
            block.push_back((block.empty() ? mark : std::string(margin, ' ')) + line);
        indent = 2 * margin;
        first = std::string(indent, ' ');
    }
    for (const auto& line : wrap_hard(value, width - indent)) {
        const auto used = display_width(first);
        block.push_back(first + std::string(indent > used ? indent - used : 0, ' ') + line);
        first.clear();
    }
    if (!row.note.empty()) {
        const auto note = escaped(row.note);
        constexpr std::size_t note_gap = 3;
        if (display_width(block.back()) + note_gap + display_width(note) <= width)
            block.back() += std::string(note_gap, ' ') + note;
        else
            for (const auto& line : wrap_hard(note, width - indent))
                block.push_back(indented(indent, line));
    }
    return block;
}

template <typename Item>
std::vector<const Item*> unusual_first(const std::vector<Item>& items)
{
    std::vector<const Item*> order;
    for (const auto& item : items)
        order.push_back(&item);
    std::ranges::stable_partition(order, [](const Item* item) { return item->weight == Weight::unusual; });
    return order;
}

bool is_unusual(const ReviewSection& section)
{
    return section.weight == Weight::unusual ||
           std::ranges::any_of(section.rows, [](const ReviewRow& row) { return row.weight == Weight::unusual; });
}

std::vector<Block> section_blocks(const ReviewSection& section, std::size_t width)
{
    constexpr std::size_t widest_label = 20;
    constexpr std::size_t margin = 2;
    std::size_t label_width = 0;
    for (const auto& row : section.rows)
        label_width = std::max(label_width, std::min(widest_label, display_width(escaped(row.label))));

    std::vector<Block> blocks;
    for (const auto* row : unusual_first(section.rows))
        blocks.push_back(row_block(*row, label_width, width));
    for (const auto& line : section.lines) {
        Block block;
        for (const auto& part : wrap_hard(escaped(line), width - margin))
            block.push_back(indented(margin, part));
        blocks.push_back(std::move(block));
    }
    if (!section.title.empty()) {
        auto title = wrap_hard(escaped(section.title), width);
        if (blocks.empty())
            blocks.emplace_back();
        blocks.front().insert(blocks.front().begin(), title.begin(), title.end());
    }
    return blocks;
}

/// Warnings, then sections with something unusual, then the others; an empty block is a blank line.
std::vector<Block> all_blocks(const Review& review, std::size_t width)
{
    std::vector<Block> blocks;
    for (const auto& warning : review.warnings)
        blocks.push_back(warning_block(warning, width));
    std::vector<const ReviewSection*> sections;
    for (const auto& section : review.sections)
        sections.push_back(&section);
    std::ranges::stable_partition(sections, [](const ReviewSection* section) { return is_unusual(*section); });
    for (const auto* section : sections) {
        if (!blocks.empty())
            blocks.push_back({""});
        for (auto& block : section_blocks(*section, width))
            blocks.push_back(std::move(block));
    }
    return blocks;
}

/// The title and, at the right end, the fingerprint; below each other where they do not fit.
Block header(const Review& review, std::size_t width)
{
    constexpr std::size_t gap = 2;
    const auto title = escaped(review.title);
    const auto fingerprint = escaped(review.fingerprint);
    const auto used = display_width(title) + display_width(fingerprint);
    if (fingerprint.empty())
        return wrap_hard(title, width);
    if (used + gap <= width)
        return {title + std::string(width - used, ' ') + fingerprint};
    auto lines = wrap_hard(title, width);
    for (const auto& line : wrap_hard(fingerprint, width))
        lines.push_back(line);
    return lines;
}

/// Distributes blocks over pages of `height` lines; one that is longer than a page is divided.
std::vector<Page> paginate(const std::vector<Block>& blocks, std::size_t height)
{
    std::vector<Page> pages(1);
    for (const auto& block : blocks) {
        const bool fits = pages.back().size() + block.size() <= height;
        if (!fits && block.size() <= height && !pages.back().empty())
            pages.emplace_back();
        for (const auto& line : block) {
            if (pages.back().size() == height)
                pages.emplace_back();
            if (line.empty() && pages.back().empty())
                continue; // no page begins with a blank line
            pages.back().push_back(line);
        }
    }
    if (pages.size() > 1 && pages.back().empty())
        pages.pop_back();
    return pages;
}

} // namespace

std::vector<Page> render(const Review& review, TerminalSize size)
{
    const auto width = std::clamp(size.columns, least_columns, widest_page);
    const auto rows = std::max(size.rows, least_rows);
    const auto head = header(review, width);
    constexpr std::size_t blank_and_footer = 2;
    const auto fixed = head.size() + blank_and_footer + prompt_rows;
    constexpr std::size_t least_body = 3;
    const auto bodies = paginate(all_blocks(review, width), rows > fixed + least_body ? rows - fixed : least_body);

    std::vector<Page> pages;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        auto page = head;
        page.emplace_back();
        page.insert(page.end(), bodies[i].begin(), bodies[i].end());
        const auto footer = "page " + std::to_string(i + 1) + " of " + std::to_string(bodies.size());
        page.push_back(indented(width - footer.size(), footer));
        pages.push_back(std::move(page));
    }
    return pages;
}

void page_through(Terminal& terminal, const std::vector<Page>& pages)
{
    require(!pages.empty(), "a review has no page");
    require_terminal(terminal, "this review");
    std::size_t shown = 0;
    const auto show = [&](const Page& page) {
        terminal.write_line("");
        for (const auto& line : page)
            terminal.write_line(line);
    };
    show(pages[shown]);
    // The only way out is forward from the last page, so that each page was on the screen.
    while (pages.size() > 1) {
        const bool is_last = shown + 1 == pages.size();
        terminal.flush_input();
        const auto key = terminal.read_key(is_last ? "space: on to the question · b: back · q: decline "
                                                   : "space: next page · b: back · q: decline ");
        terminal.write_line("");
        if (key == Key::quit)
            throw Error{ErrorCode::declined, "declined at the terminal"};
        if (key == Key::next && is_last)
            return;
        if (key == Key::next)
            ++shown;
        else if (key == Key::back && shown > 0)
            --shown;
        else
            continue;
        show(pages[shown]);
    }
}

void show_review(Terminal& terminal, const Review& review)
{
    page_through(terminal, render(review, terminal.size()));
}

} // namespace coffer::console
