#pragma once

#include "core/payments/payload.h"
#include "core/requests/charge_store.h"
#include "core/requests/judgement.h"
#include "core/requests/states.h"
#include "core/requests/vote.h"
#include "core/storage/database.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::requests {

/// One payload as the database has it. Everything but the bytes is a cache.
struct StoredPayload {
    PayloadDigest digest;
    Bytes bytes;
    Status status = Status::pending_review;
    std::optional<payments::SignedTransaction> sent{}; ///< stored before it is sent for the first time
    bool seen = false;                               ///< a node has answered for it
    std::optional<std::uint64_t> block_number{};
    std::optional<Bytes> block_hash{};
    std::uint64_t confirmations = 0;
    std::optional<std::uint32_t> change_index{}; ///< the highest
    std::string memo{}; ///< the proposer's note: signed by nobody, verified by nothing
    std::vector<payments::TaskSignature> signatures{};
};

struct StoredVote {
    std::string officer;
    VoteDecision decision = VoteDecision::approve;
    UtcTime time;
    std::string comment;
    Bytes artefact;
};

/// The columns of a request; caches of what its signed bytes say.
struct RequestRow {
    RequestId id;
    RequestDigest digest;
    Status status = Status::pending_review;
    std::string wallet;
    std::string kind;
    UtcTime created;
    UtcTime expires;
    std::optional<RequestDigest> replaces;
    std::string summary;
    std::optional<UtcTime> exported; ///< when it first left for the vault
    std::optional<UtcTime> expired{}; ///< when this home's clock ended it
};

struct StoredRequest {
    RequestRow row;
    Bytes artefact;
    std::vector<StoredPayload> payloads;
    std::vector<StoredVote> votes;
    /// What it replaces, the newest first.
    std::vector<Predecessor> predecessors{};
    /// What it takes from the windows of limits, once it has.
    std::optional<StoredCharge> charge{};

    Submission submission() const;
};

/// Requests in the database, and no judgement: SQL only.
class RequestStore {
public:
    explicit RequestStore(storage::Database& database) : m_database{database} {}

    std::optional<StoredRequest> find(const RequestId& id) const;
    std::optional<RequestId> find_id(const RequestDigest& digest) const;
    /// At most `most` ids whose text form without dashes begins with these hex digits.
    std::vector<RequestId> find_by_prefix(std::string_view hex_digits, std::size_t most) const;

    /// Rows in the order of creation; of all states, or of one.
    std::vector<RequestRow> list(std::optional<Status> status) const;
    /// Sorted.
    std::vector<RequestId> all_ids() const;
    std::vector<RequestId> ids_in(const std::vector<Status>& statuses) const;
    /// Requests that wait for votes or signatures and whose time is over.
    std::vector<RequestId> overdue(UtcTime now) const;
    /// Requests with a payload that was sent and that no node has answered for.
    std::vector<RequestId> unseen() const;
    /// Requests with a payload that its chain may still move: sent, replaced, or in a block fewer than
    /// `deep` blocks ago when it was last looked at.
    std::vector<RequestId> unsettled(std::uint64_t deep) const;

    /// Slots must be free: take_slots() comes after it.
    void insert(const StoredRequest& request);
    void set_status(const RequestId& id, Status status);
    /// Of the request and of all its payloads, while they have one state together.
    void set_status_of_all(const RequestId& id, Status status);
    void set_exported(const RequestId& id, UtcTime time);
    void set_expired(const RequestId& id, UtcTime time);
    void set_payload(const RequestId& id, std::uint32_t payload, const StoredPayload& state);
    /// True when it was `broadcast` and not seen under this transaction id until now.
    bool mark_seen(const RequestId& id, std::uint32_t payload, const std::string& txid);
    /// Adds the vote, or takes the place of this officer's older one of the same decision.
    void save_vote(const RequestId& id, const StoredVote& vote);
    void add_signature(const RequestId& id, std::uint32_t payload, const payments::TaskSignature& signature);

    /// Who holds the slot, or none.
    std::optional<RequestId> holder_of(const payments::SpendSlot& slot) const;
    /// From whom holds it, if anybody does.
    void take_slot(const RequestId& id, const PayloadSlot& slot);
    /// What it took from others is theirs again.
    void release_slots(const RequestId& id);
    std::vector<PayloadSlot> slots_of(const RequestId& id) const;
    /// The request and what it replaced, and so on; at most most_predecessors.
    std::vector<Predecessor> predecessors_from(std::optional<RequestDigest> digest) const;
    /// The first change index of the wallet above those of its requests, but for what ended unsigned.
    std::uint32_t next_change(const std::string& wallet) const;
    /// The highest that a signature of an appliance or outside signer is known for; 0 before the first.
    std::uint32_t highest_signed_change(const std::string& wallet) const;
    /// The digest of the request that holds the slot, or none.
    std::optional<RequestDigest> digest_of_holder(const payments::SpendSlot& slot) const;
    /// Every slot that is held.
    std::vector<payments::SpendSlot> held_slots() const;

private:
    storage::Database& m_database;
};

/// What an appliance has told in its newest receipt.
struct KnownReceipt {
    ByteArray<32> digest;
    Bytes artefact;
};

/// What came back from vaults and went to them: SQL only.
class ReceiptStore {
public:
    explicit ReceiptStore(storage::Database& database) : m_database{database} {}

    bool has_receipt(const ByteArray<32>& digest) const;
    void save_receipt(const KnownReceipt& receipt, UtcTime imported);
    std::optional<KnownReceipt> newest_of(const std::string& appliance) const;
    void set_newest(const std::string& appliance, const ByteArray<32>& digest);

    bool has_bundle(const BundleDigest& digest) const;
    /// `heads`: the size of each appliance's log that the bundle shows.
    void save_bundle(const BundleDigest& digest, UtcTime exported, const std::map<std::string, std::uint64_t>& heads);
    /// The size of this appliance's log that the bundle showed, if it showed one.
    std::optional<std::uint64_t> head_shown(const BundleDigest& digest, const std::string& appliance) const;

    /// The newest `coffer-head` known of a source.
    std::optional<Bytes> head_of(const std::string& source) const;
    void save_head(const std::string& source, std::uint64_t size, ByteView artefact);

private:
    storage::Database& m_database;
};

} // namespace coffer::requests
