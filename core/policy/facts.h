#pragma once

#include "core/charter/charter.h"
#include "core/payments/payment.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace coffer::policy {

/// What the wallet's chain knows: how it writes what a refusal names, and whose an address is. The evaluator knows no chain.
struct ChainWords {
    std::function<std::string(ByteView address)> address;
    std::function<std::string(const Uint256& rate)> feerate;
    std::function<const charter::Wallet*(ByteView address)> owner; ///< null: none of the charter's wallets
};

/// What the evaluator judges: everything is derived from signed bytes by the caller. A fact that
/// the caller cannot know stays empty, and a rule that needs it refuses.
struct Facts {
    charter::RequestKind kind = charter::RequestKind::transfer;
    const charter::Wallet* wallet = nullptr;
    const payments::Description* description = nullptr;
    UtcTime created;
    UtcTime expires;
    /// How long ago this appliance first saw the request; none online.
    std::optional<Duration> known_for;
    /// Entries of the address book that count not yet, by id: their cool-down is not over.
    std::set<std::string> cooling{};
    ChainWords words;
};

} // namespace coffer::policy
