// A backup is the ledger, without keys: CBOR ["coffer-backup", 1, signed head, [record, …]].

#include "appliance/ceremony/presence.h"
#include "appliance/commands/commands.h"
#include "appliance/home_key.h"
#include "core/base/text.h"
#include "core/console/passphrase.h"
#include "core/console/streams.h"
#include "core/requests/head.h"
#include "core/storage/file.h"

#include <algorithm>

namespace coffer::appliance {

namespace {

using cbor::Value;
namespace vault = requests::vault;

constexpr std::string_view backup_type = "coffer-backup";
constexpr std::uint64_t backup_version = 1;
constexpr std::size_t most_backup_bytes = 256 * 1024 * 1024;

console::CommandResult backup(console::Invocation& invocation)
{
    const auto session = open_session(invocation);
    const auto& ledger = session.ledger();
    const auto head = ledger.head();
    artefacts::BodyHeader header{.environment = ledger.environment(), .treasury = {}};
    if (ledger.chain())
        header = ledger.chain()->charter().header;
    auto signed_head = encode(requests::Head{.header = header,
                                             .source = ledger.self() == nullptr ? std::string{} : ledger.self()->id,
                                             .size = head.size,
                                             .root = head.root,
                                             .time = session.now(invocation.environment().clock)});
    signed_head.sign(session.identity());
    Value::Array records;
    for (auto& record : ledger.records())
        records.emplace_back(std::move(record));
    const auto bytes =
        cbor::encode(Value{Value::Array{std::string{backup_type}, backup_version, signed_head.encode(), std::move(records)}});
    const auto file = invocation.path("FILE");
    console::write_output(invocation, file, bytes);
    console::CommandResult result;
    result.document.set("file", file.string()).set("log_size", head.size).set("head", short_head(head));
    result.text = {"Backup of " + std::to_string(head.size) + " records, without keys: " + file.string()};
    return result;
}

struct Backup {
    requests::Head head;
    artefacts::Artefact signed_head;
    std::vector<Bytes> records;
};

Backup decode_backup(ByteView bytes)
{
    const auto value = cbor::decode(bytes, {.most_bytes = most_backup_bytes, .most_depth = 8});
    const auto& parts = value.array("backup");
    if (parts.size() != 4 || parts[0].text("type") != backup_type)
        throw Error{ErrorCode::type, "this is not a backup of coffer-cold"};
    if (parts[1].number("version") != backup_version)
        throw Error{ErrorCode::schema, "backup version " + std::to_string(parts[1].number("version")) + " is unknown"};
    auto signed_head = artefacts::Artefact::decode(parts[2].bytes("head"), artefacts::Kind::head);
    Backup backup{.head = requests::decode_head(signed_head), .signed_head = std::move(signed_head), .records = {}};
    for (const auto& record : parts[3].array("records"))
        backup.records.push_back(record.bytes("record"));
    return backup;
}

/// Whose log it is, and the policy chain that it ends with; none before `pin`.
struct Origin {
    artefacts::ApprovalKey identity;
    artefacts::Environment environment;
    std::optional<charter::PolicyChain> chain;
};

Origin origin_of(const std::vector<Bytes>& records)
{
    std::optional<artefacts::ApprovalKey> identity;
    auto environment = artefacts::Environment::production;
    std::optional<charter::PolicyChain> chain;
    for (const auto& bytes : records) {
        const auto record = vault::decode_record(bytes);
        if (const auto* made = std::get_if<vault::HomeMade>(&record.event)) {
            identity = artefacts::ApprovalKey::parse(made->identity);
            environment = artefacts::parse_environment(made->environment);
        }
        if (const auto* restored = std::get_if<vault::Restored>(&record.event))
            identity = artefacts::ApprovalKey::parse(restored->identity);
        if (const auto* pinned = std::get_if<vault::Pinned>(&record.event))
            chain = charter::PolicyChain::found(pinned->charter);
        if (const auto* linked = std::get_if<vault::Linked>(&record.event); linked != nullptr && chain)
            chain->apply(linked->link, std::nullopt);
        if (const auto* taken = std::get_if<vault::BranchTaken>(&record.event); taken != nullptr && chain)
            chain->follow(taken->links, std::nullopt);
    }
    if (!identity)
        throw Error{ErrorCode::malformed, "the backup's log does not begin with the making of a home"};
    return {std::move(*identity), environment, std::move(chain)};
}

/// Before its records are read, so that a change to one of them is called what it is.
void require_whole(const Backup& backup)
{
    std::vector<Hash256> leaves;
    for (const auto& record : backup.records)
        leaves.push_back(audit::hash_leaf(record));
    if (backup.head.size != leaves.size() || backup.head.root != audit::merkle_root(leaves))
        throw Error{ErrorCode::log_chain, "the backup is not what its appliance signed"};
}

void require_signed(const Backup& backup, const Origin& origin)
{
    if (!backup.signed_head.is_signed_by(origin.identity))
        throw Error{ErrorCode::log_chain, "the backup is not what its appliance signed"};
}

/// A backup is signed by a key that it names itself: anybody can make one of a charter of their own. So a person
/// says which charter is meant, as at `pin`, and that charter whose log this is.
void require_trusted(console::Invocation& invocation, const Origin& origin)
{
    if (!origin.chain)
        return;
    const auto& appliances = origin.chain->charter().appliances;
    if (std::ranges::find(appliances, origin.identity, &charter::Appliance::key) == appliances.end())
        throw Error{ErrorCode::binding, "the backup is of an appliance that its own charter does not name: " + origin.identity.format()};
    require_charter_hash(invocation.environment().terminal, invocation.find("hash"), origin.chain->charter_hash());
}

console::CommandResult restore(console::Invocation& invocation)
{
    auto& environment = invocation.environment();
    const auto home = home_of(invocation);
    if (home.exists())
        throw Error{ErrorCode::exists, "there is already an appliance in " + storage::quoted(home.folder())};
    auto backup = decode_backup(
        console::read_input(invocation, console::path_of(invocation, invocation.text("FILE")), most_backup_bytes));
    require_whole(backup);
    const auto origin = origin_of(backup.records);
    require_signed(backup, origin);
    require_trusted(invocation, origin);
    const auto head = backup.head;
    const auto passphrase = console::read_new_passphrase(invocation, "the restored appliance");
    const auto session =
        Session::restore(home, std::move(backup.records), passphrase, environment.random, environment.clock.now(),
                         passphrase_cost(origin.environment, environment.monotonic));
    const auto identity = session.ledger().identity().format();
    console::CommandResult result;
    result.document.set("identity", identity).set("log_size", session.ledger().head().size).set("state", "inactive");
    result.text = {"Restored: " + std::to_string(head.size) + " records, head " + short_head({head.size, head.root}) +
                       ". Compare with the paper log: what was signed after them is not known here.",
                   "The new identity key is", "  " + identity,
                   "This appliance signs nothing until an amendment of the charter names it.",
                   "Put its wallet keys back: coffer-cold keys import --id K (words), or shares combine --id K (shares)"};
    return result;
}

} // namespace

console::Command backup_command()
{
    console::CommandSpec spec{.name = "backup",
                              .summary = "save the ledger, without keys",
                              .arguments = {{.name = "FILE", .help = "where the backup goes", .completes = console::Completes::file}},
                              .options = console::secret_options(),
                              .exits = session_exits()};
    spec.options.push_back(console::force_option());
    return {std::move(spec), backup};
}

console::Command restore_command()
{
    console::CommandSpec spec{
        .name = "restore",
        .summary = "make a home that continues a backup, inactive until an amendment names it",
        .description = "The whole hash of the charter in force is typed, or named with --hash, as at `pin`: a backup proves nothing by itself.",
        .arguments = {{.name = "FILE", .help = "what `backup` made", .completes = console::Completes::file}},
        .options = console::secret_options(),
        .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::signature, ExitStatus::conflict,
                  ExitStatus::not_found, ExitStatus::integrity, ExitStatus::person}};
    spec.options.push_back({.name = "hash", .metavar = "HASH", .help = "the whole hash, 64 hex digits"});
    return {std::move(spec), restore};
}

} // namespace coffer::appliance
