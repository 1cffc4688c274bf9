#pragma once

#include "core/policy/windows.h"
#include "core/requests/request_store.h"

#include <optional>
#include <string>
#include <vector>

namespace coffer::requests {

/// A stored request after everything that can be computed from its signed bytes was computed again.
/// It points into the policy chain that it was checked with.
struct CheckedRequest {
    StoredRequest stored;
    /// With `refused` where the rules in force no longer allow it.
    Judgement judgement;
    /// Recomputed. The column may lag behind where time or an amendment moved it on.
    Status status = Status::pending_review;
    /// The signed transaction of each payload, where its signatures are complete.
    std::vector<std::optional<payments::SignedTransaction>> signed_transactions{};
    /// What limits leave after it; of an open request, where one was asked for. Points into the policy chain.
    std::vector<policy::WindowUse> windows{};
    std::optional<policy::OrderUse> order_use{}; ///< the same of its standing order
    /// It, or a vote on it, is dated after now: this clock is wrong, or was when it was stored.
    std::optional<Error> ahead{};
    /// True when the policy chain has gone on since it was proposed, by more than cancels.
    bool is_policy_changed = false;
    /// Of record() and cancel(): it was so already, and nothing changed.
    bool was_known = false;

    const RequestId& id() const { return stored.row.id; }
    /// The payload whose status is the request's: the least advanced, of a ladder the step that got furthest.
    const StoredPayload& deciding_payload() const;
    /// The first step of a ladder above all that were sent; none where all were, and where it is no ladder.
    std::optional<std::uint32_t> next_step() const;
    /// True when a signed transaction exists: from then on it ends only on its chain.
    bool is_signed() const;
    /// True when the signatures that are there reach the threshold together with keys that no appliance holds: whoever has them may
    /// complete it, so that it ends only on its chain, too (PROTOCOL 6).
    bool is_released() const;
    struct Signatures {
        std::size_t have = 0;
        std::size_t need = 0;
    };
    Signatures signatures() const;
};

/// The highest change index of a payload; none without change.
std::optional<std::uint32_t> highest_change(const payments::Payload& payload);

/// What the request pays in one line, by the charter in force: "120 ETH to exchange-eth".
std::string summarize(const OpenRequest& open, const charter::Charter& charter);

/// Verifies the signed bytes, judges them again and holds every column against them.
///
/// Throws Error{db_tamper} naming the column that says something else; Error{tx_changed} for a
/// payload or a transaction to send that is not the one that was approved; and what judge() throws.
/// `verified`: as in Circumstances.
CheckedRequest check(const charter::PolicyChain& chain, StoredRequest stored, const std::vector<PayloadSlot>& slots, UtcTime now,
                     artefacts::VerifiedSignatures* verified = nullptr);

/// Throws unless it may go to the vault or, when signed, to the chain: how it ended, and what
/// require_approved(Judgement) throws. A signed request stays good when the charter is amended afterwards.
void require_approved(const CheckedRequest& checked);

/// Throws Error{appr_future} for what is dated after now: nothing is decided on it.
void require_of_today(const CheckedRequest& checked);

/// Throws Error{state}, or the error that says how it ended, unless votes may still change it.
void require_open(const CheckedRequest& checked);

} // namespace coffer::requests
