#include "core/charter/charter.h"

#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <algorithm>
#include <set>

namespace coffer::charter {

namespace {

template <typename Item>
void compare_lists(std::vector<std::string>& lines, const std::vector<Item>& before, const std::vector<Item>& after,
                   std::string_view sort)
{
    const auto named = [&](const Item& item) { return std::string{sort} + " \"" + escaped(item.id) + "\""; };
    for (const auto& item : before) {
        const auto same = std::ranges::find(after, item.id, &Item::id);
        if (same == after.end())
            lines.push_back(named(item) + " is removed");
        else if (!(*same == item))
            lines.push_back(named(item) + " is changed");
    }
    for (const auto& item : after)
        if (std::ranges::find(before, item.id, &Item::id) == before.end())
            lines.push_back(named(item) + " is added");
}

/// A suspension leaves an officer the keys that the charter gives.
std::set<artefacts::ApprovalKey> all_keys_of(const Officer& officer)
{
    std::set<artefacts::ApprovalKey> keys{officer.keys.begin(), officer.keys.end()};
    keys.insert(officer.suspended.begin(), officer.suspended.end());
    return keys;
}

void compare_entries(std::vector<std::string>& lines, const Charter& before, const Charter& after)
{
    const auto who = [](const Charter& charter) { return charter.freeze_role.empty() ? std::string{"any officer"} : charter.freeze_role; };
    if (before.freeze_role != after.freeze_role)
        lines.push_back("wallets are frozen by " + who(after) + ", before: " + who(before));
    if (before.cooldown_in_force() != after.cooldown_in_force())
        lines.push_back("a destination that an entry adds counts after " + format_duration(after.cooldown_in_force()) + ", before: " +
                        format_duration(before.cooldown_in_force()));
    if (before.shares != after.shares)
        lines.push_back("shares of a key: no fewer than " + std::to_string(after.shares.least_threshold) + " restore it, at most " +
                        std::to_string(after.shares.most_shares) + " are made; before: " + std::to_string(before.shares.least_threshold) + ", " +
                        std::to_string(before.shares.most_shares));
    for (const auto& entry : after.lifts)
        lines.push_back("what entry " + encoding::encode_hex(entry.bytes()) + " took away is given back");
}

void compare_officers(std::vector<std::string>& lines, const Charter& before, const Charter& after)
{
    for (const auto& officer : after.officers) {
        const auto* old = before.find_officer(officer.id);
        if (old == nullptr) {
            lines.push_back("officer \"" + officer.id + "\" is added with " + join(officer.roles, ", "));
            continue;
        }
        if (old->roles != officer.roles)
            lines.push_back("officer \"" + officer.id + "\" has the roles " + join(officer.roles, ", ") + ", before: " +
                            join(old->roles, ", "));
        if (all_keys_of(*old) != all_keys_of(officer))
            lines.push_back("officer \"" + officer.id + "\" has other keys");
    }
    for (const auto& officer : before.officers)
        if (after.find_officer(officer.id) == nullptr)
            lines.push_back("officer \"" + officer.id + "\" is removed");
}

void compare_rules(std::vector<std::string>& lines, const Charter& before, const Charter& after)
{
    compare_lists(lines, before.rules, after.rules, "rule");
    for (const auto& rule : after.rules) {
        const auto old = std::ranges::find(before.rules, rule.id, &Rule::id);
        if (old != before.rules.end() && !(old->approvals == rule.approvals))
            lines.push_back("rule \"" + rule.id + "\" needs " + rule.approvals.text() + ", before: " + old->approvals.text());
    }
    const auto ids = [](const Charter& charter) {
        std::vector<std::string> names;
        for (const auto& rule : charter.rules)
            names.push_back(rule.id);
        return names;
    };
    auto old_order = ids(before);
    auto new_order = ids(after);
    if (old_order != new_order) {
        std::ranges::sort(old_order);
        std::ranges::sort(new_order);
        if (old_order == new_order)
            lines.push_back("the rules stand in another order: " + join(ids(after), ", "));
    }
}

void compare_limits(std::vector<std::string>& lines, const Charter& before, const Charter& after)
{
    compare_lists(lines, before.limits, after.limits, "limit");
    for (const auto& limit : after.limits) {
        const auto old = std::ranges::find(before.limits, limit.id, &Limit::id);
        if (old == before.limits.end())
            lines.push_back(limit_in_words(after, limit));
        else if (!(*old == limit))
            lines.push_back(limit_in_words(after, limit) + ", before: " + limit_in_words(before, *old));
    }
}

} // namespace

std::vector<std::string> describe_changes(const Charter& before, const Charter& after)
{
    std::vector<std::string> lines;
    if (before.name != after.name)
        lines.push_back("the name is " + quoted(after.name) + ", before: " + quoted(before.name));
    if (!(before.amendment == after.amendment))
        lines.push_back("an amendment needs " + after.amendment.text() + ", before: " + before.amendment.text());
    if (before.audit_key != after.audit_key)
        lines.push_back("the audit key is replaced");
    compare_entries(lines, before, after);
    compare_officers(lines, before, after);
    compare_lists(lines, before.roles, after.roles, "role");
    compare_lists(lines, before.appliances, after.appliances, "appliance");
    compare_lists(lines, before.chains, after.chains, "chain");
    compare_lists(lines, before.tokens, after.tokens, "token");
    compare_lists(lines, before.wallets, after.wallets, "wallet");
    compare_lists(lines, before.destinations, after.destinations, "destination");
    compare_rules(lines, before, after);
    compare_limits(lines, before, after);
    return lines;
}

} // namespace coffer::charter
