#include "core/payments/ceremony.h"

#include "core/artefacts/artefact.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/hash.h"
#include "core/encoding/cbor.h"

#include <algorithm>

namespace coffer::payments {

namespace {

using cbor::Value;
using Operation = Ceremony::Operation;

constexpr std::size_t item_count = 7;
constexpr std::size_t public_key_size = 33;
constexpr std::uint64_t most = 16; // groups, and members of one: four bits each (SLIP-39)
constexpr std::uint64_t highest_identifier = 0x7fff;

const Bytes& prefix()
{
    static const auto made = artefacts::domain_separated("ceremony", {});
    return made;
}

Value::Array items_of(const Ceremony& ceremony)
{
    Value::Array groups;
    for (const auto& [threshold, count] : ceremony.groups)
        groups.push_back(Value::Array{threshold, count});
    return {ceremony.appliance, ceremony.key, ceremony.public_key, name_of(ceremony.operation), ceremony.group_threshold, std::move(groups),
            unsigned{ceremony.share_set}};
}

unsigned bounded(const Value& value, std::uint64_t least, std::uint64_t highest, const std::string& what)
{
    const auto number = value.number(what);
    if (number < least || number > highest)
        throw Error{ErrorCode::malformed, "ceremony: " + what + " " + std::to_string(number) + " is not between " + std::to_string(least) +
                                              " and " + std::to_string(highest)};
    return static_cast<unsigned>(number);
}

Ceremony::Group decode_group(const Value& value)
{
    const auto& parts = value.array("group");
    if (parts.size() != 2)
        throw Error{ErrorCode::malformed, "ceremony: a group has " + std::to_string(parts.size()) + " parts, not 2"};
    const auto count = bounded(parts[1], 1, most, "count of a group");
    const auto threshold = bounded(parts[0], 1, count, "threshold of a group");
    if (threshold == 1 && count > 1)
        throw Error{ErrorCode::malformed, "ceremony: a group of " + std::to_string(count) + " shares of which one is enough",
                    "SLIP-39 gives such a group one share"};
    return {threshold, count};
}

} // namespace

unsigned Ceremony::least_shares() const
{
    std::vector<unsigned> thresholds;
    for (const auto& [threshold, count] : groups)
        thresholds.push_back(threshold);
    std::ranges::sort(thresholds);
    unsigned sum = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(group_threshold, thresholds.size()); ++i)
        sum += thresholds[i];
    return sum;
}

unsigned Ceremony::share_count() const
{
    unsigned sum = 0;
    for (const auto& [threshold, count] : groups)
        sum += count;
    return sum;
}

std::string_view name_of(Operation operation)
{
    switch (operation) {
    case Operation::create: return "create";
    case Operation::refresh: return "refresh";
    case Operation::combine: return "combine";
    case Operation::words: return "words";
    }
    fatal("ceremony without a name");
}

bool makes_shares(Operation operation)
{
    return operation == Operation::create || operation == Operation::refresh;
}

Operation parse_ceremony_operation(std::string_view name)
{
    const auto found = std::ranges::find(all_ceremonies, name, &name_of);
    if (found == all_ceremonies.end())
        throw Error{ErrorCode::malformed, "ceremony: " + quoted(name) + " is none of create, refresh, combine, words"};
    return *found;
}

bool is_ceremony(ByteView payload)
{
    return payload.size() >= prefix().size() && equal(payload.first(prefix().size()), prefix());
}

Bytes encode_ceremony(const Ceremony& ceremony)
{
    return artefacts::domain_separated("ceremony", cbor::encode(Value{items_of(ceremony)}));
}

Ceremony decode_ceremony(ByteView payload)
{
    if (!is_ceremony(payload))
        throw Error{ErrorCode::malformed, "not the payload of a ceremony"};
    const auto value = cbor::decode(payload.subspan(prefix().size()));
    const auto& items = value.array("ceremony");
    if (items.size() != item_count)
        throw Error{ErrorCode::malformed, "ceremony: " + std::to_string(items.size()) + " items, not 7"};
    Ceremony ceremony{.appliance = items[0].text("appliance"),
                      .key = items[1].text("key"),
                      .public_key = to_bytes(items[2].array_of<public_key_size>("public key")),
                      .operation = parse_ceremony_operation(items[3].text("operation"))};
    for (const auto& group : items[5].array("groups"))
        ceremony.groups.push_back(decode_group(group));
    const bool with_shares = makes_shares(ceremony.operation);
    if (ceremony.groups.size() > most || ceremony.groups.empty() == with_shares)
        throw Error{ErrorCode::malformed, "ceremony: " + std::to_string(ceremony.groups.size()) + " groups to " + std::string{name_of(ceremony.operation)}};
    ceremony.group_threshold = bounded(items[4], with_shares ? 1 : 0, ceremony.groups.size(), "group threshold");
    ceremony.share_set = static_cast<std::uint16_t>(bounded(items[6], 0, with_shares ? highest_identifier : 0, "share set"));
    return ceremony;
}

PayloadDigest ceremony_digest(const Ceremony& ceremony)
{
    auto items = items_of(ceremony);
    items.insert(items.begin(), Value{"ceremony"});
    return PayloadDigest{crypto::sha256(artefacts::domain_separated("payload", cbor::encode(Value{std::move(items)})))};
}

} // namespace coffer::payments
