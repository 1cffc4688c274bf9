#include "appliance/commands/commands.h"
#include "appliance/guard/swap.h"
#include "core/console/output.h"
#include "core/console/passphrase.h"

namespace coffer::appliance {

Home home_of(const console::Invocation& invocation)
{
    if (invocation.has("home"))
        return Home{invocation.path("home")};
    if (const auto variable = invocation.environment().variable("COFFER_COLD_HOME"); variable && !variable->empty())
        return Home{invocation.environment().working_directory / *variable};
    return Home{"/var/lib/coffer-cold"};
}

std::vector<ExitStatus> session_exits()
{
    return locked_home_exits({ExitStatus::malformed, ExitStatus::signature, ExitStatus::person});
}

std::vector<ExitStatus> locked_home_exits(std::vector<ExitStatus> more)
{
    more.insert(more.end(), {ExitStatus::policy, ExitStatus::conflict, ExitStatus::not_found, ExitStatus::unavailable,
                             ExitStatus::integrity});
    return more;
}

void warn_of_rehearsal(const console::Invocation& invocation, const requests::VaultLedger& ledger)
{
    if (ledger.environment() == artefacts::Environment::rehearsal)
        invocation.output().warning("a rehearsal: nothing here has worth; enter no real share");
}

Document describe_cost(crypto::Argon2Cost cost)
{
    return Document::object().set("memory_kib", cost.memory_kib).set("passes", cost.passes);
}

SecretBytes ask_home_passphrase(const console::Invocation& invocation)
{
    const auto home = home_of(invocation);
    home.require_usable();
    if (swap_is_active()) {
        require_swap_allowed(LockedHome{home}.ledger());
        invocation.output().warning("swap is active: keys could reach the disk; turn it off with swapoff -a");
    }
    return console::read_passphrase(invocation, "the appliance");
}

Session open_session(const console::Invocation& invocation)
{
    const auto passphrase = ask_home_passphrase(invocation);
    auto session = Session::open(home_of(invocation), passphrase, invocation.environment().random);
    warn_of_rehearsal(invocation, session.ledger());
    return session;
}

} // namespace coffer::appliance
