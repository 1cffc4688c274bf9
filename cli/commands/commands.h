#pragma once

#include "core/console/command.h"

/// One function a command, each in the file of its name; program.cpp has the table.
namespace coffer::cli {

console::Command init_command();
console::Command officer_keygen_command();
console::Command officer_trust_command();
console::Command officer_suspend_command();
console::Command charter_new_command();
console::Command charter_check_command();
console::Command charter_seal_command();
console::Command charter_sign_command();
console::Command charter_adopt_command();
console::Command charter_show_command();
console::Command charter_diff_command();
console::Command charter_status_command();
console::Command freeze_command();
console::Command unfreeze_command();
console::Command destination_add_command();
console::Command destination_remove_command();
console::Command order_add_command();
console::Command order_end_command();
console::Command order_list_command();
console::Command appliance_enrol_command();
console::Command appliance_retire_command();
console::Command entry_sign_command();
console::Command entry_adopt_command();
console::Command wallet_import_command();
console::Command wallet_create_command();
console::Command wallet_list_command();
console::Command wallet_show_command();
console::Command wallet_addresses_command();
console::Command wallet_balance_command();
console::Command propose_transfer_command();
console::Command propose_batch_command();
console::Command propose_ceremony_command();
console::Command propose_message_command();
console::Command propose_raw_command();
console::Command list_command();
console::Command show_command();
console::Command approve_command();
console::Command reject_command();
console::Command cancel_command();
console::Command export_command();
console::Command import_command();
console::Command broadcast_command();
console::Command track_command();
console::Command bump_command();
console::Command void_command();
console::Command policy_explain_command();
console::Command policy_test_command();
console::Command audit_log_command();
console::Command audit_verify_command();
console::Command audit_export_command();
console::Command doctor_command();
console::Command config_show_command();
console::Command inspect_command();

} // namespace coffer::cli
