#include "core/policy/evaluator.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <map>

namespace coffer::policy {

namespace {

using charter::Charter;
using charter::DestinationClass;
using charter::Rule;
using charter::Wallet;
using payments::Payment;

template <typename Item>
bool admits(const charter::Selector<Item>& selector, const Item& item)
{
    return !selector || std::ranges::find(*selector, item) != selector->end();
}

template <typename Item>
bool contains(const std::vector<Item>& items, const Item& item)
{
    return std::ranges::find(items, item) != items.end();
}

bool is_same_or_colder(charter::Tier receiver, charter::Tier payer)
{
    return static_cast<int>(receiver) <= static_cast<int>(payer); // cold, warm, hot
}

class Selection {
public:
    Selection(const Charter& charter, const Facts& facts) : m_charter{charter}, m_facts{facts}
    {
        require(facts.words.address && facts.words.feerate && facts.words.owner, "facts without the words of a chain");
        require(facts.wallet != nullptr && facts.description != nullptr, "facts without wallet or payments");
        for (const auto& payment : facts.description->payments)
            m_payments[payment.amount.asset()].push_back(payment);
        if (m_payments.empty()) {
            m_pays_nothing = true;
            const Amount nothing{charter.chain(facts.wallet->chain).native(), 0};
            m_payments[nothing.asset()].push_back({facts.wallet->address, nothing});
        }
    }

    Decision run()
    {
        Decision decision;
        for (const auto& [asset, payments] : m_payments) {
            Uint256 amount;
            for (const auto& payment : payments)
                amount = amount + payment.amount.base_units();
            decision.assets.push_back({asset, amount, select(asset, amount, payments, decision.skipped)});
        }
        return decision;
    }

private:
    const Rule* select(const AssetId& asset, const Uint256& amount, const std::vector<Payment>& payments,
                       std::vector<Skipped>& skipped)
    {
        const Payment* outside = nullptr;
        bool only_some_outside = false;
        for (const auto& rule : m_charter.rules) {
            auto reason = why_not(rule, asset, amount);
            if (reason.empty()) {
                const auto strangers = outside_of(rule.destinations, payments);
                if (strangers.empty())
                    return &rule;
                outside = strangers.front();
                only_some_outside = only_some_outside || strangers.size() < payments.size();
                reason = "a destination is not of its class";
            }
            skipped.push_back({rule.id, asset, std::move(reason)});
        }
        if (outside != nullptr && only_some_outside)
            throw Error{ErrorCode::policy_denied, "destination " + m_facts.words.address(outside->destination) +
                                                      " is outside the class that the other payments are in",
                        "one payment outside a rule's class keeps the whole request from the rule"};
        if (outside != nullptr && !m_pays_nothing)
            throw unknown_destination(*outside);
        throw Error{ErrorCode::policy_denied,
                    "no rule allows a " + std::string{name_of(m_facts.kind)} + " of " +
                        format_decimal(amount, m_charter.decimals(asset)) + " " + asset.symbol + " from " + m_facts.wallet->id,
                    "`coffer policy explain` shows why each rule was passed over"};
    }

    /// Empty when every selector but the destinations admits the asset.
    std::string why_not(const Rule& rule, const AssetId& asset, const Uint256& amount) const
    {
        if (!admits(rule.wallets, m_facts.wallet->id))
            return "it is not for wallet " + m_facts.wallet->id;
        if (!contains(rule.kinds, m_facts.kind))
            return "it is not for kind " + std::string{name_of(m_facts.kind)};
        if (!admits(rule.chains, asset.chain))
            return "it is not for chain " + asset.chain;
        if (!admits(rule.assets, asset.symbol))
            return "it is not for asset " + asset.symbol;
        if (rule.amount && (amount < rule.amount->least || rule.amount->most < amount)) {
            const auto decimals = m_charter.decimals(asset);
            return format_decimal(amount, decimals) + " " + asset.symbol + " is not between " +
                   format_decimal(rule.amount->least, decimals) + " and " + format_decimal(rule.amount->most, decimals);
        }
        return {};
    }

    std::vector<const Payment*> outside_of(const DestinationClass& allowed, const std::vector<Payment>& payments) const
    {
        std::vector<const Payment*> outside;
        for (const auto& payment : payments)
            if (!is_inside(allowed, payment))
                outside.push_back(&payment);
        return outside;
    }

    bool is_inside(const DestinationClass& allowed, const Payment& payment) const
    {
        const auto& chain = m_facts.wallet->chain;
        switch (allowed.kind) {
        case DestinationClass::Kind::any: return true;
        case DestinationClass::Kind::whitelist:
        case DestinationClass::Kind::listed: {
            const auto* entry = m_charter.find_destination_at(chain, payment.destination);
            return entry != nullptr && !m_facts.cooling.contains(entry->id) &&
                   (allowed.kind == DestinationClass::Kind::whitelist || contains(allowed.names, entry->id));
        }
        case DestinationClass::Kind::internal: return is_internal(allowed, payment);
        }
        fatal("destination class without a meaning");
    }

    bool is_internal(const DestinationClass& allowed, const Payment& payment) const
    {
        const auto* receiver = m_pays_nothing ? m_facts.wallet : m_facts.words.owner(payment.destination);
        if (receiver == nullptr)
            return false;
        if (contains(allowed.names, receiver->id))
            return true;
        // What leaves the governed wallets for a personal one needs no votes there: it is no move inside.
        if (receiver->mode != m_facts.wallet->mode)
            return false;
        if (allowed.names.empty())
            return is_same_or_colder(receiver->tier, m_facts.wallet->tier);
        return contains(allowed.names, std::string{name_of(receiver->tier)});
    }

    Error unknown_destination(const Payment& payment) const
    {
        const auto address = m_facts.words.address(payment.destination);
        for (const auto& entry : m_charter.destinations)
            if (entry.address == payment.destination && entry.chain != m_facts.wallet->chain)
                return Error{ErrorCode::dest_chain, "destination " + address + " is \"" + entry.id + "\" on chain " +
                                                        entry.chain + ", not on " + m_facts.wallet->chain};
        const auto* known = m_charter.find_destination_at(m_facts.wallet->chain, payment.destination);
        if (known != nullptr && m_facts.cooling.contains(known->id))
            return Error{ErrorCode::dest_unknown, "destination " + address + " is \"" + known->id + "\", which was added to the address book "
                                                      "less than " + format_duration(m_charter.cooldown_in_force()) + " ago",
                         "it counts when its cool-down is over; each side counts from when it first saw the entry"};
        if (known != nullptr)
            return Error{ErrorCode::policy_denied, "no rule allows a payment to destination " + address + " from " +
                                                       m_facts.wallet->id};
        return Error{ErrorCode::dest_unknown, "destination " + address + " is not in the address book, and no rule of " +
                                                  m_facts.wallet->id + " allows another",
                     "compare every character of the address; an amendment adds it to the charter"};
    }

    const Charter& m_charter;
    const Facts& m_facts;
    std::map<AssetId, std::vector<Payment>> m_payments;
    bool m_pays_nothing = false; ///< counts as a payment of 0 to the wallet itself, of whatever address
};

Error over_cap(const Rule& rule, const std::string& what, const std::string& found, const std::string& cap)
{
    return Error{ErrorCode::fee_cap, "rule \"" + rule.id + "\": " + what + " " + found + " is over the ceiling of " + cap};
}

/// What leaves the paying wallet: its own money that comes back must not make a fee look small (ATTACKS A25). Where nothing leaves, as when
/// coins are put together, what moves.
std::vector<const Payment*> payments_elsewhere(const Facts& facts)
{
    std::vector<const Payment*> all;
    std::vector<const Payment*> elsewhere;
    for (const auto& payment : facts.description->payments) {
        all.push_back(&payment);
        const auto* owner = facts.words.owner(payment.destination);
        if (owner == nullptr || owner->id != facts.wallet->id)
            elsewhere.push_back(&payment);
    }
    return elsewhere.empty() ? all : elsewhere;
}

void require_fees(const Charter& charter, const Facts& facts, const Rule& rule)
{
    const auto& fee = facts.description->fee;
    const auto& native = fee.maximum.asset();
    const auto decimals = charter.decimals(native);
    const auto words = [&](const Uint256& amount) { return format_decimal(amount, decimals) + " " + native.symbol; };
    if (rule.max_fee && *rule.max_fee < fee.maximum.base_units())
        throw over_cap(rule, "fee of at most", words(fee.maximum.base_units()), words(*rule.max_fee));
    if (rule.max_feerate && *rule.max_feerate < fee.rate)
        throw over_cap(rule, "fee rate", facts.words.feerate(fee.rate), facts.words.feerate(*rule.max_feerate));
    if (rule.max_priority_feerate && *rule.max_priority_feerate < fee.priority_rate)
        throw over_cap(rule, "priority fee rate", facts.words.feerate(fee.priority_rate),
                       facts.words.feerate(*rule.max_priority_feerate));
    if (!rule.max_fee_share)
        return;
    // Fee and payment are compared only where they are one asset (PROTOCOL 4); change is no payment.
    // No payment at all counts as one of 0 of that asset, and any fee is over any share of 0.
    const auto payments = payments_elsewhere(facts);
    bool is_one_asset = payments.empty();
    Uint256 paid;
    for (const auto* payment : payments)
        if (payment->amount.asset() == native) {
            is_one_asset = true;
            paid = paid + payment->amount.base_units();
        }
    if (is_one_asset && paid.is_zero() && !fee.maximum.base_units().is_zero())
        throw over_cap(rule, "fee share", "of a payment of 0", format_decimal(*rule.max_fee_share, 3) + " %");
    const auto share = share_per_100000(fee.maximum.base_units(), paid);
    if (share > *rule.max_fee_share)
        throw over_cap(rule, "fee share", format_decimal(share, 3) + " %", format_decimal(*rule.max_fee_share, 3) + " %");
}

/// The voters of one rule: without the requester unless the rule says so.
std::vector<charter::Quorum::Voter> voters_for(const Rule& rule, const std::vector<charter::Quorum::Voter>& voters,
                                               const std::string& requester)
{
    auto counted = voters;
    if (!rule.requester_may_approve)
        std::erase_if(counted, [&](const auto& voter) { return voter.officer == requester; });
    return counted;
}

} // namespace

std::vector<const charter::Rule*> Decision::rules() const
{
    std::vector<const charter::Rule*> rules;
    for (const auto& asset : assets)
        rules.push_back(asset.rule);
    std::ranges::sort(rules); // all of one vector, so this is the charter's order
    rules.erase(std::unique(rules.begin(), rules.end()), rules.end()); // not std::ranges: clang 14 cannot read it
    return rules;
}

Decision select_rules(const charter::Charter& charter, const Facts& facts)
{
    return Selection{charter, facts}.run();
}

void require_restrictions(const charter::Charter& charter, const Facts& facts, const Decision& decision)
{
    for (const auto* rule : decision.rules()) {
        if (rule->approvals.is_none() && facts.wallet->mode != charter::Mode::personal)
            throw Error{ErrorCode::policy_denied, "rule \"" + rule->id + "\" asks for no approvals, and wallet " +
                                                      facts.wallet->id + " is governed"};
        require_fees(charter, facts, *rule);
        if (facts.expires - facts.created > rule->expires)
            throw Error{ErrorCode::appr_expired, "request lives for " + format_duration(facts.expires - facts.created) +
                                                     ", rule \"" + rule->id + "\" allows " + format_duration(rule->expires)};
    }
}

std::optional<Error> find_delay(const Facts& facts, const Decision& decision)
{
    if (!facts.known_for)
        return std::nullopt;
    for (const auto* rule : decision.rules())
        if (*facts.known_for < rule->delay)
            return Error{ErrorCode::delay, "rule \"" + rule->id + "\" asks for " + format_duration(rule->delay) +
                                               " since this appliance first saw the request; " +
                                               format_duration(rule->delay - *facts.known_for) + " are left",
                         "`coffer-cold verify` at a terminal starts the delay; come back when it is over"};
    return std::nullopt;
}

Approvals tally(const Decision& decision, const std::vector<charter::Quorum::Voter>& approvers, const std::string& requester)
{
    const auto rules = decision.rules();
    Approvals approvals{.reached = !rules.empty(), .have = 0, .need = {}};
    for (const auto* rule : rules) {
        const auto tally = rule->approvals.tally(voters_for(*rule, approvers, requester));
        approvals.reached = approvals.reached && tally.reached;
        approvals.have = std::max(approvals.have, tally.filled);
        for (const auto& missing : tally.missing)
            approvals.need.push_back(rules.size() > 1 ? rule->id + ": " + missing : missing);
    }
    return approvals;
}

bool is_rejected(const charter::Charter& charter, const Decision& decision, const std::vector<std::string>& rejecters,
                 const std::string& requester)
{
    std::vector<charter::Quorum::Voter> willing;
    for (const auto& officer : charter.officers) {
        if (!contains(rejecters, officer.id)) {
            if (!officer.is_suspended())
                willing.push_back({officer.id, officer.roles});
            continue;
        }
        for (const auto& role : officer.roles)
            if (const auto* known = charter.find_role(role); known != nullptr && known->veto)
                return true;
    }
    return !decision.assets.empty() && !tally(decision, willing, requester).reached;
}

bool vote_counts(const Decision& decision, const charter::Officer& officer)
{
    return std::ranges::any_of(decision.rules(), [&](const Rule* rule) {
        const auto roles = rule->approvals.roles();
        return std::ranges::any_of(officer.roles, [&](const auto& role) { return roles.contains(role); });
    });
}

} // namespace coffer::policy
