#include "cli/officer_key.h"

#include "cli/files/config.h"
#include "core/base/text.h"
#include "core/console/passphrase.h"
#include "core/keys/sealed_key.h"
#include "core/requests/head.h"
#include "core/storage/file.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using artefacts::ApprovalKey;
using artefacts::Artefact;
using charter::PolicyChain;

constexpr std::string_view purpose = "officer";
constexpr std::size_t seed_size = 32;
constexpr std::size_t most_heads = 64;
constexpr std::size_t most_file_bytes = 1024 * 1024;

/// What stands readable and authenticated in the key file:
/// {0: officer, 1: public key as text} and, once a charter is trusted, {2: environment,
/// 3: treasury id, 4: charter hash, 5: position or none, 6: heads}.
struct PublicPart {
    std::string officer;
    ApprovalKey key;
    std::optional<TrustAnchor> anchor;
};

Bytes encode(const PublicPart& part)
{
    cbor::Value::Map fields{{0, part.officer}, {1, part.key.format()}};
    if (part.anchor) {
        cbor::Value::Array heads;
        for (const auto& head : part.anchor->heads)
            heads.emplace_back(head);
        fields.emplace_back(2, name_of(part.anchor->header.environment));
        fields.emplace_back(3, part.anchor->header.treasury.bytes());
        fields.emplace_back(4, part.anchor->charter.bytes());
        if (part.anchor->position)
            fields.emplace_back(5, part.anchor->position->encode());
        fields.emplace_back(6, std::move(heads));
    }
    return cbor::encode(cbor::Value::map(std::move(fields)));
}

std::optional<TrustAnchor> take_anchor(cbor::MapReader& reader)
{
    const auto* environment = reader.take_optional(2);
    if (environment == nullptr)
        return std::nullopt;
    TrustAnchor anchor;
    anchor.header.environment = artefacts::parse_environment(environment->text("environment"));
    anchor.header.treasury = TreasuryId{reader.take(3, "treasury id").array_of<32>("treasury id")};
    anchor.charter = CharterHash{reader.take(4, "charter hash").array_of<32>("charter hash")};
    if (const auto* position = reader.take_optional(5))
        anchor.position = charter::Position::decode(*position);
    const auto& heads = reader.take(6, "heads").array("heads");
    if (heads.size() > most_heads)
        throw Error{ErrorCode::limit, "officer key has " + std::to_string(heads.size()) + " heads"};
    for (const auto& head : heads)
        anchor.heads.push_back(head.bytes("head"));
    return anchor;
}

PublicPart decode_public_part(ByteView bytes)
{
    const auto value = cbor::decode(bytes);
    cbor::MapReader reader{value, "officer key"};
    PublicPart part{.officer = reader.take(0, "officer").text("officer"),
                    .key = ApprovalKey::parse(reader.take(1, "public key").text("public key")),
                    .anchor = take_anchor(reader)};
    reader.finish();
    return part;
}

Error untrusted(std::string message, std::string hint)
{
    return {ErrorCode::charter_untrusted, std::move(message), std::move(hint)};
}

/// A head with what it says, verified.
struct SeenHead {
    requests::Head head;
    Bytes artefact;
};

SeenHead verify_head(const charter::Charter& charter, const Bytes& bytes)
{
    const auto artefact = Artefact::decode(bytes, artefacts::Kind::head);
    auto head = requests::decode_head(artefact);
    require_header(head.header, charter.header, "head of " + coffer::quoted(head.source));
    const auto* appliance = charter.find_appliance(head.source);
    if (appliance == nullptr || !artefact.is_signed_by(appliance->key))
        throw Error{ErrorCode::sig_verify, "head of " + coffer::quoted(head.source) + " is not signed by an appliance of the charter in force"};
    return {std::move(head), bytes};
}

const SeenHead* find_head(const std::vector<SeenHead>& heads, const std::string& source)
{
    const auto place = std::ranges::find_if(heads, [&](const SeenHead& seen) { return seen.head.source == source; });
    return place == heads.end() ? nullptr : &*place;
}

void require_not_back(const requests::Head& known, const SeenHead* shown)
{
    if (shown != nullptr && (shown->head.size > known.size || (shown->head.size == known.size && shown->head.root == known.root)))
        return;
    throw Error{ErrorCode::ledger_rollback,
                "the log of " + coffer::quoted(known.source) + " had " + std::to_string(known.size) + " records when this key saw it last, " +
                    (shown == nullptr ? "and none is shown now"
                                      : "and is shown with " + std::to_string(shown->head.size) + (shown->head.size == known.size ? " other ones" : "")),
                "the home or the appliance was put back to an earlier state; do not vote, and tell compliance"};
}

} // namespace

std::vector<console::OptionSpec> officer_options()
{
    std::vector<console::OptionSpec> options{
        {.name = "officer", .metavar = "ID", .help = "who acts (default: the configuration's)"},
        {.name = "key",
         .metavar = "FILE",
         .help = "the officer's key file (default: the configuration's)",
         .letter = 'k',
         .completes = console::Completes::file},
    };
    for (auto& option : console::secret_options())
        options.push_back(std::move(option));
    return options;
}

std::string officer_id(const console::Invocation& invocation, const Config* config)
{
    if (const auto given = invocation.find("officer"))
        return *given;
    if (config != nullptr && !config->officer.id.empty())
        return config->officer.id;
    throw Error{ErrorCode::usage, "who acts is not known", "name the officer with --officer ID, or set `officer` in the configuration"};
}

std::filesystem::path officer_key_file(const console::Invocation& invocation, const Config* config)
{
    if (invocation.has("key"))
        return invocation.path("key");
    if (config != nullptr && !config->officer.key_file.empty())
        return config->officer.key_file;
    throw Error{ErrorCode::usage, "the officer's key file is not known", "name it with --key FILE, or set `key` in the configuration"};
}

struct OfficerKey::Parts {
    crypto::Random& random;
    std::filesystem::path file;
    Bytes content; ///< of the file, to notice when another process replaced it
    keys::OpenKey open;
    PublicPart part;
    crypto::Ed25519PrivateKey key;

    void save(const std::optional<TrustAnchor>& anchor)
    {
        if (anchor == part.anchor)
            return;
        auto changed = part;
        changed.anchor = anchor;
        if (auto now = storage::read_file(file, most_file_bytes); now != content) {
            // Another run that saw the same has written the same: votes cast at once all go through.
            if (keys::decode_sealed_key_header(now).public_part != encode(changed))
                throw Error{ErrorCode::busy, storage::quoted(file) + " was changed meanwhile by another run", "run the command again"};
            content = std::move(now);
            part = std::move(changed);
            return;
        }
        const auto bytes = keys::reseal(open, encode(changed), open.secret, random);
        storage::write_file_atomically(file, bytes, storage::private_mode, storage::Overwrite::yes);
        content = bytes;
        open.header.public_part = encode(changed);
        part = std::move(changed);
    }
};

OfficerKey::OfficerKey(std::unique_ptr<Parts> parts) : m_parts{std::move(parts)} {}
OfficerKey::OfficerKey(OfficerKey&&) noexcept = default;
OfficerKey& OfficerKey::operator=(OfficerKey&&) noexcept = default;
OfficerKey::~OfficerKey() = default;

OfficerKey OfficerKey::generate(const console::Invocation& invocation, const std::string& officer,
                                const std::filesystem::path& file)
{
    if (!is_identifier(officer))
        throw Error{ErrorCode::usage, "officer id " + coffer::quoted(officer) + " is not a small letter followed by at most 31 small letters, digits and dashes"};
    if (std::filesystem::exists(std::filesystem::symlink_status(file)))
        throw Error{ErrorCode::exists, storage::quoted(file) + " is there already", "a key file is never replaced; choose another name"};
    auto& random = invocation.environment().random;
    const auto passphrase = console::read_new_passphrase(invocation, "the new key " + file.filename().string());
    const auto seed = random.secret(seed_size);
    const PublicPart part{officer, ApprovalKey{crypto::Ed25519PrivateKey{seed}.public_key()}, std::nullopt};
    const auto sealed = keys::seal(purpose, encode(part), passphrase, seed, random);
    storage::write_file_atomically(file, sealed, storage::private_mode, storage::Overwrite::no);
    // What was written must open again, or the key would be lost at its first use.
    auto open = keys::open(sealed, purpose, passphrase);
    crypto::Ed25519PrivateKey key{open.secret};
    return OfficerKey{std::make_unique<Parts>(Parts{random, file, sealed, std::move(open), part, std::move(key)})};
}

OfficerKey OfficerKey::open(const console::Invocation& invocation, const std::filesystem::path& file)
{
    storage::require_private(file);
    auto content = storage::read_file(file, most_file_bytes);
    const auto header = keys::decode_sealed_key_header(content);
    if (header.purpose != purpose)
        throw Error{ErrorCode::type, storage::quoted(file) + " is a key file for " + coffer::quoted(header.purpose) + ", not for an officer"};
    const auto passphrase = console::read_passphrase(invocation, file.filename().string());
    auto open = keys::open(content, purpose, passphrase);
    auto part = decode_public_part(open.header.public_part);
    crypto::Ed25519PrivateKey key{open.secret};
    if (ApprovalKey{key.public_key()} != part.key)
        throw Error{ErrorCode::binding, storage::quoted(file) + " names another public key than its own"};
    return OfficerKey{std::make_unique<Parts>(
        Parts{invocation.environment().random, file, std::move(content), std::move(open), std::move(part), std::move(key)})};
}

const std::string& OfficerKey::officer() const
{
    return m_parts->part.officer;
}

const ApprovalKey& OfficerKey::public_key() const
{
    return m_parts->part.key;
}

const std::optional<TrustAnchor>& OfficerKey::anchor() const
{
    return m_parts->part.anchor;
}

void OfficerKey::trust(const TrustAnchor& anchor)
{
    m_parts->save(anchor);
}

TrustAnchor OfficerKey::verify(const PolicyChain& chain, const std::vector<Bytes>& heads) const
{
    const auto name = storage::quoted(m_parts->file.filename());
    const auto& known = m_parts->part.anchor;
    if (!known)
        throw untrusted(name + " has not been told which charter to trust",
                        "compare the hash with the other officers, then: coffer officer trust SEALED --hash HASH --key FILE");
    const std::string hint = "somebody shows this key another policy than before; do not vote, and tell compliance";
    if (!(chain.charter().header == known->header))
        throw untrusted("the charter shown is of another treasury or environment than the one that " + name + " trusts", hint);
    if (!chain.has_charter(known->charter))
        throw untrusted("the policy chain shown does not contain the charter that " + name + " trusts", hint);
    if (known->position && !chain.contains(*known->position) && !chain.has_ended_fork_since(known->charter))
        throw untrusted("the policy chain shown ends at link " + std::to_string(chain.position().number) + " and does not contain link " +
                            std::to_string(known->position->number) + ", which " + name + " has seen",
                        hint);

    std::vector<SeenHead> shown;
    for (const auto& bytes : heads)
        shown.push_back(verify_head(chain.charter(), bytes));
    for (const auto& bytes : known->heads) {
        const auto artefact = Artefact::decode(bytes, artefacts::Kind::head);
        const auto head = requests::decode_head(artefact);
        // An appliance that an amendment has given another identity begins another log.
        const auto* appliance = chain.charter().find_appliance(head.source);
        if (appliance != nullptr && artefact.is_signed_by(appliance->key))
            require_not_back(head, find_head(shown, head.source));
    }
    TrustAnchor advanced{chain.charter().header, chain.charter_hash(), chain.position(), {}};
    std::ranges::sort(shown, {}, [](const SeenHead& seen) { return seen.head.source; });
    for (auto& seen : shown)
        advanced.heads.push_back(std::move(seen.artefact));
    return advanced;
}

const charter::Officer& OfficerKey::require_officer(const charter::Charter& charter, const std::string& officer) const
{
    if (officer != m_parts->part.officer)
        throw Error{ErrorCode::appr_role, storage::quoted(m_parts->file.filename()) + " is the key of " + m_parts->part.officer +
                                              ", not of " + coffer::quoted(officer)};
    const auto* found = charter.find_officer(officer);
    if (found == nullptr)
        throw Error{ErrorCode::appr_role, officer + " is no officer of the charter, version " + std::to_string(charter.version)};
    if (std::ranges::find(found->suspended, public_key()) != found->suspended.end())
        throw Error{ErrorCode::appr_role, "this key of " + officer + " is suspended; it counts nothing until an amendment lifts that"};
    if (std::ranges::find(found->keys, public_key()) == found->keys.end())
        throw Error{ErrorCode::appr_role, "the charter gives " + officer + " other keys than " + public_key().format()};
    return *found;
}

void OfficerKey::sign(Artefact& artefact) const
{
    artefact.sign(m_parts->key);
}

} // namespace coffer::cli
