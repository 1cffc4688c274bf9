#include "appliance/program.h"

#include "appliance/commands/commands.h"

namespace coffer::appliance {

Parts real_parts()
{
    return {self_tests(), [](const Session& session, const charter::ApplianceKey& key) { return session.signer_for(key); }};
}

console::Program make_program(const Parts& parts)
{
    auto options = console::standard_options();
    options.push_back({.name = "home",
                       .metavar = "DIR",
                       .help = "the appliance's folder (default: $COFFER_COLD_HOME, else /var/lib/coffer-cold)",
                       .completes = console::Completes::directory});
    return {.name = "coffer-cold",
            .version = COFFER_VERSION,
            .summary = "verify approvals and sign, in the air gap",
            .options = std::move(options),
            .commands = {init_command(), passphrase_change_command(), pin_command(), keys_generate_command(), keys_import_command(), keys_list_command(),
                         keys_export_public_command(), keys_words_command(), shares_create_command(), shares_refresh_command(),
                         shares_verify_command(), shares_combine_command(), shares_drill_command(), inspect_command(), verify_command(parts), sign_command(parts),
                         freeze_command(), address_command(), clock_show_command(), clock_set_command(), log_show_command(),
                         log_verify_command(), log_export_command(), selftest_command(parts), status_command(),
                         backup_command(), restore_command()}};
}

int run(console::Environment& environment, const std::vector<std::string>& args, const Parts& parts)
{
    return console::run_program(make_program(parts), environment, args);
}

} // namespace coffer::appliance
