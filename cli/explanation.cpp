#include "cli/explanation.h"

#include "cli/requests/request_document.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/requests/outflow.h"
#include "core/requests/recipient.h"

namespace coffer::cli {

namespace {

/// A name that no rule of a charter has: an id begins with a small letter.
constexpr std::string_view beyond_all_rules = "-";

/// The charter with one more rule at its end that is for everything, so that selection always comes
/// to an end and says why each real rule was passed over.
charter::Charter with_last_resort(const charter::Charter& charter, charter::RequestKind kind)
{
    auto extended = charter;
    charter::Rule rule;
    rule.id = std::string{beyond_all_rules};
    rule.kinds = {kind};
    extended.rules.push_back(std::move(rule));
    return extended;
}

/// The same decision in terms of the charter itself.
policy::Decision in_terms_of(const charter::Charter& charter, policy::Decision decision)
{
    for (auto& asset : decision.assets) {
        const std::string id = asset.rule->id;
        asset.rule = nullptr;
        for (const auto& rule : charter.rules)
            if (rule.id == id)
                asset.rule = &rule;
    }
    return decision;
}

std::optional<Error> refusal_of(const charter::Charter& charter, const policy::Facts& facts)
{
    try {
        static_cast<void>(policy::select_rules(charter, facts));
        return std::nullopt;
    } catch (const Error& error) {
        return error;
    }
}

std::optional<Error> refusal_of(const charter::Charter& charter, const policy::Outflow& outflow)
{
    try {
        policy::Windows{charter}.require_ever_within(outflow);
        return std::nullopt;
    } catch (const Error& error) {
        return error;
    }
}

AssetId asset_of(const charter::Charter& charter, const charter::Chain& chain, const std::string& symbol)
{
    const AssetId asset{chain.id, symbol.empty() ? chain.symbol : symbol};
    static_cast<void>(charter.decimals(asset)); // throws for an unknown one
    return asset;
}

Bytes destination_of(const charter::Charter& charter, const charter::Chain& chain, const std::string& to)
{
    for (const auto& destination : charter.destinations)
        if (destination.id == to && destination.chain == chain.id)
            return destination.address;
    const auto* wallet = charter.find_wallet(to);
    if (wallet != nullptr && wallet->chain == chain.id)
        return chains::format_of(chain).derive_address(charter, *wallet, chains::Branch::receive, 0);
    return chains::format_of(chain).parse_address(to, chain);
}

} // namespace

std::string Explanation::rule_ids() const
{
    if (!is_allowed())
        return "denied";
    std::vector<std::string> ids;
    for (const auto* rule : decision.rules())
        ids.push_back(rule->id);
    return join(ids, ", ");
}

Document Explanation::describe(const charter::Charter& charter) const
{
    auto assets = Document::list();
    for (const auto& asset : decision.assets)
        assets.add(Document::object()
                       .set("asset", asset.asset.symbol)
                       .set("amount", asset.amount)
                       .set("decimals", charter.decimals(asset.asset))
                       .set("rule", asset.rule == nullptr ? Document{} : Document{asset.rule->id})
                       .set("approvals", asset.rule == nullptr ? Document{} : Document{asset.rule->approvals.text()}));
    auto skipped = Document::list();
    for (const auto& one : decision.skipped)
        skipped.add(Document::object().set("rule", one.rule).set("asset", one.asset.symbol).set("reason", one.reason));
    auto document = Document::object();
    document.set("decision", is_allowed() ? "allowed" : "denied").set("assets", std::move(assets)).set("skipped", std::move(skipped));
    if (error)
        document.set("reason", Document::object().set("code", name_of(error->code())).set("message", error->message()));
    return document.set("limits", describe_windows(windows, charter));
}

std::vector<std::string> Explanation::in_words(const charter::Charter& charter) const
{
    std::vector<std::string> lines;
    for (const auto& asset : decision.assets) {
        const auto amount = format_decimal(asset.amount, charter.decimals(asset.asset)) + " " + asset.asset.symbol;
        if (asset.rule == nullptr) {
            lines.push_back(amount + ": no rule, so it is denied");
            continue;
        }
        lines.push_back(amount + ": rule \"" + asset.rule->id + "\" decides");
        lines.push_back("  needs " + asset.rule->approvals.text() +
                        (asset.rule->requester_may_approve ? ", the requester may approve" : ", the requester does not count"));
        lines.push_back("  lives " + format_duration(asset.rule->expires) + ", delay " + format_duration(asset.rule->delay));
    }
    for (const auto& use : windows)
        lines.push_back("limit: " + policy::left_in_words(charter, use));
    for (const auto& one : decision.skipped)
        lines.push_back("passed over: rule \"" + one.rule + "\" for " + one.asset.symbol + ", since " + one.reason);
    if (error)
        lines.push_back("denied: " + error->message() + " (" + std::string{name_of(error->code())} + ")");
    return lines;
}

Explanation explain(const charter::Charter& charter, const policy::Facts& facts, policy::Outflow outflow)
{
    const auto extended = with_last_resort(charter, facts.kind);
    Explanation explanation{.outflow = std::move(outflow),
                            .decision = in_terms_of(charter, policy::select_rules(extended, facts)),
                            .error = refusal_of(charter, facts)};
    if (!explanation.error)
        explanation.error = refusal_of(charter, explanation.outflow);
    return explanation;
}

Explanation explain(const charter::Charter& charter, const HypotheticalPayment& payment, UtcTime now)
{
    const auto& wallet = charter.wallet(payment.wallet);
    const auto& chain = charter.chain(wallet.chain);
    const auto asset = asset_of(charter, chain, payment.asset);
    const payments::Description description{.payer = wallet.id,
                                            .payments = {{destination_of(charter, chain, payment.to),
                                                          Amount{asset, parse_decimal(payment.amount, charter.decimals(asset))}}},
                                            .change = {},
                                            .fee = {Amount{chain.native(), 0}, 0, 0}};
    const policy::Facts facts{.kind = payment.kind, .wallet = &wallet, .description = &description, .created = now, .expires = now, .known_for = std::nullopt,
                              .words = requests::words_of(charter, wallet)};
    return explain(charter, facts, requests::outflow_of(description, wallet, payment.requester, charter));
}

} // namespace coffer::cli
