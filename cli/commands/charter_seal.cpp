#include "cli/commands/commands.h"

#include "cli/sealed_charter.h"
#include "core/base/text.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "charter seal",
        .summary = "encode a charter for signing, and print its hash",
        .description = "Checks it first as `charter check` does. The same charter always has the same hash.",
        .arguments = {{.name = "FILE", .help = "the charter as TOML", .completes = console::Completes::file}},
        .options = {console::out_option("the sealed charter, without signatures"), console::force_option()},
        .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::signature, ExitStatus::conflict, ExitStatus::not_found},
        .examples = {{"coffer charter seal charter.toml --out charter.coffer", ""}},
    };
    return value;
}

/// True when the file holds this very charter, be it with signatures.
bool is_sealed_there(const console::Invocation& invocation, const std::filesystem::path& file, const CharterHash& hash)
{
    try {
        return load_sealed_charter(invocation, file).hash == hash;
    } catch (const Error&) {
        return false;
    }
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto name = invocation.text("FILE");
    const auto checked = check_charter_file(invocation, invocation.path("FILE"));
    if (!checked.sealed)
        return report_problems(name, checked.problems);
    const auto& sealed = *checked.sealed;
    const auto out = invocation.path("out");
    if (out == "-")
        throw Error{ErrorCode::usage, "--out needs a file"};
    if (!is_sealed_there(invocation, out, sealed.hash))
        console::write_output(invocation, out, sealed.artefact.encode());

    const auto tally = tally_signatures(load_sealed_charter(invocation, out), nullptr);
    console::CommandResult result;
    result.document.set("hash", Document::hex(sealed.hash.bytes()))
        .set("version", sealed.charter.version)
        .set("signatures", tally.describe())
        .set("file", out.string())
        .set("warnings", warn_of_weaknesses(invocation, sealed));
    result.text = {"Sealed: " + coffer::quoted(sealed.charter.name) + ", version " + std::to_string(sealed.charter.version), "",
                   "  hash     " + encoding::encode_hex(sealed.hash.bytes()),
                   "  missing  " + (tally.need.empty() ? "no signature" : join(tally.need, ", "))};
    result.next = {"coffer charter sign " + escaped(invocation.text("out")) + " --officer ID --key FILE"};
    return result;
}

} // namespace

console::Command charter_seal_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
