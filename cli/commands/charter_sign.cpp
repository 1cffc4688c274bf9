#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/files/config.h"
#include "cli/officer_key.h"
#include "cli/sealed_charter.h"
#include "cli/signature_file.h"
#include "core/base/text.h"
#include "core/console/output.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = [] {
        console::CommandSpec made{
            .name = "charter sign",
            .summary = "add an officer's signature to a sealed charter",
            .description = "Says first what is signed: everything in a first charter, what an amendment changes in a later one "
                           "(against the home's charter, or the one named by --against). The hash does not change by a signature.",
            .arguments = {{.name = "SEALED", .help = "the sealed charter; the signature goes into it", .completes = console::Completes::file}},
            .options = {console::out_option("write the signed charter there and leave SEALED alone", console::Presence::optional),
                        {.name = "against",
                         .metavar = "OLD",
                         .help = "the sealed charter that this one amends",
                         .completes = console::Completes::file},
                        console::force_option()},
            .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
            .examples = {{"coffer charter sign charter.coffer --officer alice --key alice.key", ""}},
        };
        for (auto& option : officer_options())
            made.options.push_back(std::move(option));
        return made;
    }();
    return value;
}

/// The charter that an amendment changes, from where it can be had.
std::optional<SealedCharter> predecessor_of(const console::Invocation& invocation, const SealedCharter& sealed)
{
    if (sealed.charter.version == 1)
        return std::nullopt;
    if (invocation.has("against")) {
        auto old = load_sealed_charter(invocation, invocation.path("against"));
        if (old.hash != sealed.charter.previous)
            throw Error{ErrorCode::charter_fork, "the charter amends " + encoding::encode_hex(sealed.charter.previous->bytes()) +
                                                     ", and --against is " + encoding::encode_hex(old.hash.bytes())};
        return old;
    }
    if (!std::filesystem::exists(home_paths(invocation).config))
        return std::nullopt;
    auto home = Home::open(invocation);
    for (const auto& link : home.has_charter() ? home.chain().links() : std::vector<charter::Link>{}) {
        const auto artefact = artefacts::Artefact::decode_any(link.artefact);
        if (artefact.kind() == artefacts::Kind::charter && charter::hash_of(artefact) == sealed.charter.previous)
            return open_sealed_charter(link.artefact);
    }
    return std::nullopt;
}

std::vector<std::string> what_is_signed(const SealedCharter& sealed, const std::optional<SealedCharter>& predecessor)
{
    if (!predecessor)
        return charter_in_words(sealed.charter);
    std::vector<std::string> lines{"version " + std::to_string(sealed.charter.version) + " changes version " +
                                   std::to_string(predecessor->charter.version) + ":"};
    for (const auto& line : changes_in_words(predecessor->charter, sealed.charter))
        lines.push_back("  " + line);
    lines.push_back("to be adopted before " + format_time(*sealed.charter.adopt_before));
    if (sealed.charter.continues)
        lines.push_back("ends a fork: continues link " + sealed.charter.continues->format() + ", and every other branch is void");
    return lines;
}

/// The key's owner compared a charter once; another treasury's is none of theirs.
void require_same_treasury(const OfficerKey& key, const SealedCharter& sealed)
{
    if (key.anchor() && !(key.anchor()->header == sealed.charter.header))
        throw Error{ErrorCode::charter_untrusted, "the key trusts a charter of another treasury or environment"};
}

/// An amendment may name an officer's new key, whose first charter it is: either side's key signs.
void require_signer(const OfficerKey& key, const std::string& officer, const SealedCharter& sealed,
                    const std::optional<SealedCharter>& predecessor)
{
    if (predecessor)
        static_cast<void>(key.require_officer(predecessor->charter, officer));
    else
        static_cast<void>(key.require_officer(sealed.charter, officer));
}

std::string officer_of(const console::Invocation& invocation, const Config* config, const OfficerKey& key)
{
    return invocation.has("officer") || (config != nullptr && !config->officer.id.empty()) ? officer_id(invocation, config)
                                                                                         : key.officer();
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto file = invocation.path("SEALED");
    auto sealed = load_sealed_charter(invocation, file);
    charter::require_valid(sealed.charter);
    const auto predecessor = predecessor_of(invocation, sealed);
    auto& output = invocation.output();
    output.message("This is signed, hash " + encoding::encode_hex(sealed.hash.bytes()) + ":");
    for (const auto& line : what_is_signed(sealed, predecessor))
        output.message("  " + line);
    if (sealed.charter.version > 1 && !predecessor)
        output.warning("the charter that this one amends is not at hand, so all of it is shown; name it with --against OLD");

    const auto config = std::filesystem::exists(home_paths(invocation).config) ? std::optional{load_config(home_paths(invocation).config)}
                                                                              : std::nullopt;
    const auto* defaults = config ? &*config : nullptr;
    const auto key = OfficerKey::open(invocation, officer_key_file(invocation, defaults));
    const auto officer = officer_of(invocation, defaults, key);
    require_signer(key, officer, sealed, predecessor);
    require_same_treasury(key, sealed);
    const bool is_new = !sealed.artefact.is_signed_by(key.public_key());
    if (is_new)
        key.sign(sealed.artefact);

    std::filesystem::path target = file;
    if (invocation.has("out")) {
        target = invocation.path("out");
        console::write_output(invocation, target, sealed.artefact.encode());
    } else if (file == "-") {
        throw Error{ErrorCode::usage, "a charter from standard input needs --out FILE"};
    } else if (is_new) {
        write_with_those_of_others(sealed.artefact, file);
    }

    const auto tally = tally_signatures(sealed, predecessor ? &predecessor->charter : nullptr);
    console::CommandResult result;
    result.document.set("officer", officer)
        .set("hash", Document::hex(sealed.hash.bytes()))
        .set("version", sealed.charter.version)
        .set("signatures", tally.describe())
        .set("file", target.string());
    result.text = {(is_new ? "Signed by " : "Signed already by ") + officer + ". " +
                   (tally.reached ? "No signature is missing." : "Missing: " + join(tally.need, ", ") + ".")};
    result.next = {tally.reached ? "coffer charter adopt " + escaped(target.string())
                                 : "coffer charter sign " + escaped(target.string()) + " --officer ID --key FILE"};
    return result;
}

} // namespace

console::Command charter_sign_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
