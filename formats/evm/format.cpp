#include "formats/evm/format.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "formats/evm/check_charter.h"
#include "formats/evm/feerate.h"
#include "formats/evm/inspect.h"
#include "formats/evm/message.h"
#include "formats/evm/payload.h"

namespace coffer::evm {

namespace {

constexpr std::string_view usual_path = "0/0";
constexpr std::uint32_t usual_confirmations = 12;

} // namespace

std::string_view EvmFormat::family() const
{
    return family_name;
}

std::unique_ptr<const payments::Payload> EvmFormat::decode(ByteView payload, const chains::PayloadContext& context) const
{
    if (payments::is_message(payload))
        return EvmMessage::decode(payload, context, m_accounts);
    return EvmPayload::decode(payload, context, m_accounts);
}

Bytes EvmFormat::parse_address(std::string_view text, const charter::Chain&) const
{
    return to_bytes(evm::parse_address(text, Checksum::required).bytes());
}

std::string EvmFormat::format_address(ByteView address, const charter::Chain&) const
{
    return evm::format_address(Address::from(address));
}

Bytes EvmFormat::derive_address(const charter::Charter& charter, const charter::Wallet& wallet, chains::Branch branch,
                                std::uint32_t index) const
{
    if (branch != chains::Branch::receive)
        throw Error{ErrorCode::malformed, "wallet " + quoted(wallet.id) + " is one account: it has no change addresses"};
    if (index != 0)
        throw Error{ErrorCode::malformed, "wallet " + quoted(wallet.id) + " is one account: it has index 0 only, not " +
                                              std::to_string(index)};
    return to_bytes(m_accounts.account_of(charter, wallet).address.bytes());
}

std::vector<chains::HeldKey> EvmFormat::keys_of(const charter::Charter& charter, const charter::Wallet& wallet) const
{
    static_cast<void>(m_accounts.account_of(charter, wallet)); // so its one key is one that the charter describes
    const auto& holder = wallet.keys.front();
    const auto* key = charter.find_appliance(holder.appliance)->find_key(holder.key);
    return {{holder, key->origin, key->extended_public}};
}

Bytes EvmFormat::make_message(ByteView text, const chains::PayloadContext& context, std::uint32_t index) const
{
    return payments::encode_message({.standard = std::string{message_standard},
                                     .address = derive_address(context.charter, context.wallet, chains::Branch::receive, index),
                                     .text = to_bytes(text)});
}

std::optional<charter::Chain> EvmFormat::chain_named(std::string_view name) const
{
    if (name != family_name)
        return std::nullopt;
    charter::Chain chain;
    chain.id = "ethereum";
    chain.family = family_name;
    chain.symbol = native_symbol();
    chain.decimals = native_decimals();
    return chain;
}

std::vector<std::string_view> EvmFormat::chain_names() const
{
    return {family_name};
}

Bytes EvmFormat::derive_address(const charter::Chain&, std::string_view extended_public, std::string_view path) const
{
    return to_bytes(derive_account(extended_public, path).address.bytes());
}

charter::Chain EvmFormat::usual_chain(std::string_view) const
{
    return *chain_named(family_name);
}

charter::Wallet EvmFormat::draft_wallet(const charter::Chain&, std::string_view policy, std::span<const chains::DraftKey> keys) const
{
    if (!policy.empty())
        throw Error{ErrorCode::usage, "--policy is for wallets with a descriptor; an EVM wallet is one account"};
    if (keys.size() != 1)
        throw Error{ErrorCode::usage, "an account has one key, " + std::to_string(keys.size()) + " were given"};
    charter::Wallet wallet;
    const auto& [holder, origin, extended_public] = keys.front().held;
    auto key = holder;
    if (key.path.empty())
        key.path = usual_path;
    wallet.address = to_bytes(derive_account(extended_public, key.path).address.bytes());
    wallet.keys = {std::move(key)};
    wallet.confirmations = usual_confirmations;
    return wallet;
}

Uint256 EvmFormat::parse_feerate(std::string_view text) const
{
    return evm::parse_feerate(text);
}

std::string EvmFormat::format_feerate(const Uint256& rate) const
{
    return evm::format_feerate(rate);
}

std::vector<charter::Problem> EvmFormat::check_charter(const charter::Charter& charter) const
{
    return evm::check_charter(charter);
}

std::optional<Document> EvmFormat::inspect(ByteView bytes, std::string_view text, std::string_view kind) const
{
    return evm::inspect(bytes, text, kind);
}

} // namespace coffer::evm
