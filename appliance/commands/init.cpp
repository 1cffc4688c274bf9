#include "appliance/commands/commands.h"
#include "appliance/guard/swap.h"
#include "appliance/home_key.h"
#include "core/base/text.h"
#include "core/console/dialogue.h"
#include "core/console/output.h"
#include "core/console/passphrase.h"
#include "core/storage/file.h"

namespace coffer::appliance {

namespace {

/// The first session compares with this date, so somebody answers for it: at the terminal, or by naming the day. Where
/// nothing of value is kept the machine's clock will do.
void require_date_of_init(const console::Invocation& invocation, artefacts::Environment chosen, UtcTime now)
{
    auto& terminal = invocation.environment().terminal;
    const std::string hint = "set the machine's clock first";
    const auto today = format_time(now).substr(0, 10);
    const auto named = invocation.find("date");
    if (named && *named != today)
        throw Error{ErrorCode::clock, "--date says " + coffer::quoted(*named) + ", the machine's clock says " + today, hint};
    if (terminal.present() && !console::confirm_date(terminal, now))
        throw Error{ErrorCode::clock, "the person at the vault says that the date is wrong", hint};
    if (named || terminal.present())
        return;
    if (chosen == artefacts::Environment::production)
        throw Error{ErrorCode::presence, "nobody confirms the date, which the machine's clock says is " + today,
                    "run this at a terminal, or name the day (UTC) by a calendar: --date YYYY-MM-DD"};
    invocation.output().message("Nobody has confirmed the date: " + today + " by the machine's clock.");
}

console::CommandResult init(console::Invocation& invocation)
{
    auto& environment = invocation.environment();
    const auto home = home_of(invocation);
    if (home.exists())
        throw Error{ErrorCode::exists, "there is already an appliance in " + storage::quoted(home.folder())};
    const auto now = environment.clock.now();
    const auto chosen = artefacts::parse_environment(invocation.text("environment"));
    require_date_of_init(invocation, chosen, now);
    require_no_swap(chosen, swap_is_active());
    const auto passphrase = console::read_new_passphrase(invocation, "the appliance");
    const auto cost = passphrase_cost(chosen, environment.monotonic);
    const auto session = Session::create(home, chosen, passphrase, environment.random, now, cost);
    const auto identity = session.ledger().identity().format();

    console::CommandResult result;
    result.document.set("home", home.folder().string()).set("environment", name_of(chosen)).set("identity", identity).set("argon2", describe_cost(cost));
    result.text = {"Appliance made in " + home.folder().string() + ", environment " + std::string{name_of(chosen)} + ".",
                   "Identity key, for the charter (read it aloud):", "  " + identity};
    result.next = {std::string{"coffer-cold keys generate --id k1"} + (chosen == artefacts::Environment::test ? "" : " --dice")};
    return result;
}

} // namespace

console::Command init_command()
{
    console::CommandSpec spec{.name = "init",
                              .summary = "make the appliance's home and its identity key",
                              .options = console::secret_options(),
                              .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::conflict, ExitStatus::not_found,
                                        ExitStatus::integrity, ExitStatus::person},
                              .examples = {{"coffer-cold init --environment test", "a home for rehearsing"}}};
    spec.options.push_back({.name = "environment",
                            .metavar = "E",
                            .help = "what the home is for, for ever",
                            .default_value = "production",
                            .choices = {"production", "test", "rehearsal"}});
    spec.options.push_back({.name = "date",
                            .metavar = "DAY",
                            .help = "the day (UTC), YYYY-MM-DD, where there is no terminal to confirm it at"});
    return {std::move(spec), init};
}

} // namespace coffer::appliance
