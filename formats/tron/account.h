#pragma once

#include "core/chains/account.h"

namespace coffer::tron {

constexpr std::string_view family_name = "tron";

/// At 0/0 below the account (BIP-44).
chains::AccountAddress first_address(const chains::AccountChain& chain, const chains::AccountKey& key);

} // namespace coffer::tron
