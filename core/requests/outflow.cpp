#include "core/requests/outflow.h"

#include "core/requests/recipient.h"

#include <algorithm>

namespace coffer::requests {

namespace {

using cbor::Value;

Value encode_amount(const Amount& amount)
{
    return Value::Array{amount.asset().chain, amount.asset().symbol, amount.base_units().minimal_big_endian()};
}

const Value::Array& parts_of(const Value& value, std::string_view what, std::size_t count)
{
    const auto& parts = value.array(what);
    if (parts.size() != count)
        throw Error{ErrorCode::malformed, std::string{what} + " has " + std::to_string(parts.size()) + " parts, not " + std::to_string(count)};
    return parts;
}

Amount decode_amount(const Value& value)
{
    const auto& parts = parts_of(value, "amount", 3);
    return {{parts[0].text("chain"), parts[1].text("symbol")}, Uint256::from_minimal_big_endian(parts[2].bytes("amount"))};
}

} // namespace

policy::Outflow outflow_of(const payments::Description& description, const charter::Wallet& wallet, std::string requester,
                           const charter::Charter& charter)
{
    policy::Outflow outflow{.wallet = wallet.id, .requester = std::move(requester), .payments = {}, .fee = description.fee.maximum};
    const auto words = words_of(charter, wallet);
    for (const auto& payment : description.payments)
        if (words.owner(payment.destination) != &wallet)
            outflow.payments.push_back(payment);
    if (outflow.payments.empty())
        outflow.payments.push_back({wallet.address, Amount{outflow.fee.asset(), 0}});
    return outflow;
}

policy::Outflow outflow_of(const OpenRequest& open, const charter::Charter& charter, Replaced replaced)
{
    auto outflow = outflow_of(open.description, *open.wallet, open.request.requester, charter);
    outflow.order = open.request.order;
    if (!open.goes_to_chain())
        outflow.payments.clear();
    if (open.request.kind == charter::RequestKind::void_)
        outflow.counts = false;
    if (open.request.kind == charter::RequestKind::bump && replaced == Replaced::counted) {
        outflow.counts = false;
        const auto fee = outflow.fee.base_units();
        outflow.fee = Amount{outflow.fee.asset(), fee - std::min(fee, open.replaced_fee)};
        for (auto& payment : outflow.payments)
            payment.amount = Amount{payment.amount.asset(), 0};
    }
    return outflow;
}

Value encode_outflow(const policy::Outflow& outflow)
{
    Value::Array payments;
    for (const auto& [destination, amount] : outflow.payments)
        payments.emplace_back(Value::Array{destination, encode_amount(amount)});
    Value::Array parts{outflow.wallet, outflow.requester, std::move(payments), encode_amount(outflow.fee), outflow.counts};
    if (outflow.order)
        parts.emplace_back(outflow.order->bytes());
    return parts;
}

policy::Outflow decode_outflow(const Value& value)
{
    const bool has_order = value.array("outflow").size() == 6;
    const auto& parts = parts_of(value, "outflow", has_order ? 6 : 5);
    policy::Outflow outflow{.wallet = parts[0].text("wallet"),
                            .requester = parts[1].text("requester"),
                            .payments = {},
                            .fee = decode_amount(parts[3]),
                            .counts = parts[4].boolean("counts")};
    for (const auto& item : parts[2].array("payments")) {
        const auto& payment = parts_of(item, "payment", 2);
        outflow.payments.push_back({payment[0].bytes("destination"), decode_amount(payment[1])});
    }
    if (has_order)
        outflow.order = EntryHash{parts[5].array_of<32>("standing order")};
    return outflow;
}

} // namespace coffer::requests
