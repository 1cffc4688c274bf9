#include "formats/evm/account.h"

#include "core/base/text.h"
#include "core/keys/derivation.h"

#include <algorithm>

namespace coffer::evm {

namespace {

constexpr std::size_t most_cached_accounts = 1024;

Error bad(const charter::Wallet& wallet, const std::string& message)
{
    return Error{ErrorCode::policy_invalid, "wallet " + quoted(wallet.id) + " " + message};
}

} // namespace

Account derive_account(std::string_view extended_public, std::string_view path)
{
    const auto key = keys::ExtendedPublicKey::parse(extended_public).derive(keys::DerivationPath::parse(path)).key();
    return {key.compressed(), address_of(key)};
}

chains::AccountAddress first_address(const chains::AccountChain&, const chains::AccountKey& key)
{
    const auto account = derive_account(std::get<keys::ExtendedPublicKey>(key.key).format(), "0/0");
    return {"0/0", to_bytes(account.public_key), format_address(account.address)};
}

const charter::ApplianceKey& appliance_key(const charter::Charter& charter, const charter::Wallet& wallet)
{
    if (wallet.keys.size() != 1)
        throw bad(wallet, "names " + std::to_string(wallet.keys.size()) + " keys, an account has 1");
    const auto& named = wallet.keys.front();
    const auto* appliance = charter.find_appliance(named.appliance);
    if (appliance == nullptr)
        throw bad(wallet, "names a key of no appliance of the charter");
    const auto key = std::ranges::find(appliance->keys, named.key, &charter::ApplianceKey::id);
    if (key == appliance->keys.end())
        throw bad(wallet, "names key " + quoted(named.key) + ", which appliance " + quoted(appliance->id) + " lacks");
    return *key;
}

Account AccountCache::account_of(const charter::Charter& charter, const charter::Wallet& wallet) const
{
    const auto& key = appliance_key(charter, wallet);
    const Key cached{key.extended_public, wallet.keys.front().path};
    const std::lock_guard lock{m_mutex};
    auto place = m_accounts.find(cached);
    if (place == m_accounts.end()) {
        const auto derived = derive_account(cached.first, cached.second);
        if (m_accounts.size() >= most_cached_accounts)
            m_accounts.clear();
        place = m_accounts.emplace(cached, derived).first;
    }
    const auto& account = place->second;
    if (!equal(account.address.bytes(), wallet.address))
        throw bad(wallet, "has another address than its key, which gives " + format_address(account.address));
    return account;
}

} // namespace coffer::evm
