#pragma once

#include "core/chains/payload_format.h"
#include "formats/bitcoin/wallet.h"

namespace coffer::bitcoin {

/// Bitcoin on its networks. Payloads are PSBTs; an address in raw bytes is its script public key.
class BitcoinFormat final : public chains::PayloadFormat {
public:
    std::string_view family() const override { return family_name; }
    std::unique_ptr<const payments::Payload> decode(ByteView payload, const chains::PayloadContext& context) const override;

    Bytes parse_address(std::string_view text, const charter::Chain& chain) const override;
    std::string format_address(ByteView address, const charter::Chain& chain) const override;
    Bytes derive_address(const charter::Charter& charter, const charter::Wallet& wallet, Branch branch, std::uint32_t index) const override;
    Bytes make_message(ByteView text, const chains::PayloadContext& context, std::uint32_t index) const override;
    const charter::Wallet* find_owner(const charter::Charter& charter, const charter::Chain& chain, ByteView address) const override;
    std::vector<chains::HeldKey> keys_of(const charter::Charter& charter, const charter::Wallet& wallet) const override;
    std::size_t signers_needed(const charter::Charter& charter, const charter::Wallet& wallet) const override;
    /// `bitcoin` and the test networks by their names.
    std::optional<charter::Chain> chain_named(std::string_view name) const override;
    std::vector<std::string_view> chain_names() const override;
    /// Of P2WPKH (BIP-84), or of the script that a SLIP-132 prefix means.
    Bytes derive_address(const charter::Chain& chain, std::string_view extended_public, std::string_view path) const override;
    chains::AccountUse use_of(const keys::KeyOrigin& origin) const override;
    charter::Chain usual_chain(std::string_view extended_public) const override;
    charter::Wallet draft_wallet(const charter::Chain& chain, std::string_view policy, std::span<const chains::DraftKey> keys) const override;
    std::optional<charter::Chain> chain_of_descriptor(std::string_view descriptor) const override;
    std::vector<chains::DescribedAddress> derive_described(const charter::Chain& chain, std::string_view descriptor, Branch branch,
                                                           std::uint32_t start, std::uint32_t count) const override;
    keys::KeyNetwork key_network(const charter::Chain& chain) const override;
    /// A PSBT of version 0 or 2, in bytes or base64, becomes one of version 0 without signatures.
    Bytes adopt(ByteView foreign) const override;
    bool is_foreign_artefact(ByteView bytes) const override;
    std::optional<std::vector<payments::TaskSignature>> find_signatures(ByteView foreign, const payments::Payload& payload) const override;
    Bytes export_foreign(std::string_view kind, const payments::Payload& payload, std::span<const payments::TaskSignature> signatures) const override;

    Uint256 parse_feerate(std::string_view text) const override;
    std::string format_feerate(const Uint256& rate) const override;

    std::vector<charter::Problem> check_charter(const charter::Charter& charter) const override;
    std::string_view native_symbol() const override;
    unsigned native_decimals() const override;

    std::optional<Document> inspect(ByteView bytes, std::string_view text, std::string_view kind) const override;

private:
    WalletCache m_wallets;
};

} // namespace coffer::bitcoin
