#include "core/console/request_review.h"

#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/encoding/hex.h"
#include "core/requests/recipient.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace coffer::console {

namespace {

using charter::Charter;
using requests::Judgement;
using requests::Recipient;

constexpr std::uint64_t high_fee_share = 1'000; // hundred-thousandths: 1 %
constexpr Duration soon = hours(1);
constexpr Duration new_for = days(7);
constexpr std::size_t most_payments_in_full = 3; // more are summed up by destination first

std::string in_words(Duration span)
{
    span = std::max(span, Duration{});
    const auto whole = [](std::int64_t count, const std::string& unit) {
        return std::to_string(count) + " " + unit + (count == 1 ? "" : "s");
    };
    if (span < minutes(2))
        return whole(span.seconds, "second");
    if (span < hours(2))
        return whole(span.seconds / 60, "minute");
    if (span < days(2))
        return whole(span.seconds / 3600, "hour");
    return whole(span.seconds / 86400, "day");
}

/// Thousandths of a percent, rounded up, without trailing zeros.
std::string format_share(std::uint64_t per_100000)
{
    return format_decimal(Uint256{per_100000}, 3) + " %";
}

struct Leaving {
    Recipient recipient;
    payments::Payment payment;
};

class RequestReview {
public:
    RequestReview(const Judgement& judgement, const Charter& charter, const RequestReviewFacts& facts)
        : m_judgement{judgement}, m_charter{charter}, m_facts{facts}, m_wallet{*judgement.open.wallet}
    {
        std::map<Bytes, Recipient> known;
        for (const auto& payment : judgement.open.description.payments) {
            auto found = known.find(payment.destination);
            if (found == known.end())
                found = known
                            .emplace(payment.destination,
                                     requests::identify_recipient(charter, m_wallet, payment.destination))
                            .first;
            m_leaving.push_back({found->second, payment});
        }
    }

    Review build()
    {
        Review review{.title = m_facts.title,
                      .fingerprint = requests::fingerprint(m_judgement.open.digest),
                      .warnings = m_facts.warnings,
                      .sections = {}};
        add_warnings(review.warnings);
        add_payments(review.sections);
        review.sections.push_back(transaction());
        review.sections.push_back(approval());
        return review;
    }

private:
    // Warnings, the gravest first.
    void add_warnings(std::vector<ReviewWarning>& warnings) const
    {
        for (const auto& ending :
             {m_judgement.rejected, m_judgement.cancelled, m_judgement.expired, m_judgement.refused, m_judgement.frozen, m_judgement.delayed})
            if (ending)
                warnings.push_back({"Not to be signed", ending->message()});
        for (const auto& recipient : distinct_recipients())
            warn_of(recipient, warnings);
        warn_of_fee(warnings);
        warn_of_missing_ceiling(warnings);
        warn_of_limits(warnings);
        if (m_judgement.open.ceremony() != nullptr)
            warnings.push_back({"Key ceremony", "whoever holds enough of the shares, or the words, can spend without this appliance and without votes"});
        else if (!m_judgement.open.goes_to_chain())
            warnings.push_back({"Message", "whoever reads it may hold " + m_wallet.id + " to it; nothing leaves the wallet"});
        else if (m_leaving.empty())
            warnings.push_back({"No payment", "nothing leaves " + m_wallet.id + " but the fee"});
        if (std::ranges::any_of(m_leaving,
                                [](const Leaving& one) { return one.payment.amount.base_units().is_zero(); }))
            warnings.push_back({"Amount of zero", "a payment moves nothing and still costs its fee"});
        if (m_judgement.open.request.replaces)
            warnings.push_back({"Replacement", "takes the place of request " +
                                                   encoding::encode_hex(m_judgement.open.request.replaces->bytes())});
        if (!m_judgement.expired && m_judgement.open.request.expires - m_facts.now < soon)
            warnings.push_back({"Expires soon", "in " + in_words(m_judgement.open.request.expires - m_facts.now) +
                                                    ", " + format_time_for_people(m_judgement.open.request.expires)});
        if (m_judgement.discounted)
            warnings.push_back({"Vote that does not count", m_judgement.discounted->message()});
        for (const auto& [vote, bytes, roles] : m_judgement.votes)
            if (vote.decision == requests::VoteDecision::reject && !m_judgement.rejected)
                warnings.push_back({"Rejection", vote.officer + " (" + join(roles, ", ") + ") rejected it"});
        if (m_judgement.open.request.kind != charter::RequestKind::transfer && m_judgement.open.goes_to_chain())
            warnings.push_back({"Not a transfer",
                                "this request is of the kind " + std::string{name_of(m_judgement.open.request.kind)}});
    }

    std::vector<Recipient> distinct_recipients() const
    {
        std::vector<Recipient> distinct;
        std::set<std::string> seen;
        for (const auto& one : m_leaving)
            if (seen.insert(one.recipient.address).second)
                distinct.push_back(one.recipient);
        return distinct;
    }

    void warn_of(const Recipient& recipient, std::vector<ReviewWarning>& warnings) const
    {
        if (!recipient.alike.empty())
            warnings.push_back({"Similar address", recipient.address + " begins and ends like the address of " +
                                                       join(recipient.alike, ", ") + ", and is another one"});
        if (recipient.kind == Recipient::Kind::unknown)
            warnings.push_back({"Unknown destination", recipient.address + " is not in the address book"});
        if (recipient.kind == Recipient::Kind::payer)
            warnings.push_back({"Self payment", m_wallet.id + " pays to itself"});
        if (const auto since = known_since(recipient); since && m_facts.now - *since < new_for)
            warnings.push_back({"New destination", recipient.name + " was added to the address book " +
                                                       in_words(m_facts.now - *since) + " ago"});
        if (const auto version = brought_by(recipient); version && *version > 1 && *version == m_charter.version)
            warnings.push_back({"New destination", recipient.name + " was added to the address book by charter " +
                                                       std::to_string(*version) + ", the one in force"});
    }

    std::optional<UtcTime> known_since(const Recipient& recipient) const
    {
        const auto found = m_facts.in_address_book_since.find(recipient.name);
        if (recipient.kind != Recipient::Kind::address_book || found == m_facts.in_address_book_since.end())
            return std::nullopt;
        return found->second;
    }

    std::optional<std::uint64_t> brought_by(const Recipient& recipient) const
    {
        const auto found = m_facts.in_address_book_by.find(recipient.name);
        if (recipient.kind != Recipient::Kind::address_book || found == m_facts.in_address_book_by.end())
            return std::nullopt;
        return found->second;
    }

    /// The fee's share of what is paid in the native asset; none where nothing is.
    std::optional<std::uint64_t> fee_share() const
    {
        const auto& fee = m_judgement.open.description.fee.maximum;
        Uint256 paid;
        for (const auto& one : m_leaving)
            if (one.payment.amount.asset() == fee.asset())
                paid = paid + one.payment.amount.base_units();
        if (paid.is_zero())
            return std::nullopt;
        return share_per_100000(fee.base_units(), paid);
    }

    void warn_of_fee(std::vector<ReviewWarning>& warnings) const
    {
        if (const auto share = fee_share(); share && *share > high_fee_share)
            warnings.push_back({"High fee", "up to " +
                                                format_amount(m_judgement.open.description.fee.maximum, m_charter) +
                                                " is " + format_share(*share) + " of the payment"});
    }

    void warn_of_missing_ceiling(std::vector<ReviewWarning>& warnings) const
    {
        if (!m_judgement.open.goes_to_chain())
            return; // it costs nothing
        for (const auto* rule : m_judgement.decision.rules())
            if (!rule->max_fee)
                warnings.push_back({"No ceiling for the fee", "rule " + rule->id + " allows any"});
    }

    void warn_of_limits(std::vector<ReviewWarning>& warnings) const
    {
        for (const auto& [asset, amount, rule] : m_judgement.decision.assets)
            if (rule->amount && amount == rule->amount->most && !amount.is_zero())
                warnings.push_back({"Whole limit", format_amount({asset, amount}, m_charter) + " is all that rule " +
                                                       rule->id + " allows"});
    }

    void add_payments(std::vector<ReviewSection>& sections) const
    {
        if (m_leaving.size() > most_payments_in_full)
            add_totals(sections);
        const auto several = m_leaving.size() > 1;
        for (const auto unknown : {true, false})
            for (std::size_t i = 0; i < m_leaving.size(); ++i) {
                const auto& one = m_leaving[i];
                if ((one.recipient.kind == Recipient::Kind::unknown) != unknown)
                    continue;
                sections.push_back(payment_section(one.recipient, format_amount(one.payment.amount, m_charter),
                                                   several ? "Payment " + std::to_string(i + 1) + " of " +
                                                                 std::to_string(m_leaving.size())
                                                           : std::string{}));
            }
    }

    ReviewSection payment_section(const Recipient& recipient, const std::string& amount, std::string title) const
    {
        const bool is_unknown = recipient.kind == Recipient::Kind::unknown;
        ReviewSection section{.title = std::move(title)};
        const auto to = is_unknown ? std::string{"an address that is not in the address book"} : recipient.name;
        section.rows.push_back(
            {.value = amount + " leaves " + m_wallet.id + " (" + std::string{name_of(m_wallet.tier)} + ") for " + to});
        section.rows.push_back({.value = recipient.address, .kind = ValueKind::address, .note = note_on(recipient)});
        return section;
    }

    std::string note_on(const Recipient& recipient) const
    {
        switch (recipient.kind) {
        case Recipient::Kind::unknown:
            return "not in the address book";
        case Recipient::Kind::payer:
            return "the paying wallet itself";
        case Recipient::Kind::own_wallet:
            return "our wallet (" + std::string{name_of(m_charter.wallet(recipient.name).tier)} + ")";
        case Recipient::Kind::address_book:
            if (const auto since = known_since(recipient))
                return "in the address book since " + format_time(*since).substr(0, 10);
            const auto version = brought_by(recipient);
            return version ? "in the address book since charter " + std::to_string(*version) : "in the address book";
        }
        fatal("recipient of an unknown kind");
    }

    /// Sums by asset, then by destination and asset with unknown destinations first.
    void add_totals(std::vector<ReviewSection>& sections) const
    {
        std::map<AssetId, Amount> totals;
        std::map<std::tuple<bool, std::string, AssetId>, std::pair<Recipient, Amount>> by_destination;
        std::map<std::tuple<bool, std::string, AssetId>, std::size_t> counts;
        for (const auto& [recipient, payment] : m_leaving) {
            const auto& asset = payment.amount.asset();
            if (const auto [total, is_new] = totals.try_emplace(asset, payment.amount); !is_new)
                total->second = total->second + payment.amount;
            const std::tuple key{recipient.kind != Recipient::Kind::unknown, recipient.address, asset};
            if (const auto [sum, is_new] = by_destination.try_emplace(key, recipient, payment.amount); !is_new)
                sum->second.second = sum->second.second + payment.amount;
            ++counts[key];
        }

        ReviewSection all{.title = "In all"};
        for (const auto& [asset, total] : totals)
            all.rows.push_back({.value = format_amount(total, m_charter) + " leaves " + m_wallet.id});
        all.rows.push_back({.value = std::to_string(m_leaving.size()) + " payments to " +
                                     std::to_string(distinct_recipients().size()) + " destinations"});
        sections.push_back(std::move(all));
        for (const auto& [key, sum] : by_destination) {
            const auto count = counts.at(key);
            sections.push_back(
                payment_section(sum.first, format_amount(sum.second, m_charter),
                                "Total of " + std::to_string(count) + (count == 1 ? " payment" : " payments")));
        }
    }

    ReviewSection transaction() const
    {
        const auto& open = m_judgement.open;
        const auto& chain = m_charter.chain(m_wallet.chain);
        ReviewSection section;
        const auto share = fee_share();
        if (!open.goes_to_chain())
            add_details(section);
        else
            section.rows.push_back({.label = "fee",
                                    .value = "at most " + format_amount(open.description.fee.maximum, m_charter) +
                                             (share ? " (" + format_share(*share) + " of the payment)" : "")});
        if (open.is_ladder)
            section.rows.push_back({.label = "fee ladder", .value = ladder_text()});
        const auto nonces = nonce_text();
        section.rows.push_back(
            {.label = "chain", .value = chain_text(chain) + (nonces.empty() ? std::string{} : ", nonce " + nonces)});
        for (const auto& change : open.description.change)
            section.rows.push_back({.label = "change",
                                    .value = format_amount(change.amount, m_charter) + " back to " + m_wallet.id +
                                             ", index " + std::to_string(change.index)});
        if (open.goes_to_chain())
            add_details(section);
        if (open.request.kind != charter::RequestKind::transfer && open.goes_to_chain())
            section.rows.push_back({.label = "kind", .value = std::string{name_of(open.request.kind)}});
        return section;
    }

    void add_details(ReviewSection& section) const
    {
        for (const auto& payload : m_judgement.open.payloads)
            for (auto& [label, value] : payload->details())
                section.rows.push_back({.label = std::move(label), .value = std::move(value)});
    }

    std::string ladder_text() const
    {
        std::vector<std::string> fees;
        for (const auto& step : m_judgement.open.payloads)
            fees.push_back(format_amount(step->description().fee.maximum, m_charter));
        return std::to_string(fees.size()) + " steps, of which one at most is mined: " + join(fees, ", ");
    }

    std::string nonce_text() const
    {
        std::optional<std::uint64_t> first;
        std::uint64_t last = 0;
        for (const auto& payload : m_judgement.open.payloads)
            for (const auto& slot : payload->slots()) {
                if (!slot.sequence)
                    continue;
                first = std::min(first.value_or(*slot.sequence), *slot.sequence);
                last = std::max(last, *slot.sequence);
            }
        if (!first)
            return {};
        return *first == last ? std::to_string(last) : std::to_string(*first) + " to " + std::to_string(last);
    }

    static std::string chain_text(const charter::Chain& chain)
    {
        if (chain.chain_id != 0)
            return chain.id + " (chain " + std::to_string(chain.chain_id) + ")";
        return chain.network.empty() ? chain.id : chain.id + " (" + chain.network + ")";
    }

    ReviewSection approval() const
    {
        const auto& request = m_judgement.open.request;
        ReviewSection section;
        section.rows.push_back(
            {.label = "requested by", .value = request.requester + ", " + format_time_for_people(request.created)});
        for (const auto& [vote, bytes, roles] : m_judgement.votes) {
            const bool approves = vote.decision == requests::VoteDecision::approve;
            section.rows.push_back(
                {.label = approves ? "approved by" : "rejected by",
                 .value = vote.officer + " (" + join(roles, ", ") + "), " + format_time_for_people(vote.time)});
        }
        if (m_judgement.order)
            section.rows.push_back({.label = "standing order", .value = order_text(*m_judgement.order)});
        else
            for (const auto* rule : m_judgement.decision.rules())
                section.rows.push_back(
                    {.label = "rule", .value = rule->id + ": needs " + rule->approvals.text() + delay_text(*rule)});
        if (!m_judgement.approvals.need.empty())
            section.rows.push_back({.label = "still needs", .value = join(m_judgement.approvals.need, ", ")});
        section.rows.insert(section.rows.end(), m_facts.rows.begin(), m_facts.rows.end());
        section.rows.push_back({.label = "expires", .value = format_time_for_people(request.expires)});
        section.rows.push_back({.label = "request", .value = format_uuid(request.id) + environment_note()});
        return section;
    }

    std::string environment_note() const
    {
        const auto environment = m_charter.header.environment;
        if (environment == artefacts::Environment::production)
            return {};
        return " (environment " + std::string{name_of(environment)} + ")";
    }

    static std::string order_text(const requests::OrderCover& cover)
    {
        const auto& order = *cover.order;
        return order.id + ", signed by " + join(cover.approvers, ", ") + ", until " + format_time_for_people(order.last);
    }

    static std::string delay_text(const charter::Rule& rule)
    {
        return rule.delay.seconds == 0 ? std::string{}
                                       : "; signed " + format_duration(rule.delay) + " after the vault first saw it";
    }

    const Judgement& m_judgement;
    const Charter& m_charter;
    const RequestReviewFacts& m_facts;
    const charter::Wallet& m_wallet;
    std::vector<Leaving> m_leaving;
};

} // namespace

Review describe_for_review(const Judgement& judgement, const Charter& charter, const RequestReviewFacts& facts)
{
    return RequestReview{judgement, charter, facts}.build();
}

ChallengeContent challenge_content(const Judgement& judgement, const Charter& charter)
{
    ChallengeContent content{.payments = {}, .fingerprint = requests::fingerprint(judgement.open.digest)};
    const auto& wallet = *judgement.open.wallet;
    const auto& chain = charter.chain(wallet.chain);
    const auto& format = chains::format_of(chain);
    for (const auto& payment : judgement.open.description.payments)
        if (const auto* owner = format.find_owner(charter, chain, payment.destination); owner == nullptr || owner->id != wallet.id)
            content.payments.push_back({format.format_address(payment.destination, chain), payment.amount,
                                        charter.decimals(payment.amount.asset())});
    return content;
}

std::string format_amount(const Amount& amount, const Charter& charter)
{
    return format_decimal(amount.base_units(), charter.decimals(amount.asset())) + " " + amount.asset().symbol;
}

} // namespace coffer::console
