#include "cli/commands/commands.h"

#include "cli/files/config.h"
#include "cli/policy_entries.h"
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
            .name = "entry sign",
            .summary = "add an officer's signature to an entry of the policy chain",
            .description = "Says first what is signed.",
            .arguments = {{.name = "FILE", .help = "the entry; the signature goes into it", .completes = console::Completes::file}},
            .options = {console::out_option("write the signed entry there and leave FILE alone", console::Presence::optional), console::force_option()},
            .exits = entry_exits(),
            .examples = {{"coffer entry sign unfreeze.coffer --officer bob --key bob.key", ""}},
        };
        for (auto& option : officer_options())
            made.options.push_back(std::move(option));
        return made;
    }();
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto file = invocation.path("FILE");
    auto artefact = artefacts::Artefact::decode(console::read_input(invocation, file, console::most_artefact_bytes), artefacts::Kind::entry);
    const auto entry = charter::decode_entry(artefact);
    const auto& chain = home.chain();
    require_header(charter::header_of(entry), chain.charter().header, "entry");
    invocation.output().message("This is signed, entry " + encoding::encode_hex(artefact.hash()) + ":");
    for (const auto& line : entry_in_words(chain.charter(), entry))
        invocation.output().message("  " + line);

    const auto key = OfficerKey::open(invocation, officer_key_file(invocation, &home.config()));
    const auto officer = invocation.has("officer") || !home.config().officer.id.empty() ? officer_id(invocation, &home.config()) : key.officer();
    require_signer(key, chain, officer);
    const bool is_new = !artefact.is_signed_by(key.public_key());
    if (is_new)
        key.sign(artefact);
    auto target = file;
    if (invocation.has("out")) {
        target = invocation.path("out");
        console::write_output(invocation, target, artefact.encode());
    } else if (file == "-") {
        throw Error{ErrorCode::usage, "an entry from standard input needs --out FILE"};
    } else if (is_new) {
        write_with_those_of_others(artefact, file);
    }

    const auto readiness = readiness_of(chain, artefact, home.now(), target.string());
    console::CommandResult result;
    result.document = describe_entry(entry, EntryHash{artefact.hash()});
    result.document.set("officer", officer).set("file", target.string()).set("complete", readiness.is_complete);
    result.text = {(is_new ? "Signed by " : "Signed already by ") + officer + ". " + readiness.says};
    result.next = {readiness.next};
    return result;
}

} // namespace

console::Command entry_sign_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
