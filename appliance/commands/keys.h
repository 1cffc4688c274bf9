#pragma once

#include "appliance/session.h"
#include "core/console/command.h"

#include <string>
#include <vector>

/// What the commands of wallet keys have in common.
namespace coffer::appliance {

/// --id K, which a new key must be given.
console::OptionSpec key_id_option();
/// Those of a command, and those of the passphrase.
std::vector<console::OptionSpec> with_secrets(std::vector<console::OptionSpec> options);
/// The same, and what enters a key that rests nowhere by its shares.
std::vector<console::OptionSpec> with_shares(std::vector<console::OptionSpec> options);
/// --scheme bip39|slip39
console::OptionSpec key_scheme_option(std::string default_value);
/// --rest none|sealed
console::OptionSpec key_rest_option();
/// What a command says of the key that it has just added.
console::CommandResult describe_new_key(const Session& session, const std::string& id);

} // namespace coffer::appliance
