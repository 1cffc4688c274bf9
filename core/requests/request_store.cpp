#include "core/requests/request_store.h"

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::requests {

namespace {

constexpr std::string_view row_columns =
    "SELECT id, digest, status, wallet, kind, created_at, expires_at, replaces, summary, exported_at, expired_at FROM requests ";

RequestRow read_row(const storage::Statement& statement)
{
    RequestRow row{.id = RequestId{statement.array<16>(0)},
                   .digest = RequestDigest{statement.array<32>(1)},
                   .status = parse_status(statement.text(2)),
                   .wallet = statement.text(3),
                   .kind = statement.text(4),
                   .created = {statement.integer(5)},
                   .expires = {statement.integer(6)},
                   .replaces = {},
                   .summary = statement.text(8),
                   .exported = {}};
    if (!statement.is_null(7))
        row.replaces = RequestDigest{statement.array<32>(7)};
    if (!statement.is_null(9))
        row.exported = UtcTime{statement.integer(9)};
    if (!statement.is_null(10))
        row.expired = UtcTime{statement.integer(10)};
    return row;
}

StoredPayload read_payload(const storage::Statement& statement)
{
    StoredPayload payload{.digest = PayloadDigest{statement.array<32>(1)},
                          .bytes = statement.blob(2),
                          .status = parse_status(statement.text(3)),
                          .sent = {},
                          .seen = statement.flag(6),
                          .block_number = {},
                          .block_hash = statement.optional_blob(8),
                          .confirmations = statement.natural(9),
                          .change_index = {},
                          .memo = statement.text(10),
                          .signatures = {}};
    if (statement.is_null(4) != statement.is_null(5))
        throw Error{ErrorCode::db_tamper, "payload has either signed bytes or a transaction id, not both"};
    if (!statement.is_null(4))
        payload.sent = payments::SignedTransaction{statement.blob(4), statement.text(5)};
    if (!statement.is_null(7))
        payload.block_number = statement.natural(7);
    if (!statement.is_null(11))
        payload.change_index = static_cast<std::uint32_t>(statement.natural(11));
    return payload;
}

VoteDecision parse_decision(const std::string& name)
{
    for (const auto decision : {VoteDecision::approve, VoteDecision::reject})
        if (name_of(decision) == name)
            return decision;
    throw Error{ErrorCode::db_corrupt, "decision " + quoted(name) + " in the database is unknown"};
}

Bytes encode_sequence(const payments::SpendSlot& slot)
{
    return slot.sequence ? ByteWriter{}.write_u64_be(*slot.sequence).bytes() : Bytes{};
}

payments::SpendSlot read_slot(Bytes owner, ByteView sequence)
{
    payments::SpendSlot slot{std::move(owner), std::nullopt};
    if (!sequence.empty())
        slot.sequence = ByteReader{to_array<8>(sequence, "slot")}.read_u64_be();
    return slot;
}

std::optional<std::int64_t> as_integer(const std::optional<std::uint64_t>& number)
{
    return number ? std::optional{static_cast<std::int64_t>(*number)} : std::nullopt;
}

std::vector<RequestId> read_ids(storage::Statement statement)
{
    std::vector<RequestId> ids;
    while (statement.step())
        ids.emplace_back(statement.array<16>(0));
    return ids;
}

} // namespace

Submission StoredRequest::submission() const
{
    Submission submission{.request = artefact, .payloads = {}, .votes = {}};
    for (const auto& payload : payloads)
        submission.payloads.push_back(payload.bytes);
    for (const auto& vote : votes)
        submission.votes.push_back(vote.artefact);
    submission.predecessors = predecessors;
    return submission;
}

std::optional<StoredRequest> RequestStore::find(const RequestId& id) const
{
    auto found = m_database.query(std::string{row_columns} + "WHERE id = $1", id.bytes());
    if (!found.step())
        return std::nullopt;
    StoredRequest request{.row = read_row(found), .artefact = {}, .payloads = {}, .votes = {}};
    found.reset();

    auto artefact = m_database.query("SELECT artefact FROM requests WHERE id = $1", id.bytes());
    require(artefact.step(), "a request vanished inside a transaction");
    request.artefact = artefact.blob(0);
    artefact.reset();
    request.predecessors = predecessors_from(request.row.replaces);
    request.charge = ChargeStore{m_database}.find(id);

    auto payloads = m_database.query("SELECT position, digest, payload, status, signed, txid, seen, block_number, block_hash, "
                                     "confirmations, memo, change_index FROM payloads WHERE request_id = $1 ORDER BY position",
                                     id.bytes());
    while (payloads.step()) {
        if (payloads.natural(0) != request.payloads.size())
            throw Error{ErrorCode::db_tamper, "payload " + std::to_string(request.payloads.size()) + " of request " +
                                                  format_uuid(id) + " is missing in the database"};
        request.payloads.push_back(read_payload(payloads));
    }

    auto signatures = m_database.query("SELECT position, input, public_key, signature FROM signatures WHERE request_id = $1 "
                                       "ORDER BY position, input, public_key",
                                       id.bytes());
    while (signatures.step()) {
        const auto position = signatures.natural(0);
        if (position >= request.payloads.size())
            throw Error{ErrorCode::db_tamper, "signature for payload " + std::to_string(position) + ", which request " +
                                                  format_uuid(id) + " does not have"};
        request.payloads[position].signatures.push_back({static_cast<std::uint32_t>(signatures.natural(1)),
                                                         signatures.blob(2), signatures.blob(3)});
    }

    auto votes = m_database.query("SELECT officer, decision, at, comment, artefact FROM votes WHERE request_id = $1 "
                                  "ORDER BY at, officer, decision",
                                  id.bytes());
    while (votes.step())
        request.votes.push_back({votes.text(0), parse_decision(votes.text(1)), {votes.integer(2)}, votes.text(3), votes.blob(4)});
    return request;
}

std::optional<RequestId> RequestStore::find_id(const RequestDigest& digest) const
{
    const auto ids = read_ids(m_database.query("SELECT id FROM requests WHERE digest = $1", digest.bytes()));
    return ids.empty() ? std::nullopt : std::optional{ids.front()};
}

std::vector<RequestId> RequestStore::find_by_prefix(std::string_view hex_digits, std::size_t most) const
{
    auto least = std::string{hex_digits};
    auto greatest = least;
    least.resize(2 * RequestId::size, '0');
    greatest.resize(2 * RequestId::size, 'f');
    return read_ids(m_database.query("SELECT id FROM requests WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT $3",
                                     encoding::decode_hex(least), encoding::decode_hex(greatest), most));
}

std::vector<RequestRow> RequestStore::list(std::optional<Status> status) const
{
    auto found = status ? m_database.query(std::string{row_columns} + "WHERE status = $1 ORDER BY created_at, id", name_of(*status))
                        : m_database.query(std::string{row_columns} + "ORDER BY created_at, id");
    std::vector<RequestRow> rows;
    while (found.step())
        rows.push_back(read_row(found));
    return rows;
}

std::vector<RequestId> RequestStore::all_ids() const
{
    return read_ids(m_database.query("SELECT id FROM requests ORDER BY id"));
}

std::vector<RequestId> RequestStore::ids_in(const std::vector<Status>& statuses) const
{
    std::vector<RequestId> all;
    for (const auto status : statuses) {
        const auto ids = read_ids(m_database.query("SELECT id FROM requests WHERE status = $1 ORDER BY created_at, id", name_of(status)));
        all.insert(all.end(), ids.begin(), ids.end());
    }
    return all;
}

std::vector<RequestId> RequestStore::overdue(UtcTime now) const
{
    return read_ids(m_database.query("SELECT id FROM requests WHERE status IN ('pending_review', 'pending_signature') "
                                     "AND expires_at <= $1 ORDER BY created_at, id",
                                     now.seconds));
}

std::vector<RequestId> RequestStore::unseen() const
{
    return read_ids(m_database.query("SELECT DISTINCT r.id FROM requests r JOIN payloads p ON p.request_id = r.id "
                                     "WHERE p.status = 'broadcast' AND p.seen = 0 ORDER BY r.created_at, r.id"));
}

std::vector<RequestId> RequestStore::unsettled(std::uint64_t deep) const
{
    return read_ids(m_database.query("SELECT DISTINCT r.id FROM requests r JOIN payloads p ON p.request_id = r.id "
                                     "WHERE p.status IN ('broadcast', 'replaced') "
                                     "OR (p.status IN ('success', 'failed') AND p.signed IS NOT NULL AND p.confirmations < $1) ORDER BY r.created_at, r.id",
                                     deep));
}

void RequestStore::insert(const StoredRequest& request)
{
    const auto& row = request.row;
    m_database.run("INSERT INTO requests (id, digest, artefact, status, wallet, kind, created_at, expires_at, replaces, summary) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                   row.id.bytes(), row.digest.bytes(), request.artefact, name_of(row.status), row.wallet, row.kind,
                   row.created.seconds, row.expires.seconds,
                   row.replaces ? std::optional<ByteView>{row.replaces->bytes()} : std::nullopt, row.summary);
    auto insert = m_database.prepare("INSERT INTO payloads (request_id, position, digest, payload, status, memo, change_index) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7)");
    for (std::size_t i = 0; i < request.payloads.size(); ++i) {
        const auto& payload = request.payloads[i];
        insert.bind(row.id.bytes(), i, payload.digest.bytes(), payload.bytes, name_of(payload.status), payload.memo,
                    payload.change_index ? std::optional<std::int64_t>{*payload.change_index} : std::nullopt).run();
    }
}

void RequestStore::set_status(const RequestId& id, Status status)
{
    m_database.run("UPDATE requests SET status = $2 WHERE id = $1", id.bytes(), name_of(status));
}

void RequestStore::set_status_of_all(const RequestId& id, Status status)
{
    set_status(id, status);
    m_database.run("UPDATE payloads SET status = $2 WHERE request_id = $1", id.bytes(), name_of(status));
}

void RequestStore::set_exported(const RequestId& id, UtcTime time)
{
    m_database.run("UPDATE requests SET exported_at = $2 WHERE id = $1 AND exported_at IS NULL", id.bytes(), time.seconds);
}

void RequestStore::set_expired(const RequestId& id, UtcTime time)
{
    m_database.run("UPDATE requests SET expired_at = $2 WHERE id = $1", id.bytes(), time.seconds);
}

void RequestStore::set_payload(const RequestId& id, std::uint32_t payload, const StoredPayload& state)
{
    m_database.run("UPDATE payloads SET status = $3, signed = $4, txid = $5, seen = $6, block_number = $7, block_hash = $8, "
                   "confirmations = $9 WHERE request_id = $1 AND position = $2",
                   id.bytes(), payload, name_of(state.status),
                   state.sent ? std::optional<ByteView>{state.sent->bytes} : std::nullopt,
                   state.sent ? std::optional<std::string_view>{state.sent->txid} : std::nullopt, state.seen,
                   as_integer(state.block_number),
                   state.block_hash ? std::optional<ByteView>{*state.block_hash} : std::nullopt, state.confirmations);
}

bool RequestStore::mark_seen(const RequestId& id, std::uint32_t payload, const std::string& txid)
{
    return m_database.run("UPDATE payloads SET seen = 1 WHERE request_id = $1 AND position = $2 AND txid = $3 "
                          "AND status = 'broadcast' AND seen = 0",
                          id.bytes(), payload, txid) > 0;
}

void RequestStore::save_vote(const RequestId& id, const StoredVote& vote)
{
    m_database.run("DELETE FROM votes WHERE request_id = $1 AND officer = $2 AND decision = $3", id.bytes(), vote.officer,
                   name_of(vote.decision));
    m_database.run("INSERT INTO votes (request_id, officer, decision, artefact, at, comment) VALUES ($1, $2, $3, $4, $5, $6)",
                   id.bytes(), vote.officer, name_of(vote.decision), vote.artefact, vote.time.seconds, vote.comment);
}

void RequestStore::add_signature(const RequestId& id, std::uint32_t payload, const payments::TaskSignature& signature)
{
    m_database.run("INSERT INTO signatures (request_id, position, input, public_key, signature) VALUES ($1, $2, $3, $4, $5)",
                   id.bytes(), payload, signature.input, signature.public_key, signature.signature);
}

std::optional<RequestId> RequestStore::holder_of(const payments::SpendSlot& slot) const
{
    const auto ids = read_ids(m_database.query("SELECT request_id FROM slots WHERE account = $1 AND slot = $2 AND released = 0",
                                               slot.owner, encode_sequence(slot)));
    return ids.empty() ? std::nullopt : std::optional{ids.front()};
}

void RequestStore::take_slot(const RequestId& id, const PayloadSlot& slot)
{
    m_database.run("UPDATE slots SET released = 2 WHERE account = $1 AND slot = $2 AND released = 0", slot.slot.owner, encode_sequence(slot.slot));
    m_database.run("INSERT INTO slots (account, slot, request_id, position) VALUES ($1, $2, $3, $4)", slot.slot.owner,
                   encode_sequence(slot.slot), id.bytes(), slot.payload);
}

void RequestStore::release_slots(const RequestId& id)
{
    m_database.run("UPDATE slots SET released = 1 WHERE request_id = $1", id.bytes());
    m_database.run("UPDATE slots SET released = 0 WHERE released = 2 "
                   "AND request_id = (SELECT o.id FROM requests o JOIN requests r ON r.replaces = o.digest WHERE r.id = $1) "
                   "AND EXISTS (SELECT 1 FROM slots mine WHERE mine.request_id = $1 AND mine.account = slots.account AND mine.slot = slots.slot) "
                   "AND NOT EXISTS (SELECT 1 FROM slots held WHERE held.released = 0 AND held.account = slots.account AND held.slot = slots.slot)",
                   id.bytes());
}

std::vector<PayloadSlot> RequestStore::slots_of(const RequestId& id) const
{
    auto found = m_database.query("SELECT position, account, slot FROM slots WHERE request_id = $1 AND released IN (0, 2) "
                                  "ORDER BY position, account, slot",
                                  id.bytes());
    std::vector<PayloadSlot> slots;
    while (found.step())
        slots.push_back({static_cast<std::uint32_t>(found.natural(0)), read_slot(found.blob(1), found.blob(2))});
    return slots;
}

std::vector<Predecessor> RequestStore::predecessors_from(std::optional<RequestDigest> digest) const
{
    std::vector<Predecessor> predecessors;
    while (digest && predecessors.size() < most_predecessors) {
        auto found = m_database.query("SELECT id, artefact, replaces FROM requests WHERE digest = $1", digest->bytes());
        if (!found.step())
            break;
        const auto id = found.array<16>(0);
        Predecessor predecessor{.request = found.blob(1), .payloads = {}, .signatures = {}};
        digest = found.is_null(2) ? std::nullopt : std::optional{RequestDigest{found.array<32>(2)}};
        found.reset();
        auto payloads = m_database.query("SELECT payload FROM payloads WHERE request_id = $1 ORDER BY position", id);
        while (payloads.step())
            predecessor.payloads.push_back(payloads.blob(0));
        predecessor.signatures.resize(predecessor.payloads.size());
        auto signatures = m_database.query("SELECT position, input, public_key, signature FROM signatures WHERE request_id = $1 "
                                           "ORDER BY position, input, public_key",
                                           id);
        while (signatures.step())
            if (const auto position = signatures.natural(0); position < predecessor.signatures.size())
                predecessor.signatures[position].push_back({static_cast<std::uint32_t>(signatures.natural(1)), signatures.blob(2), signatures.blob(3)});
        predecessors.push_back(std::move(predecessor));
    }
    return predecessors;
}

std::uint32_t RequestStore::next_change(const std::string& wallet) const
{
    auto found = m_database.query("SELECT MAX(p.change_index) FROM payloads p JOIN requests r ON r.id = p.request_id "
                                  "WHERE r.wallet = $1 AND r.status NOT IN ('rejected', 'expired', 'cancelled')",
                                  wallet);
    return found.step() && !found.is_null(0) ? static_cast<std::uint32_t>(found.natural(0)) + 1 : 0;
}

std::uint32_t RequestStore::highest_signed_change(const std::string& wallet) const
{
    auto found = m_database.query("SELECT MAX(p.change_index) FROM payloads p JOIN requests r ON r.id = p.request_id "
                                  "WHERE r.wallet = $1 AND EXISTS (SELECT 1 FROM signatures s WHERE s.request_id = r.id)",
                                  wallet);
    return found.step() && !found.is_null(0) ? static_cast<std::uint32_t>(found.natural(0)) : 0;
}

std::optional<RequestDigest> RequestStore::digest_of_holder(const payments::SpendSlot& slot) const
{
    auto found = m_database.query("SELECT r.digest FROM slots s JOIN requests r ON r.id = s.request_id "
                                  "WHERE s.account = $1 AND s.slot = $2 AND s.released = 0",
                                  slot.owner, encode_sequence(slot));
    return found.step() ? std::optional{RequestDigest{found.array<32>(0)}} : std::nullopt;
}

std::vector<payments::SpendSlot> RequestStore::held_slots() const
{
    auto found = m_database.query("SELECT account, slot FROM slots WHERE released = 0 ORDER BY account, slot");
    std::vector<payments::SpendSlot> slots;
    while (found.step())
        slots.push_back(read_slot(found.blob(0), found.blob(1)));
    return slots;
}

bool ReceiptStore::has_receipt(const ByteArray<32>& digest) const
{
    return m_database.query("SELECT 1 FROM receipts WHERE digest = $1", digest).step();
}

void ReceiptStore::save_receipt(const KnownReceipt& receipt, UtcTime imported)
{
    m_database.run("INSERT INTO receipts (digest, artefact, imported_at) VALUES ($1, $2, $3)", receipt.digest, receipt.artefact,
                   imported.seconds);
}

std::optional<KnownReceipt> ReceiptStore::newest_of(const std::string& appliance) const
{
    auto found = m_database.query("SELECT r.digest, r.artefact FROM appliances a JOIN receipts r ON r.digest = a.receipt "
                                  "WHERE a.id = $1",
                                  appliance);
    if (!found.step())
        return std::nullopt;
    return KnownReceipt{found.array<32>(0), found.blob(1)};
}

void ReceiptStore::set_newest(const std::string& appliance, const ByteArray<32>& digest)
{
    m_database.run("INSERT INTO appliances (id, receipt) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET receipt = $2", appliance,
                   digest);
}

bool ReceiptStore::has_bundle(const BundleDigest& digest) const
{
    return m_database.query("SELECT 1 FROM bundles WHERE digest = $1", digest.bytes()).step();
}

void ReceiptStore::save_bundle(const BundleDigest& digest, UtcTime exported, const std::map<std::string, std::uint64_t>& heads)
{
    if (has_bundle(digest))
        return;
    m_database.run("INSERT INTO bundles (digest, exported_at) VALUES ($1, $2)", digest.bytes(), exported.seconds);
    for (const auto& [source, size] : heads)
        m_database.run("INSERT INTO bundle_heads (bundle, source, size) VALUES ($1, $2, $3)", digest.bytes(), source, size);
}

std::optional<std::uint64_t> ReceiptStore::head_shown(const BundleDigest& digest, const std::string& appliance) const
{
    auto found = m_database.query("SELECT size FROM bundle_heads WHERE bundle = $1 AND source = $2", digest.bytes(), appliance);
    return found.step() ? std::optional{found.natural(0)} : std::nullopt;
}

std::optional<Bytes> ReceiptStore::head_of(const std::string& source) const
{
    auto found = m_database.query("SELECT artefact FROM heads WHERE source = $1", source);
    return found.step() ? std::optional{found.blob(0)} : std::nullopt;
}

void ReceiptStore::save_head(const std::string& source, std::uint64_t size, ByteView artefact)
{
    m_database.run("INSERT INTO heads (source, size, artefact) VALUES ($1, $2, $3) "
                   "ON CONFLICT (source) DO UPDATE SET size = $2, artefact = $3",
                   source, size, artefact);
}

} // namespace coffer::requests
