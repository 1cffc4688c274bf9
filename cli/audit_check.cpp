#include "cli/audit_check.h"

#include "cli/audit_text.h"
#include "core/audit/log.h"
#include "core/base/text.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"
#include "core/requests/head.h"
#include "core/requests/request_check.h"
#include "core/requests/request_store.h"
#include "formats/bundle/receipt.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace coffer::cli {

namespace {

using artefacts::ApprovalKey;
using artefacts::Artefact;
using artefacts::Kind;
using encoding::encode_hex;

/// Between two looks at the clock within one change.
constexpr Duration longest_step{60};
constexpr std::string_view keep_and_tell = "keep the home as it is and tell compliance";

bool is_of_one_step(UtcTime a, UtcTime b)
{
    return a - b <= longest_step && b - a <= longest_step;
}

Error tampered(const std::string& table, const std::string& row, const std::string& what)
{
    return {ErrorCode::db_tamper, "table " + table + ", row " + row + ": " + what, std::string{keep_and_tell}};
}

Error truncated(const std::string& what)
{
    return {ErrorCode::log_truncated, what + ", and no record of the audit log tells of it", std::string{keep_and_tell}};
}

/// Says which row it is, once.
Error about_row(const RequestId& id, const Error& error)
{
    const auto name = format_uuid(id);
    std::string_view words = error.message();
    if (const auto already = "request " + name + ": "; words.starts_with(already))
        words.remove_prefix(already.size());
    return {error.code(), "table requests, row " + name + ": " + std::string{words}, std::string{keep_and_tell}};
}

audit::Head head_of(const Artefact& artefact, const std::vector<ApprovalKey>& keys)
{
    const auto head = requests::decode_head(artefact);
    if (head.source != requests::online_source)
        throw Error{ErrorCode::type, "the head is of the log of " + coffer::quoted(head.source) + ", not of this home's"};
    if (std::ranges::none_of(keys, [&](const auto& key) { return artefact.is_signed_by(key); }))
        throw Error{ErrorCode::sig_verify, "the head is not signed by the audit key of a charter of this home"};
    return {head.size, head.root};
}

std::uint64_t number_of(const Json& json, std::string_view name)
{
    const auto* found = json.find(name);
    if (found == nullptr || found->number() == nullptr)
        throw Error{ErrorCode::malformed, "the first line has no " + std::string{name}};
    return std::stoull(*found->number());
}

/// The lines of `audit export`: the head, then records, all of which must fit together.
std::vector<audit::Head> anchors_of_export(std::string_view text, const std::vector<ApprovalKey>& keys)
{
    const auto lines = split(text, '\n');
    const auto first = Json::parse(lines.front());
    const auto* root = first.find("root");
    if (root == nullptr || root->text() == nullptr)
        throw Error{ErrorCode::type, "the file is neither a head, a bundle nor an export of the audit log"};
    const audit::Head claimed{number_of(first, "size"), Hash256::from(encoding::decode_hex(*root->text()), "root")};
    audit::MerkleTree tree;
    Hash256 previous;
    for (std::size_t i = 1; i < lines.size() && !lines[i].empty(); ++i) {
        const auto record = import_record(Json::parse(lines[i]));
        audit::verify_record(record, i - 1, previous);
        previous = record.hash;
        tree.append(audit::leaf_of(record));
    }
    if (!(tree.head() == claimed))
        throw Error{ErrorCode::log_chain, "the records in the file do not add up to its head of " + std::to_string(claimed.size)};
    if (const auto* head = first.find("head"); head != nullptr && head->text() != nullptr) {
        const auto signed_head = head_of(Artefact::decode(encoding::decode_hex(*head->text()), Kind::head), keys);
        if (!(signed_head == claimed))
            throw Error{ErrorCode::log_chain, "the signed head in the file is not that of its records"};
    }
    return {claimed};
}

/// What the log says must be in the tables.
struct Told {
    std::set<Bytes> charters;
    std::set<Bytes> receipts;
    std::set<Bytes> bundles;
    std::map<RequestId, Bytes> requests;
    std::set<Bytes> exported; ///< request digests
    std::map<RequestId, UtcTime> proposed;
    std::map<RequestId, std::set<UtcTime>> approved; ///< when each got its last needed vote
    std::map<RequestId, std::set<UtcTime>> expired;
    UtcTime newest; ///< of the last record
    /// By request, officer and decision: the newest vote.
    std::map<std::tuple<RequestId, std::string, std::string>, Bytes> votes;
};

Bytes bytes_in(const audit::Event& event, std::string_view name)
{
    for (const auto& detail : event.details)
        if (detail.name == name)
            if (const auto* bytes = std::get_if<Bytes>(&detail.value))
                return *bytes;
    return {};
}

std::string text_in(const audit::Event& event, std::string_view name)
{
    for (const auto& detail : event.details)
        if (detail.name == name)
            if (const auto* text = std::get_if<std::string>(&detail.value))
                return *text;
    return {};
}

Told read_log(audit::AuditLog& log)
{
    Told told;
    log.for_each([&](const audit::Record& record) {
        const auto event = audit::decode_event(record.event);
        told.newest = record.time;
        if (event.type == "charter.adopted")
            told.charters.insert(bytes_in(event, "charter"));
        else if (event.type == "receipt.imported")
            told.receipts.insert(bytes_in(event, "receipt"));
        else if (event.type == "bundle.exported" || event.type == "request.exported") {
            told.bundles.insert(bytes_in(event, "bundle"));
            if (const auto request = event.subject ? told.requests.find(*event.subject) : told.requests.end(); request != told.requests.end())
                told.exported.insert(request->second);
        }
        else if (event.type == "request.proposed" && event.subject) {
            told.requests[*event.subject] = bytes_in(event, "digest");
            told.proposed[*event.subject] = record.time;
        }
        else if (event.type == "request.pending_signature" && event.subject)
            told.approved[*event.subject].insert(record.time);
        else if (event.type == "request.expired" && event.subject)
            told.expired[*event.subject].insert(record.time);
        else if (event.type == "vote.recorded" && event.subject)
            told.votes[{*event.subject, event.actor, text_in(event, "decision")}] = bytes_in(event, "vote");
    });
    return told;
}

class Verification {
public:
    Verification(Home& home, const std::vector<audit::Head>& anchors) : m_home{home}, m_anchors{anchors} {}

    AuditReport run()
    {
        // One view of the database for everything.
        auto transaction = m_home.database().begin_read();
        attempt([&] { m_report.count.head = m_home.audit().verify(transaction, m_anchors); });
        attempt([&] {
            m_told = read_log(m_home.audit());
            require_clock_not_behind();
        });
        attempt([&] {
            if (!m_home.has_charter())
                return;
            m_chain = &m_home.chain();
            read_keys();
        });
        if (m_chain == nullptr) {
            attempt([&] { verify_nothing_without_charter(); });
            return std::move(m_report);
        }
        m_report.count.links = m_chain->links().size();
        attempt_in("charters", [&] { verify_charters(); });
        attempt_in("requests", [&] { verify_requests(); });
        attempt_in("votes", [&] { verify_votes(); });
        attempt_in("receipts", [&] { verify_receipts(); });
        attempt_in("bundles", [&] { verify_bundles(); });
        attempt_in("heads", [&] { verify_heads(transaction); });
        attempt_in("appliances", [&] { verify_appliances(); });
        return std::move(m_report);
    }

private:
    /// What is found does not keep the rest from being looked at.
    void attempt(const std::function<void()>& work)
    {
        try {
            work();
        } catch (const Error& error) {
            find(error);
        }
    }
    void require_clock_not_behind() const
    {
        if (m_home.now() + requests::tolerated_ahead < m_told.newest)
            throw Error{ErrorCode::clock, "the newest record of the audit log is dated " + format_time(m_told.newest) +
                                              ", more than 10 minutes after " + format_time(m_home.now()),
                        "compare this machine's clock with a watch: it is behind, or was ahead then; the next record under a right clock mends it"};
    }
    /// The same over rows of a table: what was stored there could be decoded then, so that it was changed when it cannot be now.
    void attempt_in(std::string_view table, const std::function<void()>& work)
    {
        attempt([&] {
            try {
                work();
            } catch (const Error& error) {
                if (error.exit_status() != ExitStatus::malformed && error.exit_status() != ExitStatus::policy)
                    throw;
                throw Error{ErrorCode::db_tamper, "table " + std::string{table} + ": " + error.message(), std::string{keep_and_tell}};
            }
        });
    }
    void find(Error error) { m_report.findings.push_back(std::move(error)); }

    /// Keys of every charter that was ever in force: what they signed then stays signed.
    void read_keys()
    {
        for (const auto& link : m_chain->links()) {
            const auto artefact = Artefact::decode_any(link.artefact);
            if (artefact.kind() == Kind::entry)
                read_enrolled(charter::decode_entry(artefact));
            if (artefact.kind() != Kind::charter)
                continue;
            const auto opened = charter::open(artefact);
            m_charters.emplace_back(opened.version, charter::hash_of(artefact));
            for (const auto& appliance : opened.appliances)
                m_appliances[appliance.id].push_back(appliance.key);
            m_audit_keys.push_back(opened.audit_key);
        }
    }

    void read_enrolled(const charter::Entry& entry)
    {
        if (const auto* enrolled = std::get_if<charter::ApplianceEnrolled>(&entry))
            m_appliances[enrolled->appliance].push_back(enrolled->key);
    }

    bool is_signed_by_appliance(const Artefact& artefact, const std::string& id) const
    {
        const auto found = m_appliances.find(id);
        return found != m_appliances.end() &&
               std::ranges::any_of(found->second, [&](const auto& key) { return artefact.is_signed_by(key); });
    }

    void verify_nothing_without_charter()
    {
        for (const std::string table : {"charters", "requests", "receipts", "bundles"}) {
            auto row = m_home.database().query("SELECT 1 FROM " + table + " LIMIT 1");
            if (row.step())
                find(tampered(table, "1", "is there although no charter is in force"));
        }
        if (!m_told.charters.empty())
            find(tampered("links", "0", "is missing: the log tells that a charter was adopted"));
    }

    void verify_charters()
    {
        std::size_t count = 0;
        auto row = m_home.database().query("SELECT version, hash, sealed FROM charters ORDER BY version");
        while (row.step()) {
            const auto name = std::to_string(row.natural(0));
            const auto sealed = row.blob(2);
            const auto artefact = Artefact::decode(sealed, Kind::charter);
            const auto is_linked = std::ranges::any_of(m_chain->links(), [&](const auto& link) { return link.artefact == sealed; });
            if (!is_linked)
                find(tampered("charters", name, "its charter is not the one in the policy chain"));
            if (row.natural(0) != charter::open(artefact).version)
                find(tampered("charters", name, "column `version` does not say what the signed bytes say"));
            if (row.blob(1) != to_bytes(artefact.hash()))
                find(tampered("charters", name, "column `hash` does not say what the signed bytes say"));
            ++count;
        }
        if (count != m_charters.size())
            find(tampered("charters", std::to_string(count + 1), "the policy chain has " + std::to_string(m_charters.size()) +
                                                                     " charters, the table has " + std::to_string(count)));
        for (const auto& [version, hash] : m_charters)
            if (!m_told.charters.contains(to_bytes(hash.bytes())))
                find(truncated("charter version " + std::to_string(version) + " is in force"));
        for (const auto& hash : m_told.charters)
            if (std::ranges::none_of(m_charters, [&](const auto& known) { return equal(known.second.bytes(), hash); }))
                find(tampered("links", std::to_string(m_chain->links().size()),
                              "is missing: the log tells that charter " + encode_hex(hash) + " was adopted"));
    }

    /// The policy chain as it was until the charter was amended for the first time after this position.
    charter::PolicyChain chain_of(const charter::Position& position) const
    {
        const auto& links = m_chain->links();
        auto chain = charter::PolicyChain::found(links.front().artefact);
        for (std::size_t i = 1; i < links.size(); ++i) {
            if (i > position.number && Artefact::decode_any(links[i].artefact).kind() == Kind::charter)
                break;
            chain.apply(links[i], std::nullopt);
        }
        return chain;
    }

    /// Windows of limits count from the last needed vote; where none was needed, or before there were windows, from the proposal.
    void verify_charge(const requests::StoredCharge& charge, UtcTime created) const
    {
        const auto is_near = [&](UtcTime time) { return is_of_one_step(time, charge.at); };
        const auto told = m_told.approved.find(charge.id);
        const bool is_told = told != m_told.approved.end() && std::ranges::any_of(told->second, is_near);
        const auto proposed = m_told.proposed.find(charge.id);
        const bool is_of_proposal = is_near(created) || (proposed != m_told.proposed.end() && is_near(proposed->second));
        const bool counts_from_proposal = told == m_told.approved.end() || charge.outflow.empty();
        if (!is_told && !(counts_from_proposal && is_of_proposal))
            throw tampered("charges", format_uuid(charge.id), "column `at` does not say what the log tells");
    }

    void verify_request(requests::RequestStore& store, const RequestId& id)
    {
        const auto stored = store.find(id);
        if (!stored)
            throw tampered("requests", format_uuid(id), "cannot be read");
        if (stored->charge)
            attempt([&] { verify_charge(*stored->charge, stored->row.created); });
        const auto slots = store.slots_of(id);
        try {
            static_cast<void>(requests::check(*m_chain, *stored, slots, m_home.now()));
        } catch (const Error& error) {
            if (error.exit_status() == ExitStatus::integrity)
                throw about_row(id, error);
            // Whoever requested it may have left since: then the charter of its time decides.
            const auto request = requests::decode_request(Artefact::decode(stored->artefact, Kind::request));
            const auto then = chain_of(request.position);
            if (then.charter_hash() == m_chain->charter_hash())
                throw tampered("requests", format_uuid(id), error.message());
            static_cast<void>(requests::check(then, *stored, slots, m_home.now()));
        }
    }

    /// Of rows from before this column it is the end of the request's time.
    void verify_expiry(const requests::RequestRow& row) const
    {
        const auto told = m_told.expired.find(row.id);
        const auto is_near = [&](UtcTime time) { return is_of_one_step(time, *row.expired); };
        if (told == m_told.expired.end() || !(*row.expired == row.expires || std::ranges::any_of(told->second, is_near)))
            throw tampered("requests", format_uuid(row.id), "column `expired_at` does not say what the log tells");
    }

    void verify_requests()
    {
        requests::RequestStore store{m_home.database()};
        std::set<RequestId> present;
        for (const auto& row : store.list(std::nullopt)) {
            present.insert(row.id);
            ++m_report.count.requests;
            attempt([&] { verify_request(store, row.id); });
            const auto told = m_told.requests.find(row.id);
            if (told == m_told.requests.end())
                find(truncated("request " + format_uuid(row.id) + " is in the database"));
            else if (!equal(told->second, row.digest.bytes()))
                find(tampered("requests", format_uuid(row.id), "its digest is not the one that the log tells of"));
            if (row.expired)
                attempt([&] { verify_expiry(row); });
            if (row.exported.has_value() != m_told.exported.contains(to_bytes(row.digest.bytes())))
                find(tampered("requests", format_uuid(row.id), "column `exported_at` does not say what the log tells"));
        }
        for (const auto& [id, digest] : m_told.requests)
            if (!present.contains(id))
                find(tampered("requests", format_uuid(id), "is missing: the log tells that it was proposed"));
    }

    void verify_votes()
    {
        std::set<std::tuple<RequestId, std::string, std::string>> present;
        auto row = m_home.database().query("SELECT request_id, officer, decision, artefact FROM votes");
        while (row.step()) {
            const auto id = RequestId{row.array<16>(0)};
            const auto name = format_uuid(id) + " " + escaped(row.text(1)) + " " + escaped(row.text(2));
            ++m_report.count.votes;
            const std::tuple key{id, row.text(1), row.text(2)};
            present.insert(key);
            const auto told = m_told.votes.find(key);
            const auto artefact = Artefact::decode(row.blob(3), Kind::vote);
            if (told == m_told.votes.end())
                find(truncated("vote " + name + " is in the database"));
            else if (!equal(told->second, artefact.hash()))
                find(tampered("votes", name, "is another vote than the log tells of"));
        }
        for (const auto& [key, hash] : m_told.votes)
            if (!present.contains(key))
                find(tampered("votes", format_uuid(std::get<0>(key)) + " " + escaped(std::get<1>(key)) + " " + escaped(std::get<2>(key)),
                              "is missing: the log tells that it was recorded"));
    }

    void verify_receipts()
    {
        std::set<Bytes> present;
        auto row = m_home.database().query("SELECT digest, artefact FROM receipts");
        while (row.step()) {
            ++m_report.count.receipts;
            const auto digest = row.blob(0);
            const auto name = encode_hex(digest);
            present.insert(digest);
            attempt_in("receipts, row " + name, [&] { verify_receipt(name, digest, Artefact::decode(row.blob(1), Kind::receipt)); });
        }
        for (const auto& digest : m_told.receipts)
            if (!present.contains(digest))
                find(tampered("receipts", encode_hex(digest), "is missing: the log tells that it was imported"));
    }

    void verify_receipt(const std::string& name, const Bytes& digest, const Artefact& artefact)
    {
        const auto receipt = bundle::decode_receipt(artefact);
        if (digest != to_bytes(artefact.hash()))
            find(tampered("receipts", name, "column `digest` does not say what the signed bytes say"));
        if (!is_signed_by_appliance(artefact, receipt.appliance))
            find(tampered("receipts", name, "is not signed by appliance " + coffer::quoted(receipt.appliance)));
        m_of_appliance[receipt.appliance].insert(digest);
        if (!m_told.receipts.contains(digest))
            find(truncated("receipt " + name + " is in the database"));
        // A refusal is what an altered bundle should end in, and a carrier may pack what was exported anew: neither
        // tells of this home. What was signed and never exported does.
        for (const auto& result : receipt.results)
            if (result.outcome == bundle::Outcome::signed_ && !m_told.exported.contains(to_bytes(result.request.bytes())))
                find({ErrorCode::db_rollback, "receipt " + name + " of appliance " + receipt.appliance + " signs request " +
                                                  encode_hex(result.request.bytes()) + ", which no record of the audit log exports",
                      "the database was put back to an earlier state"});
        const auto [known, is_new] = m_logs[receipt.appliance].emplace(receipt.log_size, receipt.log_root);
        if (!is_new && known->second != receipt.log_root)
            find({ErrorCode::ledger_rollback, "appliance " + receipt.appliance + " has signed two heads of " +
                                                  std::to_string(receipt.log_size) + " records",
                  "two copies of the appliance are in use, or one was put back"});
    }

    /// Which receipt of an appliance is its newest: one of its own, for each that has any.
    void verify_appliances()
    {
        std::set<std::string> present;
        auto row = m_home.database().query("SELECT id, receipt FROM appliances");
        while (row.step()) {
            const std::string id{row.text(0)};
            present.insert(id);
            if (const auto own = m_of_appliance.find(id); own == m_of_appliance.end() || !own->second.contains(row.blob(1)))
                find(tampered("appliances", escaped(id), "names a receipt that is none of this appliance"));
        }
        for (const auto& [id, receipts] : m_of_appliance)
            if (!present.contains(id))
                find(tampered("appliances", escaped(id), "is missing: a receipt of the appliance was imported"));
    }

    void verify_bundles()
    {
        std::set<Bytes> present;
        auto row = m_home.database().query("SELECT digest FROM bundles");
        while (row.step()) {
            present.insert(row.blob(0));
            if (!m_told.bundles.contains(row.blob(0)))
                find(truncated("bundle " + encode_hex(row.blob(0)) + " is in the database"));
        }
        for (const auto& digest : m_told.bundles)
            if (!present.contains(digest))
                find(tampered("bundles", encode_hex(digest), "is missing: the log tells that it was exported"));
    }

    /// The newest known head of each log, against its signature and against the receipts.
    void verify_heads(const storage::Transaction& transaction)
    {
        auto row = m_home.database().query("SELECT source, size, artefact FROM heads");
        while (row.step()) {
            const auto source = row.text(0);
            const auto size = row.natural(1);
            const auto bytes = row.blob(2);
            attempt_in("heads, row " + escaped(source), [&] { verify_head(transaction, source, size, Artefact::decode(bytes, Kind::head)); });
        }
    }

    /// The size of the log in the newest receipt that was shown to continue the others: one whose bundle was
    /// under way at the same time as another's is not, and moves no head.
    std::uint64_t newest_proven(const std::string& source)
    {
        const auto receipt = requests::ReceiptStore{m_home.database()}.newest_of(source);
        return receipt ? bundle::decode_receipt(Artefact::decode(receipt->artefact, Kind::receipt)).log_size : 0;
    }

    void verify_head(const storage::Transaction& transaction, const std::string& source, std::uint64_t size, const Artefact& artefact)
    {
        const auto name = escaped(source);
        const auto head = requests::decode_head(artefact);
        if (head.source != source)
            find(tampered("heads", name, "column `source` does not say what the signed bytes say"));
        if (head.size != size)
            find(tampered("heads", name, "column `size` does not say what the signed bytes say"));
        if (head.source == requests::online_source) {
            const std::vector<audit::Head> anchor{head_of(artefact, m_audit_keys)};
            static_cast<void>(m_home.audit().verify(transaction, anchor));
            return;
        }
        if (!is_signed_by_appliance(artefact, head.source))
            find(tampered("heads", name, "is not signed by this appliance"));
        const auto newest = newest_proven(head.source);
        if (newest > head.size)
            find(tampered("heads", name, "has " + std::to_string(head.size) + " records, and a receipt of the appliance tells of " +
                                             std::to_string(newest)));
        const auto& known = m_logs[head.source];
        const auto same = known.find(head.size);
        if (same != known.end() && same->second != head.root)
            find(tampered("heads", name, "has another root than the receipt of " + std::to_string(head.size) + " records"));
    }

    Home& m_home;
    const std::vector<audit::Head>& m_anchors;
    AuditReport m_report;
    Told m_told;
    const charter::PolicyChain* m_chain = nullptr;
    std::vector<std::pair<std::uint64_t, CharterHash>> m_charters;
    std::map<std::string, std::vector<ApprovalKey>> m_appliances;
    std::vector<ApprovalKey> m_audit_keys;
    std::map<std::string, std::set<Bytes>> m_of_appliance; ///< receipts
    /// Heads that receipts tell of: by appliance, size and root.
    std::map<std::string, std::map<std::uint64_t, Hash256>> m_logs;
};

} // namespace

std::vector<audit::Head> load_anchors(const console::Invocation& invocation, const std::filesystem::path& file,
                                      const std::vector<ApprovalKey>& keys)
{
    const auto bytes = console::read_input(invocation, file, console::most_large_artefact_bytes);
    if (!Artefact::looks_like_one(bytes))
        return anchors_of_export(text_of(bytes), keys);
    const auto artefact = Artefact::decode_any(bytes);
    if (artefact.kind() == Kind::head)
        return {head_of(artefact, keys)};
    if (artefact.kind() == Kind::bundle) {
        const auto carried = bundle::decode_bundle(artefact);
        if (!carried.online_head.empty())
            return {head_of(Artefact::decode(carried.online_head, Kind::head), keys)};
    }
    throw Error{ErrorCode::type, "a coffer-" + std::string{artefacts::name_of(artefact.kind())} + " shows no head of this home's log"};
}

AuditReport verify_home(Home& home, const std::vector<audit::Head>& anchors)
{
    return Verification{home, anchors}.run();
}

} // namespace coffer::cli
