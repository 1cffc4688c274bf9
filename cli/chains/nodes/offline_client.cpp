#include "cli/chains/nodes/offline_client.h"

namespace coffer::cli {

namespace {

[[noreturn]] void refuse()
{
    throw Error{ErrorCode::rpc, "offline inputs build a transfer; anything else needs a node"};
}

} // namespace

chains::BuiltTransfer OfflineClient::replace(const chains::ReplacementOrder&)
{
    refuse();
}

std::vector<Amount> OfflineClient::balances(const charter::Charter&, const charter::Wallet&)
{
    refuse();
}

std::uint64_t OfflineClient::height()
{
    refuse();
}

chains::SendOutcome OfflineClient::send(const payments::SignedTransaction&)
{
    refuse();
}

chains::Sighting OfflineClient::look_up(const payments::SignedTransaction&, std::uint64_t)
{
    refuse();
}

bool OfflineClient::is_spent(const payments::SpendSlot&, std::uint64_t)
{
    refuse();
}

} // namespace coffer::cli
