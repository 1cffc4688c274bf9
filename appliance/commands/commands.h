#pragma once

#include "appliance/program.h"
#include "appliance/session.h"
#include "core/console/command.h"

/// One function a command, each in the file of its name; program.cpp has the table.
namespace coffer::appliance {

console::Command init_command();
console::Command passphrase_change_command();
console::Command pin_command();
console::Command keys_generate_command();
console::Command keys_words_command();
console::Command keys_import_command();
console::Command keys_list_command();
console::Command keys_export_public_command();
console::Command shares_create_command();
console::Command shares_refresh_command();
console::Command shares_verify_command();
console::Command shares_combine_command();
console::Command shares_drill_command();
console::Command inspect_command();

console::Command verify_command(const Parts& parts);
console::Command sign_command(const Parts& parts);
console::Command freeze_command();
console::Command address_command();
console::Command clock_show_command();
console::Command clock_set_command();
console::Command log_show_command();
console::Command log_verify_command();
console::Command log_export_command();
console::Command selftest_command(const Parts& parts);
console::Command status_command();
console::Command backup_command();
console::Command restore_command();

/// What a command that opens the home with its passphrase may end with.
std::vector<ExitStatus> session_exits();
/// What a command that reads the ledger of a locked home may end with, and what it may besides.
std::vector<ExitStatus> locked_home_exits(std::vector<ExitStatus> more = {});

/// `{memory_kib, passes}`.
Document describe_cost(crypto::Argon2Cost cost);

/// --home, else $COFFER_COLD_HOME, else /var/lib/coffer-cold.
Home home_of(const console::Invocation& invocation);
/// A line on every run in a home that is one.
void warn_of_rehearsal(const console::Invocation& invocation, const requests::VaultLedger& ledger);
/// The passphrase of a home that may be opened now (--passphrase-file, --passphrase-fd, terminal), untried.
/// Throws Error{swap} in `production`, and what Home::require_usable() throws.
SecretBytes ask_home_passphrase(const console::Invocation& invocation);
/// Asks for the passphrase (--passphrase-file, --passphrase-fd, terminal) and opens the home.
Session open_session(const console::Invocation& invocation);

} // namespace coffer::appliance
