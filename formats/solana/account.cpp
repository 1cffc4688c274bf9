#include "formats/solana/account.h"

#include "formats/solana/address.h"

namespace coffer::solana {

chains::AccountAddress first_address(const chains::AccountChain&, const chains::AccountKey& key)
{
    const auto& own = std::get<crypto::Ed25519PublicKey>(key.key);
    return {{}, to_bytes(own.bytes()), format_address(address_of(own))};
}

} // namespace coffer::solana
