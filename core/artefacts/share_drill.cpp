#include "core/artefacts/share_drill.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <set>

namespace coffer::artefacts {

namespace {

using cbor::Value;

constexpr std::string_view name = "share-drill";
constexpr std::uint64_t highest_identifier = 0x7fff;
constexpr std::uint64_t most_shares = 256; // 16 groups of 16 (SLIP-39)

std::uint64_t bounded(const Value& value, std::uint64_t most, std::string_view what)
{
    const auto number = value.number(what);
    if (number > most)
        throw Error{ErrorCode::malformed, "drill: " + std::string{what} + " " + std::to_string(number) + " is over " + std::to_string(most)};
    return number;
}

void require_sensible(const ShareDrill& drill)
{
    if (!is_identifier(drill.key))
        throw Error{ErrorCode::malformed, "drill: key " + quoted(drill.key) + " is not a small letter followed by small letters, digits and dashes"};
    if (drill.shown.size() > drill.shares)
        throw Error{ErrorCode::malformed, "drill: " + std::to_string(drill.shown.size()) + " shares were shown of " + std::to_string(drill.shares)};
    std::set<Hash256> seen;
    for (const auto& [share, person] : drill.shown) {
        if (!seen.insert(share).second)
            throw Error{ErrorCode::malformed, "drill: one share was shown twice"};
        if (person.empty() || person.size() > ShareDrill::most_name_size || escaped(person) != person)
            throw Error{ErrorCode::malformed, "drill: name " + quoted(person) + " is empty, over 64 bytes, or has control characters"};
    }
}

} // namespace

Artefact encode(const ShareDrill& drill)
{
    Value::Array shown;
    for (const auto& one : drill.shown)
        shown.push_back(Value::Array{one.share.bytes(), one.person});
    return {Kind::transcript, encode_body(drill.header, {{2, name},
                                                         {3, drill.appliance.format()},
                                                         {4, drill.key},
                                                         {5, unsigned{drill.identifier}},
                                                         {6, drill.set.bytes()},
                                                         {7, static_cast<std::uint64_t>(drill.time.seconds)},
                                                         {8, drill.shares},
                                                         {9, std::move(shown)}})};
}

ShareDrill decode_share_drill(const Artefact& artefact)
{
    BodyReader reader{artefact, Kind::transcript};
    if (const auto& found = reader.take(2, "transcript").text("transcript"); found != name)
        throw Error{ErrorCode::type, "transcript of " + quoted(found) + ", not of a share-drill"};
    ShareDrill drill{.header = reader.header(),
                     .appliance = ApprovalKey::parse(reader.take(3, "appliance key").text("appliance key")),
                     .key = reader.take(4, "key").text("key"),
                     .identifier = static_cast<std::uint16_t>(bounded(reader.take(5, "identifier"), highest_identifier, "identifier")),
                     .set = Hash256{reader.take(6, "share set").array_of<32>("share set")},
                     .time = read_time(reader.take(7, "time"), "time"),
                     .shares = static_cast<std::uint32_t>(bounded(reader.take(8, "shares"), most_shares, "shares")),
                     .shown = {}};
    for (const auto& item : reader.take(9, "shown").array("shown")) {
        const auto& parts = item.array("share");
        if (parts.size() != 2)
            throw Error{ErrorCode::malformed, "drill: a share has " + std::to_string(parts.size()) + " parts, not 2"};
        drill.shown.push_back({Hash256{parts[0].array_of<32>("hash of a share")}, parts[1].text("person")});
    }
    reader.finish();
    require_sensible(drill);
    if (encode(drill).body() != artefact.body())
        throw Error{ErrorCode::canon, "drill: the body is not in its one encoding"};
    return drill;
}

} // namespace coffer::artefacts
