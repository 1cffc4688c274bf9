#pragma once

#include "core/base/amount.h"
#include "core/base/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace coffer::payments {

/// Something that leaves the wallet. The destination is the address in the chain's raw bytes.
struct Payment {
    Bytes destination;
    Amount amount;
    bool operator==(const Payment&) const = default;
};

/// Something that comes back to the paying wallet, proved from its descriptor.
struct Change {
    Bytes destination;
    Amount amount;
    std::uint32_t index = 0;
    bool operator==(const Change&) const = default;
};

/// The most that the network may take. Rates are in the chain's unit (wei per gas, sat per 1000 vB).
struct Fee {
    Amount maximum;
    Uint256 rate;
    Uint256 priority_rate;
    bool operator==(const Fee&) const = default;
};

/// What payloads do, in chain-neutral terms. Always derived from the payloads themselves.
struct Description {
    std::string payer; ///< wallet id
    std::vector<Payment> payments;
    std::vector<Change> change;
    Fee fee;
    bool operator==(const Description&) const = default;
};

/// How far beyond the highest change index in use the next one may be, so that coins can be found again (ATTACKS A07).
constexpr std::uint32_t longest_change_gap = 1000;
/// The highest change index after this. Throws Error{change_path} for one more than longest_change_gap above `highest`.
std::uint32_t require_change_near(const Description& description, std::uint32_t highest);

/// Several payloads of one request as one description, in order; fees add up, rates are the highest.
Description combine(const std::vector<Description>& parts);

/// SHA-256("coffer/v1/payment" 00 CBOR[format version 1, payer, [[chain, symbol], destination, amount]…,
/// [[chain, symbol], destination, amount]… (change), [[chain, symbol], fee]]) (PROTOCOL 2).
PaymentDigest payment_digest(const Description& description);

} // namespace coffer::payments
