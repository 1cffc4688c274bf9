#pragma once

#include "core/payments/message.h"
#include "formats/bitcoin/input_signing.h"
#include "formats/bitcoin/psbt.h"
#include "formats/bitcoin/wallet.h"

#include <memory>

namespace coffer::bitcoin {

/// The payload by which the address at a place of a wallet signs a text.
Bytes make_message(ByteView text, const DescriptorWallet& wallet, const Place& place);

/// A text that an address of a descriptor wallet signs by BIP-322, in its simple form.
class BitcoinMessage final : public payments::Payload {
public:
    /// Errors: those of payments::decode_message() and DescriptorWallet(); `malformed` for another standard or place; `input_owner` for an
    /// address that is not the wallet's at that place; `output_script` for one that is no native segwit: the simple form is its witness.
    static std::unique_ptr<const BitcoinMessage> decode(ByteView bytes, const chains::PayloadContext& context, const WalletCache& wallets);

    PayloadDigest digest() const override { return m_digest; }
    /// The id of the transaction that is signed and never sent, in the order in which ids are shown.
    Bytes chain_hash() const override;
    payments::Description description() const override { return m_description; }
    std::vector<payments::SpendSlot> slots() const override { return {}; }
    std::vector<payments::SigningTask> signing_tasks() const override { return signing().tasks(); }
    std::size_t signers_needed() const override { return signing().signers_needed(); }
    std::size_t count_signers(std::span<const payments::TaskSignature> signatures) const override { return signing().count_signers(signatures); }
    std::size_t count_free_signers(std::span<const payments::TaskSignature> signatures) const override { return signing().count_free_signers(signatures); }
    std::vector<Detail> details() const override;
    const payments::Message* message() const override { return &m_message; }
    void verify(const payments::TaskSignature& signature) const override { signing().verify(signature); }
    /// The witness; as text format_simple_signature().
    payments::SignedTransaction finalize(std::span<const payments::TaskSignature> signatures) const override;

private:
    BitcoinMessage(ByteView bytes, payments::Message message, const Place& place, std::shared_ptr<const DescriptorWallet> wallet, const AssetId& native);
    InputSigning signing() const { return {*m_wallet, m_digests, m_places}; }

    payments::Message m_message;
    std::shared_ptr<const DescriptorWallet> m_wallet;
    Psbt m_psbt;
    std::vector<InputDigest> m_digests;
    std::vector<Place> m_places;
    payments::Description m_description;
    PayloadDigest m_digest;
};

} // namespace coffer::bitcoin
