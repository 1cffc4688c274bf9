#include "cli/files/limit_reader.h"

#include "cli/files/rule_reader.h"
#include "core/base/text.h"
#include "core/charter/limit_check.h"

#include <algorithm>

namespace coffer::cli {

namespace {

Error invalid(std::string message)
{
    return Error{ErrorCode::policy_invalid, std::move(message)};
}

Uint256 parse_amount(const std::string& text, const charter::Charter& charter, const charter::Limit& limit)
{
    const auto assets = charter::assets_of(charter, limit);
    if (!limit.assets || limit.assets->size() != 1 || assets.size() > 1)
        throw invalid("a limit with an amount names exactly one asset on one chain");
    if (assets.empty())
        throw invalid("asset " + quoted(limit.assets->front(), 40) + " is not on the chains of the limit's wallets, so its unit is unknown");
    return parse_decimal(text, charter.decimals(assets.front()));
}

void read_per(TomlReader& reader, charter::Limit& limit)
{
    const auto* value = reader.take("per", Presence::optional);
    if (value == nullptr)
        return;
    for (const auto& name : reader.texts("per").value_or(std::vector<std::string>{}))
        if (const auto per = reader.attempt(value->line(), "per", [&] { return charter::parse_limit_per(name); }))
            limit.per.push_back(*per);
    std::ranges::sort(limit.per); // sealed in one order; charter::check() refuses what stands twice
}

} // namespace

charter::Limit read_limit(const Toml& table, const charter::Charter& so_far, std::vector<FileProblem>& problems)
{
    TomlReader reader{table, place_of("limit", id_of(table)), ErrorCode::policy_invalid, problems};
    charter::Limit limit;
    limit.id = reader.text("id").value_or("");
    limit.wallets = read_selector(reader, "wallets", Presence::required);
    limit.assets = read_selector(reader, "assets", Presence::required);
    limit.destinations = read_selector(reader, "destinations", Presence::required);
    limit.requesters = read_selector(reader, "requesters", Presence::required);
    read_per(reader, limit);
    if (const auto span = reader.parsed("span", Presence::required, &parse_duration))
        limit.span = *span;
    limit.amount = reader.parsed("amount", Presence::optional, [&](const std::string& text) { return parse_amount(text, so_far, limit); });
    limit.count = reader.number("count", Presence::optional);
    reader.finish();
    return limit;
}

} // namespace coffer::cli
