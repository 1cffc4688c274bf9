#include "core/console/terminal.h"

#include "core/base/error.h"
#include "core/base/text.h"

namespace coffer::console {

namespace {

std::string safe_lines(std::string_view text)
{
    auto lines = split(text, '\n');
    for (auto& line : lines)
        line = escaped(line);
    return join(lines, "\n");
}

} // namespace

void Terminal::write(std::string_view text)
{
    put(safe_lines(text));
}

void Terminal::write_line(std::string_view line)
{
    put(escaped(line) + "\n");
}

void Terminal::write_secret(ByteView words)
{
    for (const auto byte : words)
        require((byte >= 'a' && byte <= 'z') || byte == ' ' || byte == '\n', "a secret that is not made of words");
    put(text_of(words));
}

std::string Terminal::read_line(std::string_view prompt)
{
    return get_line(safe_lines(prompt));
}

SecretBytes Terminal::read_secret(std::string_view prompt)
{
    return get_secret(safe_lines(prompt));
}

Key Terminal::read_key(std::string_view prompt)
{
    return get_key(safe_lines(prompt));
}

} // namespace coffer::console
