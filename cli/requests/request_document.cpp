#include "cli/requests/request_document.h"

#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/charter/limit_check.h"
#include "core/console/request_review.h"
#include "core/encoding/hex.h"
#include "core/payments/ceremony.h"
#include "core/payments/message.h"
#include "core/requests/recipient.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using charter::Charter;
using console::format_amount;
using requests::CheckedRequest;

constexpr std::size_t most_destinations_in_words = 10;

Document ceremony_document(const payments::Ceremony& ceremony)
{
    auto groups = Document::list();
    for (const auto& [threshold, count] : ceremony.groups)
        groups.add(Document::object().set("threshold", std::uint64_t{threshold}).set("count", std::uint64_t{count}));
    return Document::object()
        .set("appliance", ceremony.appliance)
        .set("key", ceremony.key)
        .set("public_key", Document::hex(ceremony.public_key))
        .set("operation", name_of(ceremony.operation))
        .set("group_threshold", std::uint64_t{ceremony.group_threshold})
        .set("groups", std::move(groups))
        .set("share_set", std::uint64_t{ceremony.share_set});
}

Document message_document(const payments::Message& message, const charter::Wallet& wallet, const Charter& charter)
{
    const auto& chain = charter.chain(wallet.chain);
    return Document::object()
        .set("standard", message.standard)
        .set("address", chains::format_of(chain).format_address(message.address, chain))
        .set("text", std::string{text_of(message.text)});
}

Document payload_document(const CheckedRequest& checked, std::size_t index, const Charter& charter)
{
    const auto& stored = checked.stored.payloads[index];
    const auto& payload = *checked.judgement.open.payloads[index];
    auto document = Document::object();
    document.set("digest", Document::hex(stored.digest.bytes()))
        .set("chain_hash", Document::hex(payload.chain_hash()))
        .set("status", name_of(stored.status));
    for (const auto& slot : payload.slots())
        if (slot.sequence)
            document.set("nonce", *slot.sequence);
    const auto& fee = payload.description().fee.maximum;
    document.set("fee", fee.base_units());
    const auto& transaction = checked.signed_transactions[index];
    if (const auto* message = payload.message())
        document.set("message", message_document(*message, *checked.judgement.open.wallet, charter))
            .set("signature", transaction ? Document{transaction->txid} : Document{});
    if (const auto* ceremony = payload.ceremony())
        document.set("ceremony", ceremony_document(*ceremony)).set("signature", transaction ? Document{transaction->txid} : Document{});
    document.set("txid", transaction && payload.goes_to_chain() ? Document{transaction->txid} : Document{})
        .set("seen", stored.seen)
        .set("confirmations", stored.confirmations)
        .set("block_number", stored.block_number ? Document{*stored.block_number} : Document{})
        .set("memo", stored.memo.empty() ? Document{} : Document{stored.memo});
    return document;
}

Document payment_document(const requests::OpenRequest& open, const Charter& charter)
{
    const auto& chain = charter.chain(open.wallet->chain);
    const auto& format = chains::format_of(chain);
    auto payments = Document::list();
    for (const auto& payment : open.description.payments) {
        const auto recipient = requests::identify_recipient(charter, *open.wallet, payment.destination);
        payments.add(Document::object()
                         .set("asset", payment.amount.asset().symbol)
                         .set("destination", recipient.address)
                         .set("amount", payment.amount.base_units())
                         .set("decimals", charter.decimals(payment.amount.asset()))
                         .set("name", recipient.name.empty() ? Document{} : Document{recipient.name}));
    }
    auto change = Document::list();
    for (const auto& back : open.description.change)
        change.add(Document::object()
                       .set("asset", back.amount.asset().symbol)
                       .set("destination", format.format_address(back.destination, chain))
                       .set("amount", back.amount.base_units())
                       .set("decimals", charter.decimals(back.amount.asset()))
                       .set("index", back.index));
    const auto& fee = open.description.fee.maximum;
    return Document::object()
        .set("payer", open.description.payer)
        .set("payments", std::move(payments))
        .set("change", std::move(change))
        .set("fee", fee.base_units())
        .set("fee_asset", fee.asset().symbol)
        .set("fee_decimals", charter.decimals(fee.asset()));
}

std::vector<std::string> rule_ids(const CheckedRequest& checked)
{
    std::vector<std::string> ids;
    for (const auto* rule : checked.judgement.decision.rules())
        ids.push_back(rule->id);
    return ids;
}

Document votes_document(const CheckedRequest& checked)
{
    auto votes = Document::list();
    for (const auto& stored : checked.stored.votes) {
        const auto counted = requests::RequestService::has_voted(checked.judgement, stored.officer, stored.decision);
        votes.add(Document::object()
                      .set("officer", stored.officer)
                      .set("decision", name_of(stored.decision))
                      .set("time", stored.time)
                      .set("comment", stored.comment.empty() ? Document{} : Document{stored.comment})
                      .set("counts", counted));
    }
    return votes;
}

/// Why it cannot go on, if it cannot.
std::optional<Error> ending_of(const CheckedRequest& checked)
{
    const auto& judgement = checked.judgement;
    switch (checked.status) {
    case requests::Status::rejected: return judgement.rejected;
    case requests::Status::cancelled: return judgement.cancelled;
    case requests::Status::expired: return judgement.expired;
    default: return checked.judgement.refused;
    }
}

std::string whom(const requests::Recipient& recipient)
{
    switch (recipient.kind) {
    case requests::Recipient::Kind::unknown: return "not in the address book";
    case requests::Recipient::Kind::payer: return "the paying wallet itself";
    case requests::Recipient::Kind::own_wallet: return "our wallet";
    case requests::Recipient::Kind::address_book: return "in the address book";
    }
    fatal("recipient of an unknown kind");
}

std::string row(std::string_view label, const std::string& value)
{
    constexpr std::size_t label_width = 7;
    std::string line = "  " + std::string{label};
    line.resize(2 + label_width, ' ');
    return line + value;
}

void add_message(std::vector<std::string>& lines, const payments::Message& message, const charter::Chain& chain)
{
    for (const auto& line : split(text_of(message.text), '\n'))
        lines.push_back(row("signs", quoted(line, payments::most_message_bytes)));
    lines.push_back(row("as", in_groups(chains::format_of(chain).format_address(message.address, chain))));
}

/// Null too for what goes to no address: a message, what stays in a wallet of many addresses.
Document destination_of(const Charter& charter, const policy::WindowKey& key)
{
    if (key.destination.empty())
        return {};
    const auto& chain = charter.chain(key.chain);
    return Document{chains::format_of(chain).format_address(key.destination, chain)};
}

/// Null where the limit has no windows of its own for it.
Document key_part(const charter::Limit& limit, charter::LimitPer per, const std::string& name)
{
    return std::ranges::find(limit.per, per) == limit.per.end() ? Document{} : Document{name};
}

Document describe_window(const policy::WindowUse& use, const Charter& charter)
{
    const auto& limit = *use.limit;
    auto document = Document::object();
    document.set("limit", limit.id)
        .set("span_seconds", limit.span.seconds)
        .set("fits", use.holds())
        .set("wallet", key_part(limit, charter::LimitPer::wallet, use.key.wallet))
        .set("requester", key_part(limit, charter::LimitPer::requester, use.key.requester))
        .set("destination", destination_of(charter, use.key));
    if (limit.amount) {
        const auto after = use.amount_before + use.amount;
        document.set("amount", *limit.amount)
            .set("amount_used", use.amount_before)
            .set("amount_left", *limit.amount < after ? Uint256{} : *limit.amount - after)
            .set("asset", limit.assets->front())
            .set("decimals", charter.decimals(charter::assets_of(charter, limit).front()));
    }
    if (limit.count) {
        const auto after = use.count_before + use.count;
        document.set("count", *limit.count).set("count_used", use.count_before).set("count_left", *limit.count < after ? 0 : *limit.count - after);
    }
    return document;
}

/// Null unless the request names a standing order; what is left only of one that is open and covered.
Document describe_order(const CheckedRequest& checked)
{
    const auto& named = checked.judgement.open.request.order;
    if (!named)
        return {};
    auto document = Document::object();
    document.set("entry_hash", Document::hex(named->bytes()));
    if (const auto& cover = checked.judgement.order) {
        auto by = Document::list();
        for (const auto& officer : cover->approvers)
            by.add(officer);
        document.set("order", cover->order->id).set("signed_by", std::move(by));
    }
    if (const auto& use = checked.order_use)
        document.set("fits", use->holds())
            .set("span_seconds", use->order->span.seconds)
            .set("in_span", use->in_span)
            .set("per_span", use->order->per_span)
            .set("in_all", use->in_all)
            .set("total", use->order->total)
            .set("fees", use->fees)
            .set("total_fee", use->order->total_fee);
    return document;
}

} // namespace

Document describe_windows(const std::vector<policy::WindowUse>& windows, const Charter& charter)
{
    auto list = Document::list();
    for (const auto& use : windows)
        list.add(describe_window(use, charter));
    return list;
}

Document describe_approvals(const CheckedRequest& checked)
{
    auto need = Document::list();
    for (const auto& missing : checked.judgement.approvals.need)
        need.add(missing);
    return Document::object().set("have", std::uint64_t{checked.judgement.approvals.have}).set("need", std::move(need));
}

Document describe_reason(const Error& error)
{
    return Document::object().set("code", name_of(error.code())).set("message", error.message());
}

Document describe_request(const CheckedRequest& checked, const Charter& charter)
{
    const auto& open = checked.judgement.open;
    auto payloads = Document::list();
    for (std::size_t i = 0; i < checked.stored.payloads.size(); ++i)
        payloads.add(payload_document(checked, i, charter));
    const auto [have, need] = checked.signatures();
    auto document = Document::object();
    document.set("id", format_uuid(checked.id()))
        .set("status", name_of(checked.status))
        .set("kind", charter::name_of(open.request.kind))
        .set("wallet", open.request.wallet)
        .set("chain", open.wallet->chain)
        .set("request_digest", Document::hex(open.digest.bytes()))
        .set("ladder", open.is_ladder)
        .set("payloads", std::move(payloads))
        .set("payment", payment_document(open, charter))
        .set("rule", join(rule_ids(checked), ", "))
        .set("approvals", describe_approvals(checked))
        .set("fingerprint", requests::fingerprint(open.digest))
        .set("expires_at", open.request.expires)
        .set("created_at", open.request.created)
        .set("requester", open.request.requester)
        .set("replaces", open.request.replaces ? Document::hex(open.request.replaces->bytes()) : Document{})
        .set("position", open.request.position.number)
        .set("height", open.request.height ? Document{*open.request.height} : Document{})
        .set("votes", votes_document(checked))
        .set("limits", describe_windows(checked.windows, charter))
        .set("standing_order", describe_order(checked))
        .set("signatures", Document::object().set("have", std::uint64_t{have}).set("need", std::uint64_t{need}));
    const auto ending = ending_of(checked);
    document.set("reason", ending ? describe_reason(*ending) : Document{});
    return document;
}

std::string approvals_in_words(const CheckedRequest& checked)
{
    const auto& approvals = checked.judgement.approvals;
    return approvals.need.empty() ? "No vote is missing." : "Still needed: " + join(approvals.need, ", ") + ".";
}

std::vector<std::string> request_in_words(const CheckedRequest& checked, const Charter& charter)
{
    const auto& open = checked.judgement.open;
    const auto& chain = charter.chain(open.wallet->chain);
    const auto& payments = open.description.payments;
    std::vector<std::string> lines;
    lines.push_back(row("from", open.wallet->id + " (" + std::string{name_of(open.wallet->tier)} + ")" +
                                    (open.wallet->address.empty()
                                         ? std::string{}
                                         : "  " + in_groups(chains::format_of(chain).format_address(open.wallet->address, chain)))));
    for (std::size_t i = 0; i < std::min(payments.size(), most_destinations_in_words); ++i) {
        const auto recipient = requests::identify_recipient(charter, *open.wallet, payments[i].destination);
        lines.push_back(row("to", (recipient.name.empty() ? std::string{} : recipient.name + "  ") + in_groups(recipient.address) + "  " +
                                      whom(recipient)));
        lines.push_back(row("pays", format_amount(payments[i].amount, charter)));
    }
    if (payments.size() > most_destinations_in_words)
        lines.push_back(row("", "and " + std::to_string(payments.size() - most_destinations_in_words) + " more payments: " +
                                    requests::summarize(open, charter) + " in all"));
    for (const auto& payload : open.payloads)
        if (const auto* message = payload->message())
            add_message(lines, *message, chain);
    if (open.ceremony() != nullptr)
        for (const auto& [label, value] : open.payloads.front()->details())
            lines.push_back(row(label, value));
    if (open.goes_to_chain())
        lines.push_back(row("fee", "at most " + format_amount(open.description.fee.maximum, charter) +
                                       (open.is_ladder ? ", the last of " + std::to_string(open.payloads.size()) + " steps" : std::string{})));
    if (const auto& cover = checked.judgement.order)
        lines.push_back(row("order", cover->order->id + "  signed by " + join(cover->approvers, ", ") + ", until " +
                                         format_time_for_people(cover->order->last)));
    else
        for (const auto* rule : checked.judgement.decision.rules())
            lines.push_back(row("rule", rule->id + "  needs " + rule->approvals.text() + "; delay " + format_duration(rule->delay)));
    for (const auto& use : checked.windows)
        lines.push_back(row("limit", policy::left_in_words(charter, use)));
    if (checked.order_use)
        lines.push_back(row("limit", policy::left_in_words(charter, *checked.order_use)));
    for (const auto& vote : checked.stored.votes)
        lines.push_back(row("vote", vote.officer + (vote.decision == requests::VoteDecision::approve ? " approved " : " rejected ") +
                                        format_time_for_people(vote.time) +
                                        (vote.comment.empty() ? std::string{} : ": " + escaped(vote.comment))));
    if (const auto [have, need] = checked.signatures(); need > checked.stored.payloads.size() && !checked.is_signed())
        lines.push_back(row("signed", std::to_string(have) + " of " + std::to_string(need) + " signatures"));
    lines.push_back(row("until", format_time_for_people(open.request.expires)));
    return lines;
}

std::string short_id(requests::RequestService& service, const RequestId& id)
{
    const auto whole = format_uuid(id);
    for (const std::size_t length : {8U, 13U, 18U, 23U}) {
        try {
            if (service.find_id(whole.substr(0, length)) == id)
                return whole.substr(0, length);
        } catch (const Error&) {
            continue; // others begin alike
        }
    }
    return whole;
}

} // namespace coffer::cli
