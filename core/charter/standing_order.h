#pragma once

#include "core/artefacts/approval_key.h"
#include "core/artefacts/artefact.h"
#include "core/base/amount.h"

#include <string>
#include <string_view>
#include <vector>

namespace coffer::charter {

constexpr std::size_t most_order_destinations = 100;
constexpr std::size_t most_order_officers = 100;

/// Pays exact destinations out of a wallet that is not cold without votes on each payment: the signatures on it are the votes, those that
/// one payment of its whole sum would need. One appliance signs under it and keeps its sums, so that they are exact. Ends at its last
/// date, with the next amendment, or by any one officer.
///
/// Amounts are in base units of its asset, fees in those of the chain's native one; both ends of a range count.
/// Fields: 3 id, 4 wallet, 5 time, 6 reason, 7 hash of the charter in force, 8 appliance, 9 its identity key, 10 symbol of the asset,
/// 11 destinations, 12 most a payment, 13 span in seconds, 14 most a span, 15 most in all, 16 most fee a request, 17 most fees in all,
/// 18 first date, 19 last date, 20 officers.
struct StandingOrder {
    static constexpr std::string_view name = "standing_order";

    artefacts::BodyHeader header;
    std::string id;
    std::string wallet;
    std::string appliance;
    artefacts::ApprovalKey identity; ///< whoever else takes its place knows nothing of what was paid
    std::string asset;               ///< native symbol or token id, on the wallet's chain
    std::vector<Bytes> destinations; ///< raw addresses: 1 to 100, sorted, each once
    Uint256 per_payment;
    Duration span;
    Uint256 per_span;
    Uint256 total;
    Uint256 fee;
    Uint256 total_fee;
    UtcTime first; ///< no request under it is created earlier
    UtcTime last;  ///< and none expires later
    std::vector<std::string> officers; ///< whose votes it is: each signs, sorted, each once; other signatures say nothing
    CharterHash charter;
    UtcTime time;
    std::string reason;

    cbor::Value::Map fields() const;
    static StandingOrder read(artefacts::BodyReader& reader);
    std::string in_words() const;
};

/// Ends a standing order, by any one officer.
///
/// Fields: 3 entry hash of the order, 4 officer, 5 time, 6 reason, 7 hash of the charter in force.
struct StandingOrderEnded {
    static constexpr std::string_view name = "standing_order_ended";

    artefacts::BodyHeader header;
    EntryHash order;
    std::string officer;
    CharterHash charter;
    UtcTime time;
    std::string reason;

    cbor::Value::Map fields() const;
    static StandingOrderEnded read(artefacts::BodyReader& reader);
    std::string in_words() const;
};

} // namespace coffer::charter
