#include "core/charter/charter.h"

#include "core/base/text.h"

#include <algorithm>

namespace coffer::charter {

namespace {

template <typename Item>
bool contains_all(const std::vector<Item>& many, const std::vector<Item>& few)
{
    return std::ranges::all_of(few, [&](const auto& item) { return std::ranges::find(many, item) != many.end(); });
}

template <typename Item>
bool covers(const Selector<Item>& wide, const Selector<Item>& narrow)
{
    return !wide || (narrow && contains_all(*wide, *narrow));
}

bool covers(const std::optional<AmountRange>& wide, const std::optional<AmountRange>& narrow)
{
    return !wide || (narrow && wide->least <= narrow->least && narrow->most <= wide->most);
}

bool covers(const DestinationClass& wide, const DestinationClass& narrow)
{
    using Kind = DestinationClass::Kind;
    switch (wide.kind) {
    case Kind::any: return true;
    case Kind::whitelist: return narrow.kind == Kind::whitelist || narrow.kind == Kind::listed;
    case Kind::listed: return narrow.kind == Kind::listed && contains_all(wide.names, narrow.names);
    case Kind::internal:
        return narrow.kind == Kind::internal && wide.names.empty() == narrow.names.empty() && contains_all(wide.names, narrow.names);
    }
    fatal("destination class without a meaning");
}

/// Whatever selects the narrow one selects the wide one first.
bool covers(const Rule& wide, const Rule& narrow)
{
    return covers(wide.wallets, narrow.wallets) && contains_all(wide.kinds, narrow.kinds) && covers(wide.chains, narrow.chains) &&
           covers(wide.assets, narrow.assets) && covers(wide.amount, narrow.amount) && covers(wide.destinations, narrow.destinations);
}

bool has_wallet(const Charter& charter, const Rule& rule)
{
    const auto is_named = [](const Selector<std::string>& names, const std::string& name) {
        return !names || std::ranges::find(*names, name) != names->end();
    };
    return std::ranges::any_of(charter.wallets, [&](const Wallet& wallet) {
        return is_named(rule.wallets, wallet.id) && is_named(rule.chains, wallet.chain);
    });
}

} // namespace

std::vector<Problem> find_weaknesses(const Charter& charter)
{
    std::vector<Problem> found;
    for (auto rule = charter.rules.begin(); rule != charter.rules.end(); ++rule) {
        const auto place = "rule \"" + escaped(rule->id) + "\"";
        if (!rule->max_fee)
            found.push_back({place, ErrorCode::fee_cap, "max_fee is missing: no other ceiling keeps a fee from taking the whole wallet"});
        const auto wider = std::find_if(charter.rules.begin(), rule, [&](const Rule& earlier) { return covers(earlier, *rule); });
        if (wider != rule)
            found.push_back({place, ErrorCode::policy_invalid,
                             "it never decides: rule \"" + escaped(wider->id) + "\" before it covers all that it is for"});
        else if (!has_wallet(charter, *rule))
            found.push_back({place, ErrorCode::policy_invalid, "it never decides: none of its wallets is on its chains"});
    }
    return found;
}

} // namespace coffer::charter
