#include "appliance/ceremony/share_entry.h"
#include "appliance/commands/commands.h"
#include "appliance/commands/keys.h"
#include "core/artefacts/key_export.h"
#include "core/chains/payload_format.h"
#include "core/console/streams.h"

namespace coffer::appliance {

namespace {

constexpr std::uint32_t cosigner_purpose = 48;

/// The account that the options name.
struct Account {
    const chains::AccountChain& chain;
    const chains::AccountKind& kind;
    std::uint32_t number;

    keys::DerivationPath path() const { return kind.path(chain, number); }
};

std::optional<std::uint32_t> purpose_of(const console::Invocation& invocation)
{
    std::optional<std::uint32_t> purpose;
    if (invocation.has("purpose"))
        purpose = static_cast<std::uint32_t>(invocation.number("purpose", 0, 0x7fffffff));
    if (!invocation.has("cosigner"))
        return purpose;
    if (purpose && *purpose != cosigner_purpose)
        throw Error{ErrorCode::usage, "--cosigner means purpose 48, and --purpose is " + std::to_string(*purpose)};
    return cosigner_purpose;
}

Account account_of(const console::Invocation& invocation)
{
    const auto& chain = chains::account_chain_named(invocation.text("chain"));
    const auto& kind = chains::account_kind(chain, purpose_of(invocation));
    if (invocation.has("format") && kind.text == nullptr)
        throw Error{ErrorCode::usage, "--format is for accounts of Bitcoin; " + std::string{chain.name} + " has no such texts"};
    return {chain, kind, static_cast<std::uint32_t>(invocation.number("account", 0, 0x7fffffff))};
}

chains::AccountKey derive(const Session& session, const std::string& id, const Account& account)
{
    const auto path = account.path();
    const auto master = session.master_key(id);
    const keys::KeyOrigin origin{master.fingerprint(), path};
    if (account.kind.tree == chains::KeyTree::ed25519)
        return {origin, session.slip10_key(id, path).key().public_key()};
    return {origin, master.derive(path).extended_public_key().on(account.chain.key_network)};
}

/// A cosigner has no address, and so no key of one: the first it would sign with stands for it.
Bytes first_public_key(const chains::AccountKey& key)
{
    return to_bytes(std::get<keys::ExtendedPublicKey>(key.key).derive(keys::DerivationPath::parse("0/0")).key().compressed());
}

console::CommandResult describe(const std::string& id, const Account& account, const chains::AccountKey& key)
{
    const bool is_extended = account.kind.tree == chains::KeyTree::secp256k1;
    console::CommandResult result;
    result.document.set("id", id).set("chain", account.chain.name).set("purpose", account.kind.purpose).set("origin", key.origin.format());
    if (is_extended)
        result.document.set("xpub", key.format());
    result.text = {"origin    " + key.origin.format(), (is_extended ? "xpub      " : "public    ") + key.format()};
    if (account.kind.first_address == nullptr) {
        result.document.set("public_key", Document::hex(first_public_key(key)));
        return result;
    }
    const auto [path, public_key, address] = account.kind.first_address(account.chain, key);
    result.document.set("public_key", Document::hex(public_key)).set("address", address);
    result.text.push_back("address   " + address + (path.empty() ? "" : "  (" + path + ")"));
    return result;
}

artefacts::Artefact sign_export(const Session& session, const std::string& id, const Account& account, const chains::AccountKey& key)
{
    const auto& ledger = session.ledger();
    artefacts::BodyHeader header{.environment = ledger.environment(), .treasury = {}};
    if (ledger.chain())
        header.treasury = ledger.chain()->charter().header.treasury;
    auto artefact = encode(artefacts::KeyExport{.header = header,
                                                .appliance = ledger.identity(),
                                                .key = id,
                                                .origin = key.origin.format(),
                                                .public_key = key.format(),
                                                .family = std::string{account.chain.family}});
    artefact.sign(session.identity());
    return artefact;
}

void write_file(const console::Invocation& invocation, console::CommandResult& result, ByteView content)
{
    const auto file = invocation.path("out");
    console::write_output(invocation, file, content);
    result.document.set("file", file.string());
}

/// The account as another program reads it: unsigned.
void add_text(const console::Invocation& invocation, console::CommandResult& result, const Account& account, const chains::AccountKey& key)
{
    const auto format = invocation.text("format");
    const auto text = account.kind.text(format, account.chain, account.kind, key);
    result.document.set("format", format).set("text", text);
    result.text = {text};
    if (invocation.has("out"))
        write_file(invocation, result, bytes_of(text + "\n"));
}

void add_export(const console::Invocation& invocation, console::CommandResult& result, const artefacts::Artefact& artefact, const Account& account)
{
    if (!invocation.has("out"))
        return;
    write_file(invocation, result, artefact.encode());
    if (chains::find_format(account.chain.family) != nullptr)
        result.next = {"coffer wallet import " + invocation.path("out").filename().string()};
}

console::CommandResult export_account(console::Invocation& invocation)
{
    const auto account = account_of(invocation);
    const auto id = invocation.text("K");
    auto session = open_session(invocation);
    unlock_key(invocation, session, invocation.text("K"));
    const auto key = derive(session, id, account);
    auto result = describe(id, account, key);
    const auto identity = session.ledger().identity().format();
    result.document.set("identity", identity);
    result.text.push_back("identity  " + identity);
    if (invocation.has("format"))
        add_text(invocation, result, account, key);
    else
        add_export(invocation, result, sign_export(session, id, account, key), account);
    return result;
}

console::CommandResult export_path(console::Invocation& invocation)
{
    for (const auto* name : {"cosigner", "account", "purpose", "format", "out"})
        if (invocation.has(name))
            throw Error{ErrorCode::usage, "--" + std::string{name} + " goes with --chain, not with --path"};
    const auto id = invocation.text("K");
    const auto path = keys::DerivationPath::parse(invocation.text("path"));
    auto session = open_session(invocation);
    unlock_key(invocation, session, id);
    const auto extended = session.master_key(id).derive(path).extended_public_key().format();
    console::CommandResult result;
    result.document.set("id", id).set("path", path.format()).set("xpub", extended);
    result.text = {extended};
    return result;
}

console::CommandResult export_public(console::Invocation& invocation)
{
    if (invocation.has("chain") == invocation.has("path"))
        throw Error{ErrorCode::usage, "give either --chain or --path"};
    return invocation.has("path") ? export_path(invocation) : export_account(invocation);
}

} // namespace

console::Command keys_export_public_command()
{
    return {{.name = "keys export-public",
             .summary = "the public half of a wallet key, signed by the appliance",
             .description = "With --chain the account key of that chain, as `coffer wallet import` takes it. With --path the bare "
                            "extended public key there.",
             .arguments = {{.name = "K", .help = "the key's id"}},
             .options = with_shares({{.name = "chain", .metavar = "C", .help = "bitcoin, testnet, testnet4, signet, regtest, evm, tron, solana"},
                                      {.name = "purpose",
                                       .metavar = "P",
                                       .help = "of BIP-43; by default 84 on Bitcoin, 44 elsewhere",
                                       .choices = {"44", "48", "49", "84", "86"}},
                                      {.name = "cosigner", .metavar = {}, .help = "the account for a wallet of several keys, as --purpose 48"},
                                      {.name = "account", .metavar = "N", .help = "account number", .default_value = "0"},
                                      {.name = "format",
                                       .metavar = "F",
                                       .help = "as other programs read it, unsigned: an output descriptor, for Bitcoin Core, for Sparrow",
                                       .choices = {"descriptor", "core", "sparrow"}},
                                      {.name = "path", .metavar = "m/…", .help = "a derivation path instead of a chain"},
                                      console::out_option("where the signed export goes, or what --format gives", console::Presence::optional),
                                      console::force_option()}),
             .exits = session_exits()},
            export_public};
}

} // namespace coffer::appliance
