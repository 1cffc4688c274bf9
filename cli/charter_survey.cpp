#include "cli/charter_survey.h"

#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/charter/limit_check.h"

#include <algorithm>
#include <map>

namespace coffer::cli {

namespace {

using charter::Charter;
using charter::Limit;
using charter::Quorum;
using charter::Wallet;

/// The officers without each of whom the quorum cannot be fulfilled.
void add_officers(std::vector<std::string>& lines, const Charter& charter, const Quorum& quorum, const std::string& what)
{
    if (quorum.is_none())
        return;
    for (const auto& missing : charter.officers) {
        std::vector<Quorum::Voter> others;
        for (const auto& officer : charter.officers)
            if (officer.id != missing.id)
                others.push_back({officer.id, officer.roles});
        const auto tally = quorum.tally(others);
        if (!tally.reached)
            lines.push_back("without officer " + missing.id + " nobody can fulfil " + what + ": " + join(tally.missing, ", ") + " would be missing");
    }
}

std::size_t keys_outside(const Wallet& wallet)
{
    return static_cast<std::size_t>(std::ranges::count_if(wallet.keys, [](const auto& key) { return !key.outside.empty(); }));
}

void add_appliances(std::vector<std::string>& lines, const Wallet& wallet, std::size_t threshold)
{
    std::map<std::string, std::size_t> held;
    for (const auto& key : wallet.keys)
        if (key.outside.empty())
            ++held[key.appliance];
    for (const auto& [appliance, count] : held)
        if (wallet.keys.size() - count < threshold)
            lines.push_back("without appliance " + appliance + " or its backup nothing leaves wallet " + wallet.id);
}

bool is_of(const Charter& charter, const Limit& limit, const Wallet& wallet)
{
    const auto assets = charter::assets_of(charter, limit);
    return (!limit.wallets || std::ranges::find(*limit.wallets, wallet.id) != limit.wallets->end()) &&
           std::ranges::find(assets, wallet.chain, &AssetId::chain) != assets.end();
}

/// All that leaves a wallet is in one window.
bool is_one_window(const Limit& limit)
{
    return std::ranges::all_of(limit.per, [](const auto per) { return per == charter::LimitPer::wallet; });
}

bool is_whole(const Limit& limit)
{
    return !limit.destinations && !limit.requesters && is_one_window(limit);
}

} // namespace

Document CharterSurvey::LargestSum::describe(const Charter& charter) const
{
    auto document = Document::object();
    document.set("wallet", wallet).set("limit", limit->id).set("span_seconds", limit->span.seconds);
    document.set("keys_in_appliances", std::uint64_t{held}).set("signatures_needed", std::uint64_t{needed});
    if (limit->amount)
        document.set("asset", limit->assets->front())
            .set("amount", *limit->amount * Uint256{held} / Uint256{needed})
            .set("decimals", charter.decimals(charter::assets_of(charter, *limit).front()));
    if (limit->count)
        document.set("count", *limit->count * held / needed);
    return document.set("is_whole", is_whole(*limit));
}

std::string CharterSurvey::LargestSum::in_words(const Charter& charter) const
{
    auto together = *limit;
    if (together.amount)
        together.amount = *together.amount * Uint256{held} / Uint256{needed};
    if (together.count)
        together.count = *together.count * held / needed;
    auto line = "wallet " + wallet + ": at most " + charter::ceiling_in_words(charter, together) + " by limit " + limit->id;
    if (held != needed)
        line += ", over " + std::to_string(held) + " keys in appliances of which " + std::to_string(needed) + " must sign";
    if (!is_one_window(*limit))
        line += ", in each window of its own";
    else if (!is_whole(*limit))
        line += ", of what it names alone";
    return line;
}

CharterSurvey survey(const Charter& charter)
{
    CharterSurvey survey;
    for (const auto& rule : charter.rules)
        add_officers(survey.single_points, charter, rule.approvals, "rule \"" + rule.id + "\"");
    add_officers(survey.single_points, charter, charter.amendment, "an amendment");
    for (const auto& wallet : charter.wallets) {
        const auto threshold = chains::format_of(charter.chain(wallet.chain)).signers_needed(charter, wallet);
        const auto outside = keys_outside(wallet);
        add_appliances(survey.single_points, wallet, threshold);
        bool is_limited = false;
        for (const auto& limit : charter.limits)
            if (is_of(charter, limit, wallet)) {
                survey.largest_sums.push_back({wallet.id, &limit, wallet.keys.size() - outside, threshold - std::min(outside, threshold - 1)});
                is_limited = is_limited || (limit.amount && is_whole(limit));
            }
        if (!is_limited)
            survey.unlimited.push_back(wallet.id);
    }
    return survey;
}

} // namespace coffer::cli
