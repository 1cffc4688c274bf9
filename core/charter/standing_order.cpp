#include "core/charter/standing_order.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/charter/entry_fields.h"
#include "core/encoding/hex.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace coffer::charter {

namespace {

std::vector<Bytes> read_destinations(artefacts::BodyReader& reader)
{
    std::vector<Bytes> destinations;
    for (const auto& destination : reader.take(11, "destinations").array("destinations"))
        destinations.push_back(destination.bytes("destination"));
    if (destinations.empty() || destinations.size() > most_order_destinations)
        throw Error{ErrorCode::limit, "standing order names " + std::to_string(destinations.size()) + " destinations, not 1 to 100"};
    if (std::ranges::adjacent_find(destinations, std::greater_equal<>{}) != destinations.end())
        throw Error{ErrorCode::canon, "destinations of a standing order are not sorted, or one is named twice"};
    return destinations;
}

std::vector<std::string> read_officers(artefacts::BodyReader& reader)
{
    std::vector<std::string> officers;
    for (const auto& officer : reader.take(20, "officers").array("officers"))
        officers.push_back(officer.text("officer"));
    if (officers.empty() || officers.size() > most_order_officers)
        throw Error{ErrorCode::limit, "standing order names " + std::to_string(officers.size()) + " officers, not 1 to 100"};
    if (std::ranges::adjacent_find(officers, std::greater_equal<>{}) != officers.end())
        throw Error{ErrorCode::canon, "officers of a standing order are not sorted, or one is named twice"};
    return officers;
}

Uint256 read_amount(artefacts::BodyReader& reader, std::uint64_t key, std::string_view what)
{
    return Uint256::from_minimal_big_endian(reader.take(key, what).bytes(what));
}

Duration read_span(artefacts::BodyReader& reader, std::uint64_t key)
{
    const auto seconds = reader.take(key, "span").number("span");
    if (seconds > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max()))
        throw Error{ErrorCode::limit, "span of a standing order has " + std::to_string(seconds) + " seconds"};
    return Duration{static_cast<std::int64_t>(seconds)};
}

} // namespace

cbor::Value::Map StandingOrder::fields() const
{
    cbor::Value::Array addresses;
    for (const auto& destination : destinations)
        addresses.emplace_back(destination);
    cbor::Value::Array names;
    for (const auto& officer : officers)
        names.emplace_back(officer);
    return {{3, id},
            {4, wallet},
            {5, seconds_of(time)},
            {6, reason},
            {7, charter.bytes()},
            {8, appliance},
            {9, identity.format()},
            {10, asset},
            {11, std::move(addresses)},
            {12, per_payment.minimal_big_endian()},
            {13, static_cast<std::uint64_t>(span.seconds)},
            {14, per_span.minimal_big_endian()},
            {15, total.minimal_big_endian()},
            {16, fee.minimal_big_endian()},
            {17, total_fee.minimal_big_endian()},
            {18, seconds_of(first)},
            {19, seconds_of(last)},
            {20, std::move(names)}};
}

StandingOrder StandingOrder::read(artefacts::BodyReader& reader)
{
    return {.header = reader.header(),
            .id = reader.take(3, "id").text("id"),
            .wallet = reader.take(4, "wallet").text("wallet"),
            .appliance = reader.take(8, "appliance").text("appliance"),
            .identity = artefacts::ApprovalKey::parse(reader.take(9, "identity").text("identity")),
            .asset = reader.take(10, "asset").text("asset"),
            .destinations = read_destinations(reader),
            .per_payment = read_amount(reader, 12, "most a payment"),
            .span = read_span(reader, 13),
            .per_span = read_amount(reader, 14, "most a span"),
            .total = read_amount(reader, 15, "most in all"),
            .fee = read_amount(reader, 16, "most fee"),
            .total_fee = read_amount(reader, 17, "most fees in all"),
            .first = read_entry_time(reader, 18, "first date"),
            .last = read_entry_time(reader, 19, "last date"),
            .officers = read_officers(reader),
            .charter = read_charter(reader, 7),
            .time = read_entry_time(reader, 5, "time"),
            .reason = read_reason(reader, 6)};
}

std::string StandingOrder::in_words() const
{
    return "orders payments of " + escaped(asset) + " from " + escaped(wallet) + " until " + format_time(last) + " as " + escaped(id);
}

cbor::Value::Map StandingOrderEnded::fields() const
{
    return {{3, order.bytes()}, {4, officer}, {5, seconds_of(time)}, {6, reason}, {7, charter.bytes()}};
}

StandingOrderEnded StandingOrderEnded::read(artefacts::BodyReader& reader)
{
    return {.header = reader.header(),
            .order = EntryHash{reader.take(3, "order").array_of<32>("order")},
            .officer = reader.take(4, "officer").text("officer"),
            .charter = read_charter(reader, 7),
            .time = read_entry_time(reader, 5, "time"),
            .reason = read_reason(reader, 6)};
}

std::string StandingOrderEnded::in_words() const
{
    return "ends standing order " + encoding::encode_hex(order.bytes());
}

} // namespace coffer::charter
