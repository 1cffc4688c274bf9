#include "cli/commands/commands.h"

#include "cli/officer_key.h"
#include "core/base/text.h"
#include "core/console/output.h"
#include "core/console/passphrase.h"
#include "core/console/streams.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = [] {
        console::CommandSpec made{
            .name = "officer keygen",
            .summary = "make a software approval key, sealed under a passphrase",
            .description = "Prints the public line for the charter. The file is never written over another one.",
            .options = {{.name = "id", .metavar = "ID", .help = "the officer whose key it is", .presence = console::Presence::required},
                        console::out_option("the new key file (mode 0600)")},
            .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::conflict, ExitStatus::not_found,
                      ExitStatus::integrity, ExitStatus::person},
            .examples = {{"coffer officer keygen --id alice --out alice.key", "asks for a new passphrase twice"}},
        };
        for (auto& option : console::secret_options())
            made.options.push_back(std::move(option));
        return made;
    }();
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto id = invocation.text("id");
    const auto file = invocation.path("out");
    if (file == "-")
        throw Error{ErrorCode::usage, "a key file is not written to standard output"};
    const auto key = OfficerKey::generate(invocation, id, file);
    console::CommandResult result;
    result.document.set("officer", key.officer()).set("public_key", key.public_key().format()).set("file", file.string());
    result.text = {"[[officer]]", "id = \"" + key.officer() + "\"", "roles = [\"\"]",
                   "keys = [\"" + key.public_key().format() + "\"]"};
    invocation.output().message("Key written to " + escaped(file.string()) +
                                ". Give these lines to whoever writes the charter; the key file and its passphrase stay with " + id + ".");
    return result;
}

} // namespace

console::Command officer_keygen_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
