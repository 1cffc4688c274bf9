#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/sealed_charter.h"
#include "core/base/text.h"
#include "core/console/output.h"
#include "core/console/streams.h"
#include "formats/inspection.h"
#include "formats/share_inspection.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "inspect",
        .summary = "say what any artefact is and does",
        .description = "Needs no home and no network. Signatures are judged by the keys that the artefact carries, by those of --charter, "
                       "and by the home's charter where there is one.",
        .arguments = {{.name = "WHAT",
                       .help = "a file, - for standard input, or the text itself: raw, hex or base64",
                       .presence = console::Presence::optional,
                       .completes = console::Completes::file}},
        .options = {{.name = "as", .metavar = "KIND", .help = "what it is, where that cannot be told from the input"},
                    {.name = "charter",
                     .metavar = "SEALED",
                     .help = "judge signatures by this sealed charter",
                     .completes = console::Completes::file}},
        .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::signature, ExitStatus::not_found, ExitStatus::integrity},
        .examples = {{"coffer inspect to-vault.coffer", ""},
                     {"coffer inspect payment.psbt", ""},
                     {"coffer inspect --as evm_transaction 0x02f8…", ""},
                     {"coffer --json inspect -", ""}},
    };
    return value;
}

/// Every program of this machine can read the arguments of this one.
void require_no_share(ByteView argument, const std::string& kind)
{
    if (kind == "share" || inspection::inspect_share(argument, {}))
        throw Error{ErrorCode::secret_source, "a share must not stand on the command line",
                    "give a file that holds it, or - and type it in; take this line out of the shell's history"};
}

/// A file, standard input, or the text itself.
Bytes read(const console::Invocation& invocation)
{
    const auto what = invocation.find("WHAT").value_or("-");
    const auto file = console::path_of(invocation, what);
    std::error_code ignored;
    if (what == "-" || (what.size() < 4096 && std::filesystem::exists(file, ignored)))
        return console::read_input(invocation, file, console::most_large_artefact_bytes);
    require_no_share(bytes_of(what), invocation.find("as").value_or(""));
    return to_bytes(bytes_of(what));
}

/// Charters that are at hand; a home that does not open is none.
inspection::KnownKeys known_keys(console::Invocation& invocation)
{
    inspection::KnownKeys known;
    if (invocation.has("charter")) {
        known.add(load_sealed_charter(invocation, invocation.path("charter")).charter);
        return known;
    }
    try {
        if (std::filesystem::exists(home_paths(invocation).config)) {
            auto home = Home::open(invocation);
            for (const auto& link : home.has_charter() ? home.chain().links() : std::vector<charter::Link>{}) {
                const auto artefact = artefacts::Artefact::decode_any(link.artefact);
                if (artefact.kind() == artefacts::Kind::charter)
                    known.add(charter::open(artefact));
            }
        }
    } catch (const Error& error) {
        invocation.output().warning("the home's charter is not used: " + error.message());
    }
    return known;
}

/// What nothing was found in, and that names a file rather than being a descriptor.
bool names_no_file(const console::Invocation& invocation, const std::string& what, const Error& error)
{
    std::error_code ignored;
    return error.code() == ErrorCode::malformed && !error.offset() && what.find_first_of("/.") != std::string::npos &&
           what.find('(') == std::string::npos && !std::filesystem::exists(console::path_of(invocation, what), ignored);
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto what = invocation.find("WHAT").value_or("-");
    auto known = known_keys(invocation);
    console::CommandResult result;
    try {
        result.document = inspection::inspect(read(invocation), invocation.find("as").value_or(""), known);
    } catch (const Error& error) {
        if (names_no_file(invocation, what, error))
            throw Error{ErrorCode::not_found, "there is no file " + coffer::quoted(what)};
        throw;
    }
    return result;
}

} // namespace

console::Command inspect_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
