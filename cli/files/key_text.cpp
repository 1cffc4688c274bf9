#include "cli/files/key_text.h"

#include "cli/net/json.h"
#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>

namespace coffer::cli {

namespace {

constexpr std::size_t least_key_characters = 100; // an extended key has 111

bool is_printable(char c)
{
    return c > ' ' && c <= '~';
}

void require_one_line(std::string_view text)
{
    const auto bad = std::ranges::find_if_not(text, is_printable);
    if (bad == text.end())
        return;
    const auto offset = static_cast<std::size_t>(bad - text.begin());
    if (*bad == '\n')
        throw malformed("there is more than one line; a file holds one key", offset);
    throw malformed("there is a character that belongs in no key: " + coffer::quoted(text.substr(offset, 1)), offset);
}

void require_public(std::string_view key)
{
    if (key.substr(0, 4).find("prv") != std::string_view::npos)
        throw Error{ErrorCode::secret_source, "an extended private key stands where a public one belongs",
                    "whoever sees this text can spend: treat the key as lost, and export its public key"};
}

KeyText of_json(std::string_view text)
{
    const auto json = Json::parse(text);
    const auto member = [&](std::string_view name) {
        const auto* value = json.find(name);
        if (value == nullptr || value->text() == nullptr)
            throw Error{ErrorCode::malformed, "the JSON has no text `" + std::string{name} + "`", "it needs `origin` and `xpub`"};
        return *value->text();
    };
    return {member("origin"), member("xpub")};
}

KeyText of_line(std::string_view text)
{
    const auto end = text.find(']');
    if (text.front() != '[' || end == std::string_view::npos)
        return {{}, std::string{text}};
    return {std::string{text.substr(0, end + 1)}, std::string{text.substr(end + 1)}};
}

} // namespace

KeyText parse_key_text(std::string_view text)
{
    if (text.size() > most_key_text_bytes)
        throw Error{ErrorCode::limit, "there are " + std::to_string(text.size()) + " bytes, a key has at most 4096"};
    const auto line = trim(text);
    if (line.empty())
        throw Error{ErrorCode::malformed, "there is no key"};
    const auto key = line.front() == '{' ? of_json(line) : of_line(line);
    require_one_line(line.front() == '{' ? key.origin + key.extended_public : std::string{line});
    require_public(key.extended_public);
    if (key.origin.empty())
        throw Error{ErrorCode::malformed, "there is no key with its origin", "write it as [fingerprint/path]xpub…: the signer shows all three"};
    if (key.extended_public.find('/') != std::string::npos)
        throw Error{ErrorCode::malformed, "a path follows the key", "leave it out: the addresses lie at 0/* and 1/* of the key"};
    return key;
}

bool is_key_text(std::string_view argument)
{
    return argument.starts_with('[') || argument.starts_with('{') ||
           (argument.size() >= least_key_characters && argument.find_first_of("/.") == std::string_view::npos);
}

} // namespace coffer::cli
