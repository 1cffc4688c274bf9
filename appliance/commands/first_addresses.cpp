#include "appliance/commands/first_addresses.h"

#include "core/chains/payload_format.h"

namespace coffer::appliance {

std::string first_address(const charter::Charter& charter, const charter::Wallet& wallet)
{
    const auto& chain = charter.chain(wallet.chain);
    const auto& format = chains::format_of(chain);
    return format.format_address(format.derive_address(charter, wallet, chains::Branch::receive, 0), chain);
}

Document describe_first_addresses(const charter::Charter& charter)
{
    auto list = Document::list();
    for (const auto& wallet : charter.wallets)
        list.add(Document::object().set("wallet", wallet.id).set("address", first_address(charter, wallet)));
    return list;
}

} // namespace coffer::appliance
