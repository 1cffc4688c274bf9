#pragma once

#include "core/chains/payload_format.h"
#include "formats/evm/account.h"

namespace coffer::evm {

/// Ethereum and the networks that run its virtual machine.
class EvmFormat final : public chains::PayloadFormat {
public:
    std::string_view family() const override;
    std::unique_ptr<const payments::Payload> decode(ByteView payload, const chains::PayloadContext& context) const override;

    Bytes parse_address(std::string_view text, const charter::Chain& chain) const override;
    std::string format_address(ByteView address, const charter::Chain& chain) const override;
    Bytes derive_address(const charter::Charter& charter, const charter::Wallet& wallet, chains::Branch branch,
                         std::uint32_t index) const override;
    std::vector<chains::HeldKey> keys_of(const charter::Charter& charter, const charter::Wallet& wallet) const override;
    Bytes make_message(ByteView text, const chains::PayloadContext& context, std::uint32_t index) const override;
    std::optional<charter::Chain> chain_named(std::string_view name) const override;
    std::vector<std::string_view> chain_names() const override;
    Bytes derive_address(const charter::Chain& chain, std::string_view extended_public, std::string_view path) const override;
    charter::Chain usual_chain(std::string_view extended_public) const override;
    /// An account: one key at `0/0`, unless its holder names another path.
    charter::Wallet draft_wallet(const charter::Chain& chain, std::string_view policy, std::span<const chains::DraftKey> keys) const override;

    Uint256 parse_feerate(std::string_view text) const override;
    std::string format_feerate(const Uint256& rate) const override;

    std::vector<charter::Problem> check_charter(const charter::Charter& charter) const override;
    std::string_view native_symbol() const override { return "ETH"; }
    unsigned native_decimals() const override { return 18; }

    std::optional<Document> inspect(ByteView bytes, std::string_view text, std::string_view kind) const override;

private:
    AccountCache m_accounts;
};

} // namespace coffer::evm
