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
/// What a command says of the key that it has just added.
console::CommandResult describe_new_key(const Session& session, const std::string& id);

} // namespace coffer::appliance
