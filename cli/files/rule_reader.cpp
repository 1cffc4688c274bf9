#include "cli/files/rule_reader.h"

#include "core/base/text.h"
#include "core/chains/payload_format.h"

#include <algorithm>
#include <set>

namespace coffer::cli {

namespace {

using charter::DestinationClass;
using charter::Rule;
using charter::Selector;

Error invalid(std::string message)
{
    return Error{ErrorCode::policy_invalid, std::move(message)};
}

/// `1%` in hundred-thousandths.
std::uint64_t parse_share(std::string_view text)
{
    if (!text.ends_with('%'))
        throw invalid(quoted(text, 40) + " is no share such as 1% or 0.25%");
    const auto share = parse_decimal(text.substr(0, text.size() - 1), 3);
    if (share > Uint256{100'000})
        throw invalid(quoted(text, 40) + " is over 100%");
    return *share.to_u64();
}

class RuleReader {
public:
    RuleReader(const Toml& table, const charter::Charter& so_far, std::vector<FileProblem>& problems)
        : m_charter{so_far}, m_reader{table, place_of("rule", id_of(table)), ErrorCode::policy_invalid, problems}
    {
    }

    Rule run()
    {
        m_rule.id = m_reader.text("id").value_or("");
        m_rule.wallets = read_selector(m_reader, "wallets", Presence::required);
        read_kinds();
        m_rule.chains = read_selector(m_reader, "chains", Presence::optional);
        m_rule.assets = read_selector(m_reader, "assets", Presence::required);
        find_chains();
        read_amount();
        read_destinations();
        read_approvals();
        read_fees();
        if (const auto expires = m_reader.parsed("expires", Presence::optional, &parse_duration))
            m_rule.expires = *expires;
        if (const auto delay = m_reader.parsed("delay", Presence::optional, &parse_duration))
            m_rule.delay = *delay;
        m_reader.finish();
        return std::move(m_rule);
    }

private:
    void read_kinds()
    {
        const auto* value = m_reader.take("kinds", Presence::optional);
        if (value == nullptr) {
            m_rule.kinds = {charter::RequestKind::transfer};
            return;
        }
        for (const auto& name : m_reader.texts("kinds").value_or(std::vector<std::string>{}))
            if (const auto kind = m_reader.attempt(value->line(), "kinds", [&] { return charter::parse_request_kind(name); }))
                m_rule.kinds.push_back(*kind);
    }

    /// The chains of the wallets that the rule is for: they give its units.
    void find_chains()
    {
        const auto has = [](const Selector<std::string>& names, const std::string& name) {
            return !names || std::ranges::find(*names, name) != names->end();
        };
        for (const auto& wallet : m_charter.wallets) {
            const auto* chain = m_charter.find_chain(wallet.chain);
            if (chain != nullptr && has(m_rule.wallets, wallet.id) && has(m_rule.chains, chain->id) &&
                std::ranges::find(m_chains, chain) == m_chains.end())
                m_chains.push_back(chain);
        }
    }

    /// The one value that all of the rule's chains have. Throws Error{policy_invalid}.
    template <typename Value>
    Value common(Value (*of)(const charter::Chain&), std::string_view what) const
    {
        if (m_chains.empty())
            throw invalid("none of the rule's wallets and chains is in the charter, so the unit is unknown");
        const auto first = of(*m_chains.front());
        for (const auto* chain : m_chains)
            if (of(*chain) != first)
                throw invalid("the rule's chains have different " + std::string{what} + ", so the unit is unclear; make a rule for each");
        return first;
    }

    unsigned asset_decimals() const
    {
        if (!m_rule.assets || m_rule.assets->size() != 1)
            throw invalid("a rule with an amount names exactly one asset");
        const auto& symbol = m_rule.assets->front();
        std::set<unsigned> decimals;
        for (const auto* chain : m_chains) {
            if (chain->symbol == symbol)
                decimals.insert(chain->decimals);
            else if (const auto* token = m_charter.find_token({chain->id, symbol}))
                decimals.insert(token->decimals);
        }
        if (decimals.empty())
            throw invalid("asset " + quoted(symbol, 40) + " is not on the chains of the rule's wallets, so its unit is unknown");
        if (decimals.size() > 1)
            throw invalid("asset " + quoted(symbol, 40) + " has different decimals on the rule's chains");
        return *decimals.begin();
    }

    void read_amount()
    {
        const auto* value = m_reader.take("amount", Presence::required);
        if (value == nullptr)
            return;
        if (const auto* text = value->as<std::string>(); text != nullptr && *text == "any")
            return;
        const auto* list = value->as<Toml::List>();
        if (list == nullptr || list->size() != 2 || (*list)[0].as<std::string>() == nullptr ||
            (*list)[1].as<std::string>() == nullptr) {
            m_reader.report(value->line(), "amount is not \"any\" or a list of two amounts as text, as in [\"0\", \"1.5\"]");
            return;
        }
        m_rule.amount = m_reader.attempt(value->line(), "amount", [&] {
            const auto decimals = asset_decimals();
            const charter::AmountRange range{parse_decimal(*(*list)[0].as<std::string>(), decimals),
                                             parse_decimal(*(*list)[1].as<std::string>(), decimals)};
            if (range.least > range.most)
                throw invalid(*(*list)[0].as<std::string>() + " is over " + *(*list)[1].as<std::string>());
            return range;
        });
    }

    void read_destinations()
    {
        using Kind = DestinationClass::Kind;
        const auto* value = m_reader.take("destinations", Presence::required);
        if (value == nullptr)
            return;
        auto& destinations = m_rule.destinations;
        if (const auto* text = value->as<std::string>()) {
            if (*text == "any")
                destinations.kind = Kind::any;
            else if (*text == "whitelist")
                destinations.kind = Kind::whitelist;
            else if (*text == "internal")
                destinations.kind = Kind::internal;
            else
                m_reader.report(value->line(), "destinations is " + quoted(*text, 60) +
                                                   ", not \"any\", \"whitelist\", \"internal\" or a list of ids");
        } else if (value->as<Toml::Table>() != nullptr) {
            TomlReader table{*value, m_reader.place(), ErrorCode::policy_invalid, m_reader.problems()};
            destinations.kind = Kind::internal;
            destinations.names = table.texts("internal").value_or(std::vector<std::string>{});
            if (destinations.names.empty())
                m_reader.report(value->line(), "destinations names no wallet or tier; write \"internal\" for the same or a colder tier");
            table.finish();
        } else {
            destinations.kind = Kind::listed;
            destinations.names = m_reader.texts("destinations").value_or(std::vector<std::string>{});
        }
    }

    void read_approvals()
    {
        if (const auto quorum = m_reader.parsed("approvals", Presence::required, &charter::Quorum::parse))
            m_rule.approvals = *quorum;
        m_rule.requester_may_approve = m_reader.boolean("requester_may_approve", Presence::optional).value_or(false);
    }

    void read_fees()
    {
        m_rule.max_fee = m_reader.parsed("max_fee", Presence::optional, [&](const std::string& text) {
            return parse_decimal(text, common<unsigned>([](const auto& chain) { return chain.decimals; }, "decimals"));
        });
        const auto parse_rate = [&](const std::string& text) {
            const auto family = common<std::string>([](const auto& chain) { return chain.family; }, "families");
            const auto* format = chains::find_format(family);
            if (format == nullptr)
                throw invalid("family " + quoted(family, 40) + " is not built in, so the unit is unknown");
            return format->parse_feerate(text);
        };
        m_rule.max_feerate = m_reader.parsed("max_feerate", Presence::optional, parse_rate);
        m_rule.max_priority_feerate = m_reader.parsed("max_priority_feerate", Presence::optional, parse_rate);
        m_rule.max_fee_share = m_reader.parsed("max_fee_share", Presence::optional, &parse_share);
    }

    const charter::Charter& m_charter;
    TomlReader m_reader;
    std::vector<const charter::Chain*> m_chains;
    Rule m_rule;
};

} // namespace

Selector<std::string> read_selector(TomlReader& reader, std::string_view name, Presence presence)
{
    const auto* value = reader.take(name, presence);
    if (value == nullptr)
        return std::nullopt;
    if (const auto* text = value->as<std::string>()) {
        if (*text != "any")
            reader.report(value->line(), std::string{name} + " is " + quoted(*text, 60) + ", not \"any\" or a list");
        return std::nullopt;
    }
    return reader.texts(name).value_or(std::vector<std::string>{});
}

Rule read_rule(const Toml& table, const charter::Charter& so_far, std::vector<FileProblem>& problems)
{
    return RuleReader{table, so_far, problems}.run();
}

std::string id_of(const Toml& table)
{
    if (const auto* fields = table.as<Toml::Table>())
        for (const auto& field : *fields)
            if (const auto* id = field.value.as<std::string>(); field.name == "id" && id != nullptr)
                return *id;
    return {};
}

} // namespace coffer::cli
