#include "cli/files/payments_csv.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>

namespace coffer::cli {

namespace {

constexpr std::size_t most_bytes = 1u << 20;
constexpr std::size_t most_rows = 10'000;
constexpr std::size_t most_memo_bytes = 200;
constexpr std::array<std::string_view, 4> columns{"address", "amount", "asset", "memo"};

/// One record after the other. A field in quotation marks may hold commas and "" for one mark; line
/// ends in it are kept, so that they can be refused as what they are.
class CsvReader {
public:
    explicit CsvReader(std::string_view text) : m_text{text} {}

    bool at_end() const { return m_offset == m_text.size(); }
    std::size_t line() const { return m_line; }

    /// Throws Error{malformed}; the rest of the line is skipped then.
    std::vector<std::string> read_record()
    {
        std::vector<std::string> fields;
        for (;;) {
            fields.push_back(peek() == '"' ? read_quoted() : read_plain());
            if (peek() == ',') {
                ++m_offset;
                continue;
            }
            end_line();
            return fields;
        }
    }

    void skip_line()
    {
        m_offset = std::min(m_text.find('\n', m_offset), m_text.size());
        end_line();
    }

private:
    /// Zero at the end; a zero in the text is refused as a control character.
    char peek() const { return at_end() ? '\0' : m_text[m_offset]; }

    std::string read_plain()
    {
        const auto end = std::min(m_text.find_first_of(",\r\n\"", m_offset), m_text.size());
        std::string field{m_text.substr(m_offset, end - m_offset)};
        m_offset = end;
        if (peek() == '"')
            throw Error{ErrorCode::malformed, "a quotation mark inside a field that does not begin with one"};
        return field;
    }

    std::string read_quoted()
    {
        std::string field;
        for (++m_offset; !at_end(); ++m_offset) {
            if (m_text[m_offset] == '"') {
                if (m_text.substr(m_offset, 2) != "\"\"") {
                    ++m_offset;
                    if (!at_end() && m_text.find_first_of(",\r\n", m_offset) != m_offset)
                        throw Error{ErrorCode::malformed, "text behind the closing quotation mark of a field"};
                    return field;
                }
                ++m_offset;
            }
            if (m_text[m_offset] == '\n')
                ++m_line;
            field += m_text[m_offset];
        }
        throw Error{ErrorCode::malformed, "a quotation mark is not closed"};
    }

    void end_line()
    {
        if (m_text.substr(m_offset, 2) == "\r\n")
            m_offset += 2;
        else if (peek() == '\n')
            ++m_offset;
        else if (!at_end())
            throw Error{ErrorCode::malformed, "a carriage return without a line feed"};
        ++m_line;
    }

    std::string_view m_text;
    std::size_t m_offset = 0;
    std::size_t m_line = 1;
};

bool has_control_character(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        // C1 controls are c2 80 to c2 9f in UTF-8.
        const auto is_c1 = byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (byte < 0x20 || byte == 0x7f || is_c1)
            return true;
    }
    return false;
}

PaymentRow row_of(const std::vector<std::string>& fields, std::size_t line)
{
    const auto bad = [](const std::string& message) { return Error{ErrorCode::malformed, message}; };
    if (fields.size() == 1 && fields.front().empty())
        throw bad("the line is empty");
    if (fields.size() != columns.size())
        throw bad(std::to_string(fields.size()) + " fields, not " + std::to_string(columns.size()));
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (has_control_character(fields[i]))
            throw bad(std::string{columns[i]} + " has a control character: " + quoted(fields[i], 60));
        if (i < 2 && fields[i].empty())
            throw bad(std::string{columns[i]} + " is empty");
    }
    if (fields[3].size() > most_memo_bytes)
        throw bad("memo has over " + std::to_string(most_memo_bytes) + " bytes");
    return {line, fields[0], fields[1], fields[2], fields[3]};
}

} // namespace

std::vector<PaymentRow> parse_payments_csv(std::string_view text, std::string_view file)
{
    if (text.size() > most_bytes)
        throw Error{ErrorCode::limit, escaped(file) + ": " + std::to_string(text.size()) + " bytes, the limit is " +
                                          std::to_string(most_bytes)};
    if (!is_valid_utf8(text))
        throw Error{ErrorCode::malformed, escaped(file) + ": not UTF-8"};
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);

    CsvReader reader{text};
    std::vector<PaymentRow> rows;
    std::vector<FileProblem> problems;
    bool is_header = true;
    while (!reader.at_end() || is_header) {
        const auto line = reader.line();
        if (rows.size() + problems.size() == most_rows)
            throw Error{ErrorCode::limit, escaped(file) + ": over " + std::to_string(most_rows) + " rows"};
        std::vector<std::string> fields;
        try {
            fields = reader.read_record();
            if (!is_header)
                rows.push_back(row_of(fields, line));
        } catch (const Error& error) {
            problems.push_back({line, "", error.code(), error.message()});
            if (fields.empty()) // it broke in the middle of the line
                reader.skip_line();
        }
        if (is_header && !std::equal(fields.begin(), fields.end(), columns.begin(), columns.end()))
            throw as_error(file, {{1, "", ErrorCode::malformed, "the header is not address,amount,asset,memo"}});
        is_header = false;
    }
    if (!problems.empty())
        throw as_error(file, problems);
    if (rows.empty())
        throw as_error(file, {{0, "", ErrorCode::malformed, "there is no payment"}});
    return rows;
}

} // namespace coffer::cli
