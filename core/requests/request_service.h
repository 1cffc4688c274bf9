#pragma once

#include "core/chains/chain_client.h"
#include "core/policy/windows.h"
#include "core/requests/books.h"
#include "core/requests/charge_store.h"
#include "core/requests/receipt_facts.h"
#include "core/requests/request_check.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace coffer::requests {

/// One item of a receipt after it was imported.
struct ImportedResult {
    RequestDigest request;
    std::optional<RequestId> id; ///< none when this home does not have it
    std::string outcome;         ///< as the vault says: `signed`, `refused`, `declined`
    std::string code;            ///< the vault's reason
    Status status = Status::pending_signature;
    CheckedRequest::Signatures signatures{};
    std::optional<Error> error{}; ///< why this item was not taken over
};

struct ImportedReceipt {
    bool is_known = false; ///< it had been imported before, and nothing changed
    bool is_of_known_bundle = true;
    /// False when the receipt continues an older head than the newest known, because several
    /// bundles were under way: the next one shows the newest, and must be continued.
    bool is_newest = true;
    std::vector<ImportedResult> results;
};

/// A transaction to send, stored before it is sent.
struct Sending {
    std::uint32_t payload = 0;
    payments::SignedTransaction transaction;
    bool was_sent_before = false; ///< an earlier run may have sent it: look it up first
    std::uint64_t since = 0;      ///< a height before which it cannot stand in a block
};

/// What a node says about one payload that was sent.
struct Observation {
    std::uint32_t payload = 0;
    chains::Sighting sighting;
    bool is_slot_used = false; ///< another transaction, deep enough, has used its slot
};

/// The life of requests in a home. Each function is one transaction that loads, checks, changes, records
/// and commits, and each may be run again: the second run changes nothing.
///
/// What is returned points into the policy chain of the books: use it before the next call.
/// Every function that takes an id throws Error{not_found}, and what check() throws.
class RequestService {
public:
    explicit RequestService(Books& books) : m_books{books} {}

    /// Judges a request that its requester signed, reserves its slots and stores it. The same
    /// request again is a no-op. Errors: those of judge(), so that what no rule allows is refused
    /// now; `exists` for another request under this id; `nonce_used` for a slot that is taken;
    /// `appr_expired`; `limit_velocity` for what alone is over a limit. `memos`: a note for each payload, or none at all.
    CheckedRequest open(const Submission& submission, const std::vector<std::string>& memos = {});

    /// Recomputed, and nothing is written. With what limits leave.
    CheckedRequest find(const RequestId& id);
    /// Several, by one and the same policy chain.
    std::vector<CheckedRequest> find_all(std::span<const RequestId> ids);
    /// Recomputed; what time or an amendment moved on is written.
    CheckedRequest refresh(const RequestId& id);
    /// The id that this text means: a UUID, or at least four characters that only one request begins
    /// with. Throws Error{not_found}, Error{usage}.
    RequestId find_id(std::string_view text);
    /// Cached columns, unverified; open requests whose time is over are shown as expired.
    std::vector<RequestRow> list(std::optional<Status> status);
    /// Sorted.
    std::vector<RequestId> all_ids();
    std::vector<RequestId> ids_in(const std::vector<Status>& statuses);
    /// What waits to be sent, or was sent without an answer.
    std::vector<RequestId> to_broadcast();
    /// What is on its way, or so short in a block that a re-org may bring it back.
    std::vector<RequestId> to_track();
    std::vector<payments::SpendSlot> held_slots();
    /// The windows that this would fall into now.
    std::vector<policy::WindowUse> window_uses(const policy::Outflow& outflow);
    /// What was paid under each standing order in force, and is reserved. Points into the policy chain.
    std::map<EntryHash, policy::OrderUse> order_uses();
    /// The first change index of the wallet that no request has used.
    std::uint32_t next_change(const std::string& wallet);

    /// Records an officer's signed vote. The same decision of this officer again is a no-op, also
    /// later. Errors: `not_found` for another request; `state` for an approval after a rejection;
    /// how the request ended; what judge() throws, and why the vote would count nothing; `limit_velocity` for the last
    /// vote needed where the request does not fit into a window: then nothing is stored.
    /// `comment` is empty when its text did not travel with the vote.
    CheckedRequest record(ByteView vote, const std::string& comment);
    /// True when this officer's approval or rejection stands and counts under the charter in force.
    static bool has_voted(const Judgement& judgement, const std::string& officer, VoteDecision decision);

    /// Links a signed cancel into the policy chain. Of a cancelled request a no-op. Errors: `state` when
    /// it is signed; `appr_role` unless the officer requested it or their vote would count.
    CheckedRequest cancel(ByteView entry);

    /// Ends every request whose time is over and that never left for the vault, and frees its slots.
    std::vector<RequestId> expire_overdue();

    /// Remembers a bundle and the logs that it shows, before it leaves.
    void record_export(const BundleDigest& bundle, std::span<const RequestId> requests,
                       const std::map<std::string, std::uint64_t>& heads);

    /// Errors: `env`; `sig_verify` unless the appliance signed it; `appliance_inactive`;
    /// `ledger_rollback` when its log does not continue the one that the bundle showed. What is wrong
    /// with one item stands in its result.
    ImportedReceipt import(const ReceiptFacts& receipt);
    /// Signatures that somebody outside of the appliances made: verified, and stored like those of a receipt. Errors: `sig_verify`;
    /// `already_signed` for another one of the same key; `state`.
    ImportedResult import_signatures(const RequestId& id, std::span<const ReturnedSignature> signatures);
    /// The newest receipt of an appliance as an artefact, or none: it says how far the appliance knows the policy chain.
    std::optional<Bytes> newest_receipt(const std::string& appliance);
    /// The newest `coffer-head` of each appliance of the charter in force, signed by the identity that it has there.
    std::map<std::string, Bytes> known_heads();

    /// Stores the signed transactions and marks them as sent with an unknown answer; they go out
    /// afterwards. Empty when everything has been answered for. Errors: `appr_missing` and kin
    /// while signatures are missing.
    /// Of a fee ladder one step: the first, or the newest that was sent and has no answer.
    std::vector<Sending> begin_broadcast(const RequestId& id);
    /// The same with the next step of a fee ladder, which takes the place of those before it. Throws Error{state} where there is none, nothing
    /// was sent yet, or a step is in a block.
    std::vector<Sending> begin_next_step(const RequestId& id);
    /// A node has taken the transaction or knows it.
    void mark_seen(const RequestId& id, const Sending& sending);
    /// What a node says now. `required`: the confirmations that settle a payload. A re-org moves it back.
    CheckedRequest record_sightings(const RequestId& id, std::span<const Observation> observations, std::uint64_t required);

private:
    Circumstances circumstances();
    CheckedRequest load(storage::Transaction& transaction, const RequestId& id);
    void settle(storage::Transaction& transaction, CheckedRequest& checked);
    CheckedRequest load_to_send(storage::Transaction& transaction, const RequestId& id);
    Sending prepare(storage::Transaction& transaction, CheckedRequest& checked, std::uint32_t payload);
    /// Judges the request by this vote alone; throws why it would count nothing.
    void require_counting(Judgement& judgement, const charter::PolicyChain& chain, const Vote& vote, ByteView bytes);
    void change_status(storage::Transaction& transaction, CheckedRequest& checked, Status status);
    void take_slots(const CheckedRequest& checked);
    policy::Windows windows(const charter::PolicyChain& chain, const RequestId& without);
    policy::Outflow outflow(const OpenRequest& open, const charter::Charter& charter);
    /// Throws Error{limit_velocity}.
    void require_within_limits(const CheckedRequest& checked, const charter::PolicyChain& chain);
    /// Throws Error{limit_velocity} for what alone is over a limit.
    void require_ever_within_limits(const OpenRequest& open, const charter::PolicyChain& chain);
    void add_window_uses(CheckedRequest& checked, const charter::PolicyChain& chain);
    /// Reserves what the request takes, or frees it, with its status.
    void follow_charge(const CheckedRequest& checked, const charter::PolicyChain& chain, Status status);
    void verify_receipt(const ReceiptFacts& receipt, const charter::Charter& charter) const;
    bool continues_known_log(const ReceiptFacts& receipt, const charter::Appliance& appliance) const;
    /// Who signed: an appliance signs all payloads of a request or none.
    enum class Signatory { appliance, outside };
    ImportedResult take_over(storage::Transaction& transaction, const ReturnedResult& result, Signatory by, const std::string& actor);
    void store_signatures(CheckedRequest& checked, const ReturnedResult& result, Signatory by);
    void save_payload(storage::Transaction& transaction, CheckedRequest& checked, std::uint32_t payload, StoredPayload changed);

    RequestStore requests() { return RequestStore{m_books.database()}; }
    ChargeStore charges() const { return ChargeStore{m_books.database()}; }
    ReceiptStore receipts() const { return ReceiptStore{m_books.database()}; }

    Books& m_books;
    artefacts::VerifiedSignatures m_verified;
};

} // namespace coffer::requests
