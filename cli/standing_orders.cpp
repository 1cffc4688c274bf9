#include "cli/standing_orders.h"

#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/encoding/hex.h"

namespace coffer::cli {

namespace {

using charter::Charter;
using charter::StandingOrder;

struct Words {
    const Charter& charter;
    const charter::Chain& chain;
    const StandingOrder& order;

    std::string amount(const Uint256& units) const
    {
        return format_decimal(units, charter.decimals({chain.id, order.asset})) + " " + order.asset;
    }
    std::string fee(const Uint256& units) const { return format_decimal(units, chain.decimals) + " " + chain.symbol; }
    /// In hex digits where it is none of this chain: no payment can have it.
    std::string address(ByteView raw) const
    {
        try {
            return chains::format_of(chain).format_address(raw, chain);
        } catch (const Error&) {
            return "bytes " + encoding::encode_hex(raw);
        }
    }
};

/// An entry that nothing has verified may name a wallet that is not there.
const charter::Chain* chain_of(const Charter& charter, const StandingOrder& order)
{
    const auto* wallet = charter.find_wallet(order.wallet);
    const bool knows_asset = wallet != nullptr && (charter.chain(wallet->chain).symbol == order.asset ||
                                                   charter.find_token({wallet->chain, order.asset}) != nullptr);
    return knows_asset ? charter.find_chain(wallet->chain) : nullptr;
}

} // namespace

EntryHash find_order(const charter::PolicyChain& chain, const std::string& id)
{
    std::vector<std::string> known;
    for (const auto& [entry, in_force] : chain.orders()) {
        if (in_force->order.id == id)
            return entry;
        known.push_back(in_force->order.id);
    }
    throw Error{ErrorCode::not_found, "no standing order " + quoted(id) + " is in force",
                known.empty() ? "none is; `coffer order add` makes one" : "in force: " + join(known, ", ")};
}

std::vector<std::string> order_in_words(const Charter& charter, const StandingOrder& order)
{
    const auto* chain = chain_of(charter, order);
    if (chain == nullptr)
        return {"wallet " + escaped(order.wallet) + " or asset " + escaped(order.asset) + " is not in the charter"};
    const Words words{charter, *chain, order};
    std::vector<std::string> lines;
    for (const auto& destination : order.destinations) {
        const auto* known = charter.find_destination_at(chain->id, destination);
        lines.push_back("to " + words.address(destination) + (known == nullptr ? "" : "  " + known->id));
    }
    lines.push_back("at most " + words.amount(order.per_payment) + " a payment, " + words.amount(order.per_span) + " in " +
                    format_duration(order.span) + ", " + words.amount(order.total) + " in all");
    lines.push_back("fees of at most " + words.fee(order.fee) + " a request, " + words.fee(order.total_fee) + " in all");
    lines.push_back("from " + format_time(order.first) + " until " + format_time(order.last) + ", or the next amendment");
    lines.push_back("by the votes of " + escaped(join(order.officers, ", ")));
    lines.push_back("signed by appliance " + escaped(order.appliance) + " alone, identity " + order.identity.format());
    return lines;
}

Document describe_standing_order(const Charter& charter, const StandingOrder& order, const EntryHash& entry)
{
    const auto& chain = charter.chain(charter.wallet(order.wallet).chain);
    const Words words{charter, chain, order};
    auto destinations = Document::list();
    for (const auto& destination : order.destinations)
        destinations.add(words.address(destination));
    auto officers = Document::list();
    for (const auto& officer : order.officers)
        officers.add(officer);
    return Document::object()
        .set("order", order.id)
        .set("entry_hash", Document::hex(entry.bytes()))
        .set("wallet", order.wallet)
        .set("appliance", order.appliance)
        .set("asset", order.asset)
        .set("decimals", charter.decimals({chain.id, order.asset}))
        .set("destinations", std::move(destinations))
        .set("per_payment", order.per_payment)
        .set("span_seconds", order.span.seconds)
        .set("per_span", order.per_span)
        .set("total", order.total)
        .set("fee", order.fee)
        .set("total_fee", order.total_fee)
        .set("fee_asset", chain.symbol)
        .set("fee_decimals", chain.decimals)
        .set("officers", std::move(officers))
        .set("first", order.first)
        .set("last", order.last);
}

} // namespace coffer::cli
