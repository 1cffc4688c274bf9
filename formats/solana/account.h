#pragma once

#include "core/chains/account.h"

namespace coffer::solana {

constexpr std::string_view family_name = "solana";

/// Of the account's own key: SLIP-10 has no public children.
chains::AccountAddress first_address(const chains::AccountChain& chain, const chains::AccountKey& key);

} // namespace coffer::solana
