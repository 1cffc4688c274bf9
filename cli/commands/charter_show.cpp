#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/sealed_charter.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "charter show",
        .summary = "the charter in force, or a sealed one",
        .arguments = {{.name = "SEALED",
                       .help = "a sealed charter; without it, the one in force in the home",
                       .presence = console::Presence::optional,
                       .completes = console::Completes::file}},
        .exits = home_exits({ExitStatus::signature}),
    };
    return value;
}

SealedCharter charter_in_force(Home& home)
{
    const auto& links = home.chain().links();
    for (auto link = links.rbegin(); link != links.rend(); ++link)
        if (artefacts::Artefact::decode_any(link->artefact).kind() == artefacts::Kind::charter)
            return open_sealed_charter(link->artefact);
    fatal("policy chain without a charter");
}

SealedCharter charter_asked_for(console::Invocation& invocation)
{
    if (invocation.has("SEALED"))
        return load_sealed_charter(invocation, invocation.path("SEALED"));
    auto home = Home::open(invocation);
    return charter_in_force(home);
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto sealed = charter_asked_for(invocation);
    auto signers = Document::list();
    std::vector<std::string> names;
    for (const auto& voter : charter::signers(sealed.artefact, sealed.charter)) {
        signers.add(voter.officer);
        names.push_back(voter.officer);
    }
    console::CommandResult result;
    result.document = describe_charter(sealed.charter, sealed.hash);
    result.document.set("signed_by", std::move(signers));
    result.text = charter_in_words(sealed.charter);
    result.text.insert(result.text.begin() + 1, "hash " + encoding::encode_hex(sealed.hash.bytes()));
    result.text.push_back("signed by " + (names.empty() ? "nobody" : join(names, ", ")));
    return result;
}

} // namespace

console::Command charter_show_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
