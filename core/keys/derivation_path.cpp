#include "core/keys/derivation_path.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <charconv>

namespace coffer::keys {

namespace {

Error not_a_path(std::string_view text)
{
    return Error{ErrorCode::malformed, "derivation path " + coffer::quoted(text) + " is not of the form m/44h/60h/0h/0/0"};
}

std::uint32_t parse_step(std::string_view step, std::string_view path)
{
    const bool is_hardened = step.ends_with('h') || step.ends_with('\'');
    const auto digits = step.substr(0, step.size() - (is_hardened ? 1 : 0));
    std::uint32_t value = 0;
    const auto* const last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, value);
    const bool leading_zero = digits.size() > 1 && digits.front() == '0';
    if (error != std::errc{} || end != last || leading_zero || value >= hardened)
        throw not_a_path(path);
    return is_hardened ? value | hardened : value;
}

std::string format_steps(const std::vector<std::uint32_t>& steps)
{
    std::vector<std::string> parts;
    for (const auto step : steps)
        parts.push_back(std::to_string(step & ~hardened) + ((step & hardened) != 0 ? "h" : ""));
    return join(parts, "/");
}

} // namespace

DerivationPath::DerivationPath(std::vector<std::uint32_t> steps, PathStart start)
    : m_start{start}, m_steps{std::move(steps)}
{
    if (m_steps.size() > most_path_steps)
        throw Error{ErrorCode::malformed,
                    "derivation path has " + std::to_string(m_steps.size()) + " steps, over the limit of 255"};
}

DerivationPath DerivationPath::parse(std::string_view text)
{
    constexpr std::size_t longest_step = 12; // "2147483647h/"
    if (text.size() > 1 + most_path_steps * longest_step)
        throw not_a_path(text);
    if (text == "m")
        return {};
    const bool from_master = text.starts_with("m/");
    std::vector<std::uint32_t> steps;
    for (const auto& step : split(text.substr(from_master ? 2 : 0), '/'))
        steps.push_back(parse_step(step, text));
    return DerivationPath{std::move(steps), from_master ? PathStart::master : PathStart::here};
}

std::string DerivationPath::format() const
{
    const auto steps = format_steps(m_steps);
    if (m_start == PathStart::here)
        return steps;
    return steps.empty() ? "m" : "m/" + steps;
}

DerivationPath DerivationPath::child(std::uint32_t step) const
{
    auto steps = m_steps;
    steps.push_back(step);
    return DerivationPath{std::move(steps), m_start};
}

KeyOrigin KeyOrigin::parse(std::string_view text)
{
    const auto refused = [&] {
        return Error{ErrorCode::malformed,
                     "key origin " + coffer::quoted(text) + " is not of the form [d34db33f/44h/60h/0h]"};
    };
    if (text.size() < 10 || text.front() != '[' || text.back() != ']')
        throw refused();
    const auto inner = text.substr(1, text.size() - 2);
    const auto path = inner.substr(8);
    if (!path.empty() && path.front() != '/')
        throw refused();
    try {
        return {Fingerprint::from(encoding::decode_hex(inner.substr(0, 8))), DerivationPath::parse("m" + std::string{path})};
    } catch (const Error&) {
        throw refused();
    }
}

std::string KeyOrigin::format() const
{
    return "[" + encoding::encode_hex(fingerprint.bytes()) + path.format().substr(1) + "]";
}

} // namespace coffer::keys
