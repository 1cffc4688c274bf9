#pragma once

#include "core/audit/merkle.h"
#include "core/requests/judgement.h"
#include "core/requests/vault_ledger.h"
#include "formats/bundle/bundle.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace coffer::appliance {

/// What one bundle may add to the ledger for ever: links of the policy chain, and first sights that begin a delay.
constexpr std::size_t most_new_links = 10'000;
constexpr std::size_t most_first_sights = 100;

/// What the guard finds of one request of a bundle: it may be signed (`judgement`), was signed
/// before (`stored`), or is refused (`refusal`). Exactly one is there.
struct Verdict {
    RequestDigest digest; ///< zero when not even the request's envelope could be read
    std::optional<RequestId> id{};
    std::optional<requests::Judgement> judgement{};
    const requests::vault::Signed* stored = nullptr;
    /// Of other signers, verified: how many keys have signed every payload.
    std::size_t carried_signers = 0;
    /// What the limits leave after it.
    std::vector<std::string> limits{};
    std::optional<Error> refusal{};

    /// True when a person must be asked before it is signed: the wallet says so, or it is a key ceremony.
    bool asks_a_person() const;
};

/// Everything that `verify` and `sign` find out before anybody is asked. Pure: nothing is written.
struct Examination {
    BundleDigest digest;
    charter::PolicyChain chain; ///< the ledger's, continued by the bundle's links
    std::vector<Verdict> verdicts;
    /// Valid new links, valid rejections, and first sights of requests whose wallet asks for no person: what
    /// `verify` records, too.
    std::vector<requests::vault::Record> latched;
    /// First sights that begin a delay, of requests whose wallet asks for a person, or a cool-down: they count under a date that a
    /// person confirmed and under no other, or whoever sets the machine's clock back would shorten the delay.
    std::vector<requests::vault::Record> first_sights;
    /// The newest head of this appliance's log that the bundle shows.
    std::optional<audit::Head> shown_head;
    /// Why nothing of a well-formed bundle may be signed: `appliance_inactive`, `too_many_requests`. What it
    /// latched is kept all the same, or the next bundle could leave out the amendment that retired this appliance.
    std::optional<Error> refused{};
    UtcTime now;
};

/// Judges a bundle against the ledger (PROTOCOL 6, 8). Requests are judged one by one; what is wrong
/// with one refuses that one.
///
/// Throws what refuses the whole bundle and latches nothing: malformed envelope or link, `env`,
/// `limit` over 10,000 new links, `policy_gap`, `charter_fork`, `ledger_rollback` for a head of this
/// appliance that its log does not contain, `binding` before `pin`.
Examination examine(const requests::VaultLedger& ledger, ByteView bundle, UtcTime now);

/// What each chain has to say of a charter: pinned, or come as an amendment. Throws its first problem;
/// Error{chain} for a family that is not built in.
void require_chains_valid(const charter::Charter& charter);

/// Throws Error{clock} when the clock stepped back or moved over 31 days since the last session.
void require_plausible_clock(const requests::VaultLedger& ledger, UtcTime now);

/// What a request would take, and what the limits would leave.
struct WindowCharge {
    policy::Outflow outflow;
    std::vector<std::string> left;
};

/// Windows of requests that are signed one after the other: each finds what those before it have charged (PROTOCOL 4, 6).
class WindowCheck {
public:
    WindowCheck(const requests::VaultLedger& ledger, const charter::PolicyChain& chain, UtcTime now)
        : m_ledger{ledger}, m_charter{chain.charter()}, m_now{now}, m_windows{ledger.windows(chain)}
    {
    }

    /// Throws Error{limit_velocity}. Nothing is charged yet.
    WindowCharge require_within(const requests::OpenRequest& request) const;
    /// A request that was about to be signed before is charged anew, and not twice.
    void charge(const requests::OpenRequest& request, const policy::Outflow& outflow);

private:
    const requests::VaultLedger& m_ledger;
    const charter::Charter& m_charter;
    UtcTime m_now;
    policy::Windows m_windows;
};

/// Slots of requests that are signed one after the other: each payload's slot is taken by no other
/// request, and no account nonce runs more than 64 ahead (PROTOCOL 6).
class SlotCheck {
public:
    SlotCheck(const requests::VaultLedger& ledger, const charter::Charter& charter) : m_ledger{ledger}, m_charter{charter} {}

    /// Takes the slots of the request. Throws Error{nonce_used}, Error{nonce_gap}, Error{change_path}; then nothing is taken.
    void take(const requests::OpenRequest& request);

private:
    std::uint64_t highest_of(const Bytes& owner, const charter::Wallet& wallet) const;

    const requests::VaultLedger& m_ledger;
    const charter::Charter& m_charter;
    std::set<payments::SpendSlot> m_taken;
    std::uint32_t highest_change_of(const std::string& wallet) const;
    std::map<Bytes, std::uint64_t> m_highest; ///< by owner, of what was taken
    std::map<std::string, std::uint32_t> m_highest_change; ///< by wallet, the same
};

} // namespace coffer::appliance
