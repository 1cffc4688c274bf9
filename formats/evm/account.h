#pragma once

#include "core/chains/account.h"
#include "core/charter/charter.h"
#include "formats/evm/address.h"

#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace coffer::evm {

/// What a derived key is on every EVM chain.
struct Account {
    ByteArray<33> public_key{}; ///< compressed
    Address address;
};

/// At 0/0 below the account (BIP-44).
chains::AccountAddress first_address(const chains::AccountChain& chain, const chains::AccountKey& key);

/// The account of an extended public key at a relative path: `0/0`. Throws what core/keys throws.
Account derive_account(std::string_view extended_public, std::string_view path);

/// The appliance's key that a wallet of one key names. Throws Error{policy_invalid} for another
/// number of keys, one that is held outside, or one that the charter lacks.
const charter::ApplianceKey& appliance_key(const charter::Charter& charter, const charter::Wallet& wallet);

/// Remembers derived accounts, since a bundle may hold 1,000 payloads of one wallet and a
/// derivation costs as much as a signature. Bounded; safe to share between threads.
class AccountCache {
public:
    /// Of the wallet's only key. Throws Error{policy_invalid} also when the wallet's address is
    /// not that of its key.
    Account account_of(const charter::Charter& charter, const charter::Wallet& wallet) const;

private:
    using Key = std::pair<std::string, std::string>; // extended key and path
    mutable std::mutex m_mutex;
    mutable std::map<Key, Account> m_accounts;
};

} // namespace coffer::evm
