#include "core/charter/wallet_keys.h"

#include "core/base/text.h"
#include "core/keys/derivation.h"

#include <algorithm>

namespace coffer::charter {

bool KeyIdentity::overlaps(const KeyIdentity& other) const
{
    return key && other.key ? *key == *other.key : root == other.root;
}

std::optional<KeyIdentity> identity_of(const Charter& charter, const WalletKey& key)
{
    const auto* appliance = charter.find_appliance(key.appliance);
    if (appliance == nullptr)
        return std::nullopt;
    const auto found = std::ranges::find(appliance->keys, key.key, &ApplianceKey::id);
    if (found == appliance->keys.end())
        return std::nullopt;
    const auto extended = keys::ExtendedPublicKey::parse(found->extended_public);
    KeyIdentity identity{.root = to_bytes(extended.key().compressed()), .key = std::nullopt};
    append(identity.root, extended.chain_code());
    if (!key.path.empty())
        identity.key = to_bytes(extended.derive(keys::DerivationPath::parse(key.path)).key().compressed());
    return identity;
}

void require_keeps_modes(const Charter& earlier, const Charter& later)
{
    std::vector<KeyIdentity> governed;
    for (const auto& wallet : earlier.wallets) {
        const auto* now = later.find_wallet(wallet.id);
        if (now != nullptr && now->mode != wallet.mode)
            throw Error{ErrorCode::policy_invalid, "wallet \"" + wallet.id + "\" was " + std::string{name_of(wallet.mode)} +
                                                       " and cannot become " + std::string{name_of(now->mode)}};
        if (wallet.mode == Mode::governed)
            for (const auto& key : wallet.keys)
                if (auto identity = identity_of(earlier, key))
                    governed.push_back(std::move(*identity));
    }
    for (const auto& wallet : later.wallets) {
        if (wallet.mode != Mode::personal)
            continue;
        for (const auto& key : wallet.keys) {
            const auto identity = identity_of(later, key);
            if (identity && std::ranges::any_of(governed, [&](const auto& other) { return other.overlaps(*identity); }))
                throw Error{ErrorCode::policy_sharedkey,
                            "personal wallet \"" + wallet.id + "\" names a key that was in a governed wallet"};
        }
    }
}

} // namespace coffer::charter
