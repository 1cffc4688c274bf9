#pragma once

#include "core/console/challenge.h"
#include "core/console/review.h"
#include "core/requests/judgement.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace coffer::console {

/// What the program that asks knows besides the judgement.
struct RequestReviewFacts {
    UtcTime now;                          ///< the clock that the judgement used
    std::string title = "Request 1 of 1"; ///< "Request 2 of 5"
    /// Since when an entry of the address book stands in a charter that this side holds, by its own authenticated
    /// ledger; none of an entry: the review does not say.
    std::map<std::string, UtcTime> in_address_book_since{};
    /// For a side without such a ledger: the version of the charter that brought the entry, which is signed.
    std::map<std::string, std::uint64_t> in_address_book_by{};
    /// Lines of the program's own, under the rule: "limit", "380 of 500 ETH left this week".
    std::vector<ReviewRow> rows{};
    /// Warnings of the program's own, before all others: a clock that was set, another fingerprint.
    std::vector<ReviewWarning> warnings{};
};

/// The review of one request, for officers and for the appliance: everything in it is derived from
/// signed bytes and the charter in force. Warnings first, then what leaves and to whom, fee and
/// chain, votes and rule.
Review describe_for_review(const requests::Judgement& judgement, const charter::Charter& charter,
                           const RequestReviewFacts& facts);

/// What the challenge for this request is made of: its external payments, or its fingerprint when
/// everything stays with the paying wallet.
ChallengeContent challenge_content(const requests::Judgement& judgement, const charter::Charter& charter);

/// `1.25 ETH`, exact.
std::string format_amount(const Amount& amount, const charter::Charter& charter);

} // namespace coffer::console
