#pragma once

#include "core/audit/merkle.h"
#include "core/base/secret.h"
#include "core/charter/policy_chain.h"
#include "core/requests/share_sets.h"
#include "core/requests/vault_event.h"
#include "core/storage/database.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace coffer::requests {

/// The longest that the clock may have moved between two sessions without `clock set`, and the
/// most that a clock set forward credits (PROTOCOL 7).
constexpr Duration longest_gap = days(31);

/// The appliance's durable memory: an insert-only log whose replay is the state (PROTOCOL 6).
///
/// The head of the log (size and RFC 9162 root) is authenticated by a key that only an unlocked
/// session has, so that records which were edited, added or cut off by somebody else are found at
/// the next session. Replay takes time linear in the log.
class VaultLedger {
public:
    /// Writes the first records of a new home (encoded: those of a backup keep their bytes).
    static void found(storage::Database& database, const SecretBytes& key, const std::vector<Bytes>& records);

    /// Replays the log. With a key it is authenticated first: Error{binding} when log and key do
    /// not belong together. Without one what it says is shown as unauthenticated and nothing can be
    /// appended. Errors: `db_corrupt`, `schema`, and what PolicyChain throws.
    VaultLedger(storage::Database& database, std::optional<SecretBytes> key);

    bool is_authenticated() const { return m_key.has_value(); }

    /// Appends in one durable transaction; when it throws nothing has happened.
    void append(const std::vector<vault::Record>& records);

    // Who this is.
    artefacts::Environment environment() const { return m_environment; }
    const artefacts::ApprovalKey& identity() const { return *m_identity; }
    /// This appliance in the charter in force, by its identity key; null before `pin`, and while no charter names it.
    const charter::Appliance* self() const;
    /// None before `pin`.
    const std::optional<charter::PolicyChain>& chain() const { return m_chain; }
    /// Throws Error{binding} before `pin`.
    const charter::PolicyChain& require_chain() const;
    /// Since when this appliance has known each entry of the address book, by its id.
    std::map<std::string, UtcTime> address_book_since() const;
    /// How long the entry's cool-down has run here, by the rules of known_for(); none before it began.
    std::optional<Duration> entry_known_for(const EntryHash& entry, UtcTime now) const;
    /// Freezes of the person at this vault, the entries as they were signed.
    const std::vector<Bytes>& freezes_here() const { return m_freezes_here; }
    /// Until when one of them freezes the wallet; none when none does. `chain`: this ledger's, as far as it is known by now.
    std::optional<UtcTime> frozen_here(const charter::PolicyChain& chain, const std::string& wallet) const;
    const std::vector<vault::KeyMade>& keys() const { return m_keys; }
    /// Null when there is no such key.
    const vault::KeyMade* find_key(std::string_view id) const;
    /// True once a charter in force has named the key as this appliance's: it is bound, for ever (PROTOCOL 5).
    bool has_named(const vault::KeyMade& key) const { return m_named.contains(key.fingerprint); }
    const ShareSets& shares() const { return m_shares; }

    // Time.
    Duration clock_offset() const { return m_clock_offset; }
    /// Of the last session, of `clock set`, or of `init`: whichever was last.
    UtcTime last_time() const { return m_last_time; }
    std::uint64_t sessions() const { return m_sessions; }
    /// Records when the last session ended, for the paper log; 0 before the first.
    std::uint64_t size_after_last_session() const { return m_size_after_last_session; }
    /// True once `clock set` was used: receipts say so.
    bool clock_was_set() const { return m_clock_was_set; }

    // Requests.
    std::optional<UtcTime> first_seen(const RequestDigest& request) const;
    /// How long the request counts as known, for delays: since it was first seen, but a clock that
    /// was set forward credits at most 31 days (PROTOCOL 7). Zero when it is new.
    Duration known_for(const RequestDigest& request, UtcTime now) const;
    std::vector<std::string> rejecters(const RequestDigest& request) const;
    /// The stored signatures, or null.
    const vault::Signed* find_signed(const RequestDigest& request) const;
    /// The request that signed under this id, or none.
    std::optional<RequestDigest> find_id(const RequestId& id) const;
    /// The request that took the slot, or none.
    std::optional<RequestDigest> holder_of(const payments::SpendSlot& slot) const;
    std::optional<std::uint64_t> highest_sequence(const Bytes& owner) const;
    /// The highest change index of the wallet that was signed for; 0 before the first.
    std::uint32_t highest_change(const std::string& wallet) const;
    /// The windows of the limits and standing orders by what this appliance has signed, or was about to sign. Points into the chain.
    policy::Windows windows(const charter::PolicyChain& chain) const;
    /// What was charged for a request that it was about to sign and has not: a rerun is charged anew instead. Null otherwise.
    const policy::PastOutflow* find_unsigned_outflow(const RequestDigest& request) const;
    /// True when this appliance has signed the request and counts what it took.
    bool has_counted(const RequestDigest& request) const;
    /// The stored receipt of this bundle if it signed everything, else null.
    const vault::ReceiptMade* find_complete_receipt(const BundleDigest& bundle) const;

    // The log as a tree.
    audit::Head head() const { return m_tree.head(); }
    audit::Head head_at(std::uint64_t size) const;
    std::vector<Hash256> consistency_from(std::uint64_t size) const;
    /// Every record in order, encoded; reads the database.
    std::vector<Bytes> records() const;

private:
    void replay(std::size_t number, ByteView event);
    void apply(UtcTime time, const vault::Event& event);
    template <typename Work>
    void continue_chain(UtcTime time, Work work);
    void note_charter(UtcTime time);
    void set_clock(UtcTime time, Duration offset);
    void note_intent(UtcTime time, const vault::Intended& intended);
    Duration credited_since(UtcTime since, UtcTime now) const;

    storage::Database& m_database;
    std::optional<SecretBytes> m_key;
    std::vector<Hash256> m_leaves;
    audit::MerkleTree m_tree;

    artefacts::Environment m_environment = artefacts::Environment::test;
    std::optional<artefacts::ApprovalKey> m_identity;
    std::optional<charter::PolicyChain> m_chain;
    std::map<std::string, std::pair<Bytes, UtcTime>> m_address_book; ///< address and since when, by id
    std::vector<vault::KeyMade> m_keys;
    ShareSets m_shares;
    std::set<std::string> m_named; ///< fingerprints
    Duration m_clock_offset;
    UtcTime m_last_time;
    std::uint64_t m_sessions = 0;
    bool m_clock_was_set = false;
    std::uint64_t m_applied = 0;
    std::uint64_t m_size_after_last_session = 0;
    /// When the clock was set forward, and by how much more than is credited.
    std::vector<std::pair<UtcTime, Duration>> m_uncredited_steps;
    std::map<RequestDigest, UtcTime> m_first_seen;
    std::map<EntryHash, UtcTime> m_entries_seen;
    std::vector<Bytes> m_freezes_here;
    std::map<RequestDigest, std::set<std::string>> m_rejecters;
    std::map<RequestDigest, vault::Signed> m_signed;
    std::map<RequestId, RequestDigest> m_ids;
    std::map<payments::SpendSlot, RequestDigest> m_slots;
    std::map<RequestDigest, policy::PastOutflow> m_outflows; ///< since the clock stepped back; under standing orders all
    std::set<RequestDigest> m_charged;
    std::optional<UtcTime> m_stepped_back; ///< the last time, to this
    std::map<Bytes, std::uint64_t> m_highest_sequence;
    std::map<std::string, std::uint32_t> m_highest_change; ///< by wallet
    std::map<BundleDigest, vault::ReceiptMade> m_complete_receipts;
};

} // namespace coffer::requests
