#include "core/requests/vault_ledger.h"

#include "core/artefacts/artefact.h"
#include "core/base/byte_writer.h"
#include "core/crypto/mac.h"
#include "core/encoding/hex.h"
#include "core/keys/derivation.h"

#include <algorithm>

namespace coffer::requests {

namespace {

using namespace vault;

constexpr std::string_view head_entry = "head";

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>; // clang 14 does not deduce it for aggregates

Bytes authenticate(const SecretBytes& key, const audit::Head& head)
{
    const auto body = std::move(ByteWriter{}.write_u64_be(head.size).write(head.root.bytes())).bytes();
    const auto mac = crypto::hmac_sha256(key.reveal(), artefacts::domain_separated("ledger-head", body));
    return {mac.begin(), mac.end()};
}

void write_head(storage::Database& database, const SecretBytes& key, const audit::Head& head)
{
    database.run("INSERT INTO meta(key, value) VALUES($1, $2) ON CONFLICT(key) DO UPDATE SET value = excluded.value", head_entry,
                 ByteView{authenticate(key, head)});
}

void insert_record(storage::Database& database, std::uint64_t sequence, ByteView event)
{
    database.run("INSERT INTO log(sequence, event) VALUES($1, $2)", static_cast<std::int64_t>(sequence), event);
}

Error foreign_ledger()
{
    return Error{ErrorCode::binding, "the ledger is not what this appliance last wrote: a record was changed, added or cut off, or it "
                                     "belongs to another home",
                 "sign nothing with this appliance; keep it as it is and tell compliance"};
}

} // namespace

void VaultLedger::found(storage::Database& database, const SecretBytes& key, const std::vector<Bytes>& records)
{
    audit::MerkleTree tree;
    auto transaction = database.begin_immediate();
    for (const auto& record : records) {
        insert_record(database, tree.size(), record);
        tree.append(audit::hash_leaf(record));
    }
    write_head(database, key, tree.head());
    transaction.commit();
}

VaultLedger::VaultLedger(storage::Database& database, std::optional<SecretBytes> key)
    : m_database{database}, m_key{std::move(key)}
{
    std::vector<Bytes> events;
    std::optional<Bytes> authenticator;
    {
        auto transaction = database.begin_read();
        auto rows = database.query("SELECT sequence, event FROM log ORDER BY sequence");
        while (rows.step()) {
            if (rows.natural(0) != events.size())
                throw Error{ErrorCode::log_chain, "record " + std::to_string(events.size()) + " of the log is missing"};
            events.push_back(rows.blob(1));
        }
        auto head_row = database.query("SELECT value FROM meta WHERE key = $1", head_entry);
        if (head_row.step())
            authenticator = head_row.blob(0);
    }
    for (const auto& event : events) {
        m_leaves.push_back(audit::hash_leaf(event));
        m_tree.append(m_leaves.back());
    }
    if (events.empty())
        throw Error{ErrorCode::db_corrupt, "the ledger is empty; `coffer-cold init` has not finished"};
    if (m_key && (!authenticator || *authenticator != authenticate(*m_key, m_tree.head())))
        throw foreign_ledger();
    for (std::size_t i = 0; i < events.size(); ++i)
        replay(i, events[i]);
    if (!m_identity)
        throw Error{ErrorCode::db_corrupt, "the ledger does not begin with the making of the home"};
}

/// Every record was read and applied before it was stored: one that cannot be now was changed.
void VaultLedger::replay(std::size_t number, ByteView event)
{
    try {
        const auto record = decode_record(event);
        apply(record.time, record.event);
    } catch (const Error& error) {
        if (error.exit_status() == ExitStatus::integrity)
            throw;
        throw Error{ErrorCode::log_chain, "record " + std::to_string(number) + " of the log: " + error.message(),
                    "sign nothing with this appliance; keep it as it is and tell compliance"};
    }
}

void VaultLedger::append(const std::vector<Record>& records)
{
    require(m_key.has_value(), "append to a locked ledger");
    if (records.empty())
        return;
    auto tree = m_tree;
    auto leaves = m_leaves;
    auto transaction = m_database.begin_immediate();
    auto count = m_database.query("SELECT count(*) FROM log");
    require(count.step(), "count without a row");
    if (count.natural(0) != tree.size())
        throw Error{ErrorCode::busy, "another session has written to this ledger meanwhile", "run the command again"};
    for (const auto& record : records) {
        const auto bytes = encode(record);
        insert_record(m_database, tree.size(), bytes);
        leaves.push_back(audit::hash_leaf(bytes));
        tree.append(leaves.back());
    }
    write_head(m_database, *m_key, tree.head());
    transaction.commit();
    m_tree = std::move(tree);
    m_leaves = std::move(leaves);
    for (const auto& record : records)
        apply(record.time, record.event);
}

/// Terms of amendments were judged when they came.
template <typename Work>
void VaultLedger::continue_chain(UtcTime time, Work work)
{
    if (!m_chain)
        throw Error{ErrorCode::binding, "the log links an entry before a charter was pinned"};
    const auto before = m_chain->position();
    work(*m_chain);
    if (m_chain->has_changed_since(before.number) || !m_chain->contains(before))
        note_charter(time);
}

void VaultLedger::note_charter(UtcTime time)
{
    for (const auto& appliance : m_chain->charter().appliances)
        for (const auto& key : appliance.keys)
            m_named.insert(encoding::encode_hex(keys::KeyOrigin::parse(key.origin).fingerprint.bytes()));
    std::map<std::string, std::pair<Bytes, UtcTime>> book;
    for (const auto& entry : m_chain->charter().destinations) {
        const auto known = m_address_book.find(entry.id);
        const bool is_same = known != m_address_book.end() && known->second.first == entry.address;
        book.emplace(entry.id, std::pair{entry.address, is_same ? known->second.second : time});
    }
    m_address_book = std::move(book);
}

const KeyMade* VaultLedger::find_key(std::string_view id) const
{
    const auto found = std::ranges::find(m_keys, id, &KeyMade::id);
    return found == m_keys.end() ? nullptr : &*found;
}

std::map<std::string, UtcTime> VaultLedger::address_book_since() const
{
    std::map<std::string, UtcTime> since;
    for (const auto& [id, entry] : m_address_book)
        since.emplace(id, entry.second);
    return since;
}

const charter::Appliance* VaultLedger::self() const
{
    if (!m_chain)
        return nullptr;
    const auto& appliances = m_chain->charter().appliances;
    const auto found = std::ranges::find(appliances, *m_identity, &charter::Appliance::key);
    return found == appliances.end() ? nullptr : &*found;
}

const charter::PolicyChain& VaultLedger::require_chain() const
{
    if (!m_chain)
        throw Error{ErrorCode::binding, "this appliance has no charter yet", "pin the first one: coffer-cold pin SEALED"};
    return *m_chain;
}

void VaultLedger::apply(UtcTime time, const Event& event)
{
    ++m_applied;
    std::visit(Overloaded{
                   [&](const HomeMade& e) {
                       m_environment = artefacts::parse_environment(e.environment);
                       m_identity = artefacts::ApprovalKey::parse(e.identity);
                       m_last_time = time;
                   },
                   [&](const Pinned& e) {
                       m_chain = charter::PolicyChain::found(e.charter);
                       note_charter(time);
                   },
                   [&](const KeyMade& e) { m_keys.push_back(e); },
                   [&](const ShareSetBegun& e) { m_shares.begin(time, e.set); },
                   [&](const ShareSetKept& e) { m_shares.keep(time, e.set); },
                   [](const WordsShown&) {},
                   [&](const SharesDrilled& e) {
                       std::vector<Hash256> shares;
                       for (const auto& [share, person] : e.shown)
                           shares.push_back(share);
                       m_shares.see(time, e.set, shares);
                   },
                   [&](const Linked& e) {
                       continue_chain(time, [&](charter::PolicyChain& chain) { chain.apply(e.link, std::nullopt); });
                   },
                   [&](const BranchTaken& e) {
                       continue_chain(time, [&](charter::PolicyChain& chain) { chain.follow(e.links, std::nullopt); });
                   },
                   [&](const EntrySeen& e) { m_entries_seen.emplace(e.entry, time); },
                   [&](const FrozenHere& e) {
                       const auto entry = charter::decode_entry(artefacts::Artefact::decode(e.entry, artefacts::Kind::entry));
                       if (!std::holds_alternative<charter::Freeze>(entry))
                           throw Error{ErrorCode::malformed, "the entry of a freeze is a " + std::string{charter::name_of(entry)}};
                       m_freezes_here.push_back(e.entry);
                   },
                   [&](const FirstSeen& e) { m_first_seen.emplace(e.request, time); },
                   [&](const RejectionSeen& e) { m_rejecters[e.request].insert(e.officer); },
                   [&](const SessionBegun& e) {
                       m_sessions = e.number;
                       m_last_time = time;
                   },
                   [&](const Intended& e) { note_intent(time, e); },
                   [&](const Signed& e) { m_signed.emplace(e.request, e); },
                   [&](const Refused&) {},
                   [&](const Declined&) {},
                   [&](const ReceiptMade& e) {
                       m_size_after_last_session = m_applied;
                       if (e.all_signed)
                           m_complete_receipts.insert_or_assign(e.bundle, e);
                   },
                   [&](const ClockSet& e) { set_clock(time, {e.offset_seconds}); },
                   [&](const Restored& e) { m_identity = artefacts::ApprovalKey::parse(e.identity); },
               },
               event);
}

void VaultLedger::note_intent(UtcTime time, const Intended& intended)
{
    m_ids.emplace(intended.id, intended.request);
    if (intended.change) {
        auto& highest = m_highest_change[intended.change->wallet];
        highest = std::max(highest, intended.change->index);
    }
    for (const auto& slot : intended.slots) {
        m_slots.insert_or_assign(slot, intended.request); // a replacement takes over what it replaces
        if (!slot.sequence)
            continue;
        auto& highest = m_highest_sequence.emplace(slot.owner, *slot.sequence).first->second;
        highest = std::max(highest, *slot.sequence);
    }
    if (intended.outflow) { // of a rerun: it counts from when it is signed
        m_charged.insert(intended.request);
        m_outflows.insert_or_assign(intended.request, policy::PastOutflow{time, *intended.outflow});
    }
}

/// A step forward credits at most longest_gap; a step back makes every window full, so that what was charged before it, under times that
/// mean nothing any more, is over when the windows are open again. What standing orders paid in all stays, as of the step.
void VaultLedger::set_clock(UtcTime time, Duration offset)
{
    if (time - m_last_time > longest_gap) {
        const auto uncredited = (time - m_last_time) - longest_gap;
        m_uncredited_steps.emplace_back(time, uncredited);
        for (auto& [request, past] : m_outflows)
            past.time = past.time + uncredited;
        if (m_stepped_back)
            m_stepped_back = *m_stepped_back + uncredited;
    }
    if (time < m_last_time) {
        std::erase_if(m_outflows, [](const auto& one) { return !one.second.outflow.order; });
        for (auto& [request, past] : m_outflows)
            past.time = time;
        m_stepped_back = time;
    }
    m_clock_offset = offset;
    m_last_time = time;
    m_clock_was_set = true;
}

policy::Windows VaultLedger::windows(const charter::PolicyChain& chain) const
{
    policy::Windows windows{chain.charter(), chain.orders()};
    if (windows.is_empty())
        return windows;
    std::vector<const policy::PastOutflow*> past;
    for (const auto& [request, outflow] : m_outflows)
        past.push_back(&outflow);
    std::ranges::stable_sort(past, {}, [](const auto* one) { return one->time; });
    for (const auto* one : past)
        windows.add(one->time, one->outflow);
    if (m_stepped_back)
        windows.fill(*m_stepped_back);
    return windows;
}

const policy::PastOutflow* VaultLedger::find_unsigned_outflow(const RequestDigest& request) const
{
    const auto found = m_outflows.find(request);
    return found == m_outflows.end() || m_signed.contains(request) ? nullptr : &found->second;
}

bool VaultLedger::has_counted(const RequestDigest& request) const
{
    return m_charged.contains(request) && m_signed.contains(request);
}

std::optional<UtcTime> VaultLedger::first_seen(const RequestDigest& request) const
{
    const auto found = m_first_seen.find(request);
    return found == m_first_seen.end() ? std::nullopt : std::optional{found->second};
}

Duration VaultLedger::known_for(const RequestDigest& request, UtcTime now) const
{
    const auto seen = first_seen(request);
    return seen ? credited_since(*seen, now) : Duration{};
}

std::optional<Duration> VaultLedger::entry_known_for(const EntryHash& entry, UtcTime now) const
{
    const auto seen = m_entries_seen.find(entry);
    return seen == m_entries_seen.end() ? std::nullopt : std::optional{credited_since(seen->second, now)};
}

Duration VaultLedger::credited_since(UtcTime since, UtcTime now) const
{
    if (now < since)
        return {};
    auto known = now - since;
    for (const auto& [at, uncredited] : m_uncredited_steps)
        if (since <= at)
            known = known - uncredited;
    return std::max(known, Duration{});
}

std::optional<UtcTime> VaultLedger::frozen_here(const charter::PolicyChain& chain, const std::string& wallet) const
{
    std::optional<UtcTime> until;
    for (const auto& bytes : m_freezes_here) {
        const auto artefact = artefacts::Artefact::decode(bytes, artefacts::Kind::entry);
        if (chain.is_lifted(EntryHash{artefact.hash()}))
            continue;
        const auto freeze = std::get<charter::Freeze>(charter::decode_entry(artefact));
        if (std::ranges::find(freeze.wallets, wallet) != freeze.wallets.end() && (!until || *until < freeze.until))
            until = freeze.until;
    }
    return until;
}

std::vector<std::string> VaultLedger::rejecters(const RequestDigest& request) const
{
    const auto found = m_rejecters.find(request);
    if (found == m_rejecters.end())
        return {};
    return {found->second.begin(), found->second.end()};
}

const Signed* VaultLedger::find_signed(const RequestDigest& request) const
{
    const auto found = m_signed.find(request);
    return found == m_signed.end() ? nullptr : &found->second;
}

std::optional<RequestDigest> VaultLedger::find_id(const RequestId& id) const
{
    const auto found = m_ids.find(id);
    return found == m_ids.end() ? std::nullopt : std::optional{found->second};
}

std::optional<RequestDigest> VaultLedger::holder_of(const payments::SpendSlot& slot) const
{
    const auto found = m_slots.find(slot);
    return found == m_slots.end() ? std::nullopt : std::optional{found->second};
}

std::uint32_t VaultLedger::highest_change(const std::string& wallet) const
{
    const auto known = m_highest_change.find(wallet);
    return known == m_highest_change.end() ? 0 : known->second;
}

std::optional<std::uint64_t> VaultLedger::highest_sequence(const Bytes& owner) const
{
    const auto found = m_highest_sequence.find(owner);
    return found == m_highest_sequence.end() ? std::nullopt : std::optional{found->second};
}

const ReceiptMade* VaultLedger::find_complete_receipt(const BundleDigest& bundle) const
{
    const auto found = m_complete_receipts.find(bundle);
    return found == m_complete_receipts.end() ? nullptr : &found->second;
}

audit::Head VaultLedger::head_at(std::uint64_t size) const
{
    if (size > m_leaves.size())
        throw Error{ErrorCode::ledger_rollback, "this appliance signed a log of " + std::to_string(size) +
                                                    " records, and now holds " + std::to_string(m_leaves.size()),
                    "an older image of the appliance was put back; sign nothing and tell compliance"};
    return {size, audit::merkle_root(std::span{m_leaves}.first(static_cast<std::size_t>(size)))};
}

std::vector<Hash256> VaultLedger::consistency_from(std::uint64_t size) const
{
    return audit::consistency_proof(m_leaves, size);
}

std::vector<Bytes> VaultLedger::records() const
{
    auto transaction = m_database.begin_read();
    std::vector<Bytes> records;
    auto rows = m_database.query("SELECT event FROM log ORDER BY sequence");
    while (rows.step())
        records.push_back(rows.blob(0));
    return records;
}

} // namespace coffer::requests
