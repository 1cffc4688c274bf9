#include "cli/program.h"

#include "cli/commands/commands.h"
#include "cli/home.h"

namespace coffer::cli {

namespace {

std::vector<console::OptionSpec> global_options()
{
    auto options = console::standard_options();
    for (auto& option : home_options())
        options.push_back(std::move(option));
    return options;
}

} // namespace

console::Program make_program()
{
    return {
        .name = "coffer",
        .version = COFFER_VERSION,
        .summary = "approvals, transactions and books of a treasury",
        .options = global_options(),
        .commands =
            {
                init_command(),
                officer_keygen_command(),
                officer_trust_command(),
                officer_suspend_command(),
                charter_new_command(),
                charter_check_command(),
                charter_seal_command(),
                charter_sign_command(),
                charter_adopt_command(),
                charter_show_command(),
                charter_diff_command(),
                charter_status_command(),
                freeze_command(),
                unfreeze_command(),
                destination_add_command(),
                destination_remove_command(),
                order_add_command(),
                order_end_command(),
                order_list_command(),
                appliance_enrol_command(),
                appliance_retire_command(),
                entry_sign_command(),
                entry_adopt_command(),
                wallet_import_command(),
                wallet_create_command(),
                wallet_list_command(),
                wallet_show_command(),
                wallet_addresses_command(),
                wallet_balance_command(),
                propose_transfer_command(),
                propose_batch_command(),
                propose_ceremony_command(),
                propose_message_command(),
                propose_raw_command(),
                list_command(),
                show_command(),
                approve_command(),
                reject_command(),
                cancel_command(),
                export_command(),
                import_command(),
                broadcast_command(),
                track_command(),
                bump_command(),
                void_command(),
                inspect_command(),
                policy_explain_command(),
                policy_test_command(),
                audit_log_command(),
                audit_verify_command(),
                audit_export_command(),
                doctor_command(),
                config_show_command(),
            },
    };
}

int run(console::Environment& environment, const std::vector<std::string>& args)
{
    return console::run_program(make_program(), environment, args);
}

} // namespace coffer::cli
