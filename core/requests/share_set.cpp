#include "core/requests/share_set.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/hash.h"

#include <algorithm>
#include <numeric>

namespace coffer::requests {

namespace {

using cbor::Value;

constexpr std::size_t most_groups = 16; // four bits each (SLIP-39, "Format of the share mnemonic")
constexpr std::size_t most_members = 16;
constexpr std::uint16_t highest_identifier = 0x7fff;
constexpr std::uint16_t rehearsal_mask = 0x3ff;
constexpr std::uint16_t rehearsal_mark = 0x152;

unsigned threshold_of(const Value& value, std::size_t count, std::string_view what)
{
    const auto threshold = value.number(what);
    if (threshold == 0 || threshold > count)
        throw Error{ErrorCode::malformed, std::string{what} + " of " + std::to_string(threshold) + " is none of " + std::to_string(count)};
    return static_cast<unsigned>(threshold);
}

const Value::Array& list_of(const Value& value, std::size_t most, std::string_view what)
{
    const auto& list = value.array(what);
    if (list.empty() || list.size() > most)
        throw Error{ErrorCode::malformed, std::to_string(list.size()) + " " + std::string{what} + " are not 1 to " + std::to_string(most)};
    return list;
}

const Value::Array& parts_of(const Value& value, std::size_t count, std::string_view what)
{
    const auto& parts = value.array(what);
    if (parts.size() != count)
        throw Error{ErrorCode::malformed, std::string{what} + " has " + std::to_string(parts.size()) + " parts, not " + std::to_string(count)};
    return parts;
}

ShareSet::Group decode_group(const Value& value)
{
    const auto& parts = parts_of(value, 2, "group of shares");
    ShareSet::Group group;
    for (const auto& holding : list_of(parts[1], most_members, "shares of a group")) {
        const auto& fields = parts_of(holding, 2, "share of a group");
        group.holdings.push_back({Hash256{fields[0].array_of<32>("hash of a share")}, fields[1].text("label")});
    }
    group.threshold = threshold_of(parts[0], group.holdings.size(), "threshold of a group");
    return group;
}

} // namespace

std::size_t ShareSet::size() const
{
    return std::accumulate(groups.begin(), groups.end(), std::size_t{0},
                           [](std::size_t sum, const Group& group) { return sum + group.holdings.size(); });
}

std::string describe_shape(const ShareSet& set)
{
    std::vector<std::string> shapes;
    for (const auto& group : set.groups)
        shapes.push_back(std::to_string(group.threshold) + " of " + std::to_string(group.holdings.size()));
    if (shapes.size() == 1)
        return shapes.front();
    return std::to_string(set.group_threshold) + " of " + std::to_string(shapes.size()) + " groups: " + join(shapes, ", ");
}

Value encode(const ShareSet& set)
{
    Value::Array groups;
    for (const auto& group : set.groups) {
        Value::Array holdings;
        for (const auto& holding : group.holdings)
            holdings.push_back(Value::Array{holding.share.bytes(), holding.label});
        groups.push_back(Value::Array{group.threshold, std::move(holdings)});
    }
    return Value::Array{set.key, unsigned{set.identifier}, set.group_threshold, std::move(groups),
                        set.has_passphrase, set.request ? Value{set.request->bytes()} : Value{}};
}

ShareSet decode_share_set(const Value& value)
{
    const auto& parts = parts_of(value, 6, "share set");
    ShareSet set{.key = parts[0].text("key"), .identifier = 0, .group_threshold = 0, .groups = {}};
    const auto identifier = parts[1].number("share set identifier");
    if (identifier > highest_identifier)
        throw Error{ErrorCode::malformed, "share set identifier " + std::to_string(identifier) + " has over 15 bits"};
    set.identifier = static_cast<std::uint16_t>(identifier);
    for (const auto& group : list_of(parts[3], most_groups, "groups of shares"))
        set.groups.push_back(decode_group(group));
    set.group_threshold = threshold_of(parts[2], set.groups.size(), "group threshold");
    set.has_passphrase = parts[4].boolean("passphrase");
    if (!parts[5].is_null())
        set.request = RequestDigest{parts[5].array_of<32>("request")};
    return set;
}

bool is_of_rehearsal(std::uint16_t identifier)
{
    return (identifier & rehearsal_mask) == rehearsal_mark;
}

std::uint16_t make_share_set_identifier(artefacts::Environment environment, crypto::Random& random)
{
    while (true) {
        const auto bytes = random.array<2>();
        auto identifier = static_cast<std::uint16_t>((bytes[0] << 8 | bytes[1]) & highest_identifier);
        if (environment == artefacts::Environment::rehearsal)
            return static_cast<std::uint16_t>((identifier & ~rehearsal_mask) | rehearsal_mark);
        if (!is_of_rehearsal(identifier))
            return identifier;
    }
}

void require_environment(const keys::Share& share, artefacts::Environment environment)
{
    const bool is_rehearsed = is_of_rehearsal(share.header.identifier);
    if (is_rehearsed && environment != artefacts::Environment::rehearsal)
        throw Error{ErrorCode::env, "share of set " + std::to_string(share.header.identifier) + " is of a rehearsal, this home is " +
                                        std::string{name_of(environment)}};
    if (!is_rehearsed && environment == artefacts::Environment::rehearsal)
        throw Error{ErrorCode::env, "share of set " + std::to_string(share.header.identifier) + " is none of a rehearsal, and this home is one",
                    "show no real share to a rehearsal"};
}

Hash256 hash_of(const keys::Share& share)
{
    const auto& header = share.header;
    const auto open = artefacts::domain_separated(
        "share", cbor::encode(Value::Array{unsigned{header.identifier}, header.extendable, header.iteration_exponent, header.group_index,
                                           header.group_threshold, header.group_count, header.member_index, header.member_threshold}));
    SecretBytes whole{open.size() + share.value.size()};
    std::ranges::copy(open, whole.reveal_mutable().begin());
    std::ranges::copy(share.value.reveal(), whole.reveal_mutable().subspan(open.size()).begin());
    return Hash256{crypto::sha256(whole.reveal())};
}

Hash256 hash_of(const ShareSet& set)
{
    return Hash256{crypto::sha256(artefacts::domain_separated("share-set", cbor::encode(encode(set))))};
}

} // namespace coffer::requests
