#include "formats/bitcoin/key_expression.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/schnorr.h"
#include "core/encoding/base58.h"
#include "core/encoding/hex.h"

#include <algorithm>
#include <charconv>

namespace coffer::bitcoin {

namespace {

constexpr std::size_t most_branches = 100;

Error broken(std::string_view text, const std::string& what)
{
    return Error{ErrorCode::malformed, "key expression " + coffer::quoted(text) + ": " + what};
}

bool is_hex(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

std::uint32_t parse_step(std::string_view text, std::string_view whole)
{
    const bool is_hardened = !text.empty() && (text.back() == 'h' || text.back() == '\'');
    const auto digits = is_hardened ? text.substr(0, text.size() - 1) : text;
    std::uint32_t step = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), step);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() || step >= keys::hardened)
        throw broken(whole, coffer::quoted(text) + " is no step from 0 to 2147483647");
    if (is_hardened)
        throw Error{ErrorCode::pubkey, "key expression " + coffer::quoted(whole) + ": a hardened step behind a public key cannot be derived"};
    return step;
}

/// A number, or `<0;1>`.
std::vector<std::uint32_t> parse_alternatives(std::string_view text, std::string_view whole)
{
    if (text.size() < 2 || text.front() != '<' || text.back() != '>')
        return {parse_step(text, whole)};
    std::vector<std::uint32_t> steps;
    for (const auto& part : split(text.substr(1, text.size() - 2), ';')) {
        const auto step = parse_step(part, whole);
        if (std::ranges::find(steps, step) != steps.end())
            throw broken(whole, "step " + part + " stands twice in " + std::string{text});
        steps.push_back(step);
    }
    if (steps.size() < 2 || steps.size() > most_branches)
        throw broken(whole, "a multipath step has 2 to 100 values, not " + std::to_string(steps.size()));
    return steps;
}

void parse_path(KeyExpression& expression, std::vector<std::string> parts, std::string_view whole)
{
    if (!parts.empty() && parts.back() == "*") {
        expression.is_ranged = true;
        parts.pop_back();
    } else if (!parts.empty() && (parts.back() == "*h" || parts.back() == "*'")) {
        throw Error{ErrorCode::pubkey, "key expression " + coffer::quoted(whole) + ": hardened children of a public key cannot be derived"};
    }
    for (const auto& part : parts)
        expression.path.push_back(parse_alternatives(part, whole));
    const auto multipaths = std::ranges::count_if(expression.path, [](const auto& step) { return step.size() > 1; });
    if (multipaths > 1)
        throw broken(whole, "two multipath steps");
}

/// The depth of a key is one byte, and a key origin has at most 255 steps.
void require_depth(const KeyExpression& expression, std::string_view whole)
{
    std::size_t above = std::get<keys::ExtendedPublicKey>(expression.key).position().depth;
    if (expression.origin)
        above = std::max(above, expression.origin->path.steps().size());
    const auto levels = above + expression.path.size() + (expression.is_ranged ? 1 : 0);
    if (levels > keys::most_path_steps)
        throw broken(whole, "it leads " + std::to_string(levels) + " levels deep, over 255");
}

Bytes parse_bare_key(std::string_view text, KeyRules::Form form, std::string_view whole)
{
    const auto bytes = encoding::decode_hex(text);
    if (form == KeyRules::Form::x_only && bytes.size() == 32) {
        static_cast<void>(crypto::XOnlyPublicKey::decode(bytes));
        return bytes;
    }
    static_cast<void>(crypto::Secp256k1PublicKey::decode(bytes));
    if (form != KeyRules::Form::any && bytes.size() != 33)
        throw Error{ErrorCode::pubkey, "key expression " + coffer::quoted(whole) + ": an uncompressed key cannot stand here"};
    return bytes;
}

/// Private keys in Wallet Import Format.
bool is_wif(std::string_view text)
{
    try {
        const auto payload = encoding::decode_base58check(text);
        return payload.size() == 33 || payload.size() == 34;
    } catch (const Error&) {
        return false;
    }
}

keys::ExtendedPublicKey parse_extended_key(std::string_view text, Slip132Script script, std::string_view whole)
{
    const auto read = read_slip132(text);
    if (read.script != Slip132Script::any && read.script != script)
        throw broken(whole, "the prefix " + std::string{text.substr(0, 4)} + " belongs to other scripts than this one");
    return keys::ExtendedPublicKey::parse(read.plain);
}

std::string_view take_origin(KeyExpression& expression, std::string_view text)
{
    if (text.empty() || text.front() != '[')
        return text;
    const auto end = text.find(']');
    if (end == std::string_view::npos)
        throw Error{ErrorCode::malformed, "key origin does not end with ]"}; // not quoted: a private key may follow
    expression.origin = keys::KeyOrigin::parse(text.substr(0, end + 1));
    return text.substr(end + 1);
}

std::string format_step(const std::vector<std::uint32_t>& step)
{
    if (step.size() == 1)
        return std::to_string(step.front());
    std::vector<std::string> values;
    for (const auto value : step)
        values.push_back(std::to_string(value));
    return "<" + join(values, ";") + ">";
}

} // namespace

KeyExpression KeyExpression::parse(std::string_view text, const KeyRules& rules)
{
    KeyExpression expression{.origin = std::nullopt, .key = Bytes{}, .path = {}, .is_ranged = false};
    auto parts = split(take_origin(expression, text), '/');
    const auto key = parts.front();
    parts.erase(parts.begin());
    if (is_hex(key) || is_wif(key)) {
        if (!is_hex(key))
            throw Error{ErrorCode::secret_source, "a private key stands where a public one belongs",
                        "whoever sees this text can spend: treat the key as lost, and write its public key"};
        if (!parts.empty())
            throw Error{ErrorCode::malformed, "a path follows a key that is not an extended one"};
        expression.key = parse_bare_key(key, rules.form, text);
        return expression;
    }
    expression.key = parse_extended_key(key, rules.script, text);
    parse_path(expression, std::move(parts), text);
    require_depth(expression, text);
    return expression;
}

std::string KeyExpression::format() const
{
    auto text = origin ? origin->format() : std::string{};
    if (const auto* bare = std::get_if<Bytes>(&key))
        return text + encoding::encode_hex(*bare);
    text += std::get<keys::ExtendedPublicKey>(key).format();
    for (const auto& step : path)
        text += "/" + format_step(step);
    return is_ranged ? text + "/*" : text;
}

std::size_t KeyExpression::branches() const
{
    std::size_t most = 1;
    for (const auto& step : path)
        most = std::max(most, step.size());
    return most;
}

std::vector<std::uint32_t> KeyExpression::steps(std::size_t branch, std::uint32_t index) const
{
    require(branch < branches() || branches() == 1, "a branch that the key expression does not have");
    require(index < keys::hardened, "a hardened index");
    std::vector<std::uint32_t> steps;
    for (const auto& step : path)
        steps.push_back(step.size() == 1 ? step.front() : step[branch]);
    if (is_ranged)
        steps.push_back(index);
    return steps;
}

KeyExpression KeyExpression::branch(std::size_t branch) const
{
    const auto* extended = std::get_if<keys::ExtendedPublicKey>(&key);
    if (extended == nullptr || path.empty())
        return *this;
    auto walked = *this;
    auto below = steps(branch, 0);
    if (is_ranged)
        below.pop_back();
    auto whole = origin ? *origin : keys::KeyOrigin{extended->fingerprint(), {}};
    auto from_master = whole.path.steps();
    from_master.insert(from_master.end(), below.begin(), below.end());
    walked.origin = keys::KeyOrigin{whole.fingerprint, keys::DerivationPath{std::move(from_master)}};
    walked.key = extended->derive(keys::DerivationPath{std::move(below), keys::PathStart::here});
    walked.path.clear();
    return walked;
}

Bytes KeyExpression::derive(std::size_t branch, std::uint32_t index) const
{
    if (const auto* bare = std::get_if<Bytes>(&key))
        return *bare;
    auto derived = std::get<keys::ExtendedPublicKey>(key);
    for (const auto step : steps(branch, index))
        derived = derived.derive(step);
    return to_bytes(derived.key().compressed());
}

} // namespace coffer::bitcoin
