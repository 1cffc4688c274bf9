#include "appliance/commands/commands.h"
#include "appliance/home_key.h"
#include "core/console/passphrase.h"

namespace coffer::appliance {

namespace {

console::CommandResult change(console::Invocation& invocation)
{
    auto& environment = invocation.environment();
    const auto home = home_of(invocation);
    const auto old_passphrase = ask_home_passphrase(invocation);
    // A home that is not whole is left as it is, and nobody thinks of a new passphrase in vain.
    const auto environment_of_home = Session::open(home, old_passphrase, environment.random).ledger().environment();
    const auto new_passphrase = console::read_new_passphrase(invocation, "the appliance", "new-passphrase");
    const auto cost = passphrase_cost(environment_of_home, environment.monotonic);
    change_passphrase(home, old_passphrase, new_passphrase, environment.random, cost);

    console::CommandResult result;
    result.document.set("home", home.folder().string()).set("changed", true).set("argon2", describe_cost(cost));
    result.text = {"The passphrase is changed; the old one opens this home no more.",
                   "Copies of home.key that were made before still open under the old one: destroy them."};
    return result;
}

} // namespace

console::Command passphrase_change_command()
{
    console::CommandSpec spec{.name = "passphrase change",
                              .summary = "put the home under another passphrase",
                              .options = console::secret_options(),
                              .exits = session_exits()};
    for (auto& option : console::secret_options("new-passphrase"))
        spec.options.push_back(std::move(option));
    return {std::move(spec), change};
}

} // namespace coffer::appliance
