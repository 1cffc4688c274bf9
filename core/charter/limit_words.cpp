#include "core/charter/charter.h"

#include "core/base/text.h"
#include "core/charter/limit_check.h"

namespace coffer::charter {

namespace {

std::string amount_in_words(const Charter& charter, const Limit& limit)
{
    const auto assets = assets_of(charter, limit);
    if (assets.size() != 1)
        return limit.amount->decimal() + " base units";
    return format_decimal(*limit.amount, charter.decimals(assets.front())) + " " + assets.front().symbol;
}

std::string named_or(const Selector<std::string>& names, std::string_view any)
{
    return names ? escaped(join(*names, ", ")) : std::string{any};
}

} // namespace

std::string ceiling_in_words(const Charter& charter, const Limit& limit)
{
    std::vector<std::string> ceilings;
    if (limit.amount)
        ceilings.push_back(amount_in_words(charter, limit));
    if (limit.count)
        ceilings.push_back(std::to_string(*limit.count) + (*limit.count == 1 ? " request" : " requests"));
    return join(ceilings, " and ") + " in " + format_duration(limit.span);
}

std::string limit_in_words(const Charter& charter, const Limit& limit)
{
    std::vector<std::string> separate;
    for (const auto per : limit.per)
        separate.emplace_back(name_of(per));
    return "limit \"" + escaped(limit.id) + "\": at most " + ceiling_in_words(charter, limit) +
           (separate.empty() ? "" : " for each " + join(separate, " and ")) + ", " + named_or(limit.assets, "any asset") + " from " +
           named_or(limit.wallets, "any wallet") + " to " + named_or(limit.destinations, "any destination") + ", requested by " +
           named_or(limit.requesters, "anybody");
}

} // namespace coffer::charter
