#pragma once

#include "core/base/document.h"
#include "core/charter/charter.h"

#include <string>

namespace coffer::appliance {

/// What every signer of a wallet compares before money goes there.
std::string first_address(const charter::Charter& charter, const charter::Wallet& wallet);
/// {wallet, address} of every wallet.
Document describe_first_addresses(const charter::Charter& charter);

} // namespace coffer::appliance
