#include "core/payments/payment.h"

#include "core/artefacts/artefact.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/encoding/cbor.h"

#include <algorithm>

namespace coffer::payments {

namespace {

constexpr std::uint64_t description_format = 1;

cbor::Value asset_value(const AssetId& asset)
{
    return cbor::Value::Array{asset.chain, asset.symbol};
}

template <typename Item>
cbor::Value item_values(const std::vector<Item>& items)
{
    cbor::Value::Array values;
    for (const auto& item : items)
        values.push_back(cbor::Value::Array{asset_value(item.amount.asset()), item.destination,
                                            item.amount.base_units().minimal_big_endian()});
    return values;
}

} // namespace

std::uint32_t require_change_near(const Description& description, std::uint32_t highest)
{
    auto reached = highest;
    for (const auto& change : description.change) {
        if (change.index > highest && change.index - highest > longest_change_gap)
            throw Error{ErrorCode::change_path, "change goes to index " + std::to_string(change.index) + " of " + description.payer +
                                                    ", more than 1000 above " + std::to_string(highest) + ", the highest in use: it could hardly be found again"};
        reached = std::max(reached, change.index);
    }
    return reached;
}

Description combine(const std::vector<Description>& parts)
{
    require(!parts.empty(), "a request has at least one payload");
    auto whole = parts.front();
    for (auto part = parts.begin() + 1; part != parts.end(); ++part) {
        require(part->payer == whole.payer, "the payloads of a request pay from one wallet");
        whole.payments.insert(whole.payments.end(), part->payments.begin(), part->payments.end());
        whole.change.insert(whole.change.end(), part->change.begin(), part->change.end());
        whole.fee.maximum = whole.fee.maximum + part->fee.maximum;
        whole.fee.rate = std::max(whole.fee.rate, part->fee.rate);
        whole.fee.priority_rate = std::max(whole.fee.priority_rate, part->fee.priority_rate);
    }
    return whole;
}

PaymentDigest payment_digest(const Description& description)
{
    const auto& fee = description.fee.maximum;
    const cbor::Value value{cbor::Value::Array{
        description_format, description.payer, item_values(description.payments), item_values(description.change),
        cbor::Value::Array{asset_value(fee.asset()), fee.base_units().minimal_big_endian()}}};
    return PaymentDigest{crypto::sha256(artefacts::domain_separated("payment", cbor::encode(value)))};
}

} // namespace coffer::payments
