#include "formats/tron/account.h"

#include "formats/tron/address.h"

namespace coffer::tron {

chains::AccountAddress first_address(const chains::AccountChain&, const chains::AccountKey& key)
{
    const std::string path = "0/0";
    const auto child = std::get<keys::ExtendedPublicKey>(key.key).derive(keys::DerivationPath::parse(path)).key();
    return {path, to_bytes(child.compressed()), format_address(address_of(child))};
}

} // namespace coffer::tron
