#pragma once

#include "core/base/document.h"
#include "core/policy/evaluator.h"
#include "core/policy/windows.h"

#include <string>
#include <vector>

namespace coffer::cli {

/// A payment that somebody may want to make, in the words of the command line.
struct HypotheticalPayment {
    std::string wallet;
    std::string to;     ///< an address, or the id of a destination or wallet
    std::string amount; ///< in the asset's unit
    std::string asset;  ///< empty: the native one
    charter::RequestKind kind = charter::RequestKind::transfer;
    std::string requester{}; ///< an officer's id; empty where nobody is meant
};

/// What the rules say about payments, with every rule that was passed over; `error` is why the
/// answer is no.
struct Explanation {
    policy::Outflow outflow; ///< what limits count of it
    policy::Decision decision{};
    std::optional<Error> error{};
    /// What the limits leave, where the past is known.
    std::vector<policy::WindowUse> windows{};

    bool is_allowed() const { return !error; }
    std::string rule_ids() const; ///< `small`, or `denied`
    Document describe(const charter::Charter& charter) const;
    std::vector<std::string> in_words(const charter::Charter& charter) const;
};

/// Everything that selects, and a limit that it alone is over, but nothing else that restricts: fee, life and delay are those of a real
/// request.
/// Throws Error{wallet_unknown}, Error{token_unknown}, Error{malformed}, Error{addr_checksum}.
Explanation explain(const charter::Charter& charter, const HypotheticalPayment& payment, UtcTime now);
Explanation explain(const charter::Charter& charter, const policy::Facts& facts, policy::Outflow outflow);

} // namespace coffer::cli
