#include "core/charter/freeze.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/charter/entry_fields.h"
#include "core/encoding/hex.h"

#include <algorithm>
#include <functional>

namespace coffer::charter {

namespace {

constexpr std::size_t most_wallets = 1000;

std::vector<std::string> read_wallets(artefacts::BodyReader& reader)
{
    std::vector<std::string> wallets;
    for (const auto& wallet : reader.take(3, "wallets").array("wallets"))
        wallets.push_back(wallet.text("wallet"));
    if (wallets.empty() || wallets.size() > most_wallets)
        throw Error{ErrorCode::limit, "freeze names " + std::to_string(wallets.size()) + " wallets, not 1 to 1000"};
    if (std::ranges::adjacent_find(wallets, std::greater_equal<>{}) != wallets.end())
        throw Error{ErrorCode::canon, "wallets of a freeze are not sorted, or one is named twice"};
    return wallets;
}

} // namespace

cbor::Value::Map Freeze::fields() const
{
    cbor::Value::Array names;
    for (const auto& wallet : wallets)
        names.emplace_back(wallet);
    cbor::Value::Map map{{3, std::move(names)}, {5, seconds_of(time)}, {6, reason}, {7, seconds_of(until)}};
    if (!officer.empty())
        map.emplace_back(4, officer);
    if (!appliance.empty())
        map.emplace_back(8, appliance);
    return map;
}

Freeze Freeze::read(artefacts::BodyReader& reader)
{
    Freeze freeze{.header = reader.header(),
                  .wallets = read_wallets(reader),
                  .officer = {},
                  .appliance = {},
                  .time = read_entry_time(reader, 5, "time"),
                  .until = read_entry_time(reader, 7, "until"),
                  .reason = read_reason(reader, 6)};
    if (const auto* officer = reader.take_optional(4))
        freeze.officer = officer->text("officer");
    if (const auto* appliance = reader.take_optional(8))
        freeze.appliance = appliance->text("appliance");
    if (freeze.officer.empty() == freeze.appliance.empty())
        throw Error{ErrorCode::malformed, "freeze is by an officer or by an appliance, by one of both"};
    return freeze;
}

std::string Freeze::in_words() const
{
    return "freezes " + escaped(join(wallets, ", ")) + " until " + format_time(until);
}

cbor::Value::Map Unfreeze::fields() const
{
    return {{3, freeze.bytes()}, {5, seconds_of(time)}, {6, reason}};
}

Unfreeze Unfreeze::read(artefacts::BodyReader& reader)
{
    return {.header = reader.header(),
            .freeze = EntryHash{reader.take(3, "freeze").array_of<32>("freeze")},
            .time = read_entry_time(reader, 5, "time"),
            .reason = read_reason(reader, 6)};
}

std::string Unfreeze::in_words() const
{
    return "lifts freeze " + encoding::encode_hex(freeze.bytes());
}

} // namespace coffer::charter
