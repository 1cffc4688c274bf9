#pragma once

#include "core/chains/payload_format.h"
#include "core/payments/message.h"
#include "formats/evm/account.h"

#include <memory>
#include <string_view>

namespace coffer::evm {

/// How an account signs a text: version 0x45 of EIP-191, which wallets call personal_sign.
constexpr std::string_view message_standard = "eip191";

/// Keccak-256 of 19 "Ethereum Signed Message:\n", the decimal count of bytes, and the text.
ByteArray<32> message_hash(ByteView text);

/// A text that the account of a wallet signs.
class EvmMessage final : public payments::Payload {
public:
    /// Errors: those of payments::decode_message() and AccountCache::account_of(); `malformed` for another standard or a place;
    /// `input_owner` for an address that is not the wallet's; `policy_sharedkey` for an account that wallets on several
    /// chains have: the signature is good on all of them (PROTOCOL 5).
    static std::unique_ptr<const EvmMessage> decode(ByteView bytes, const chains::PayloadContext& context, const AccountCache& accounts);

    PayloadDigest digest() const override { return m_digest; }
    /// The signing hash.
    Bytes chain_hash() const override { return to_bytes(m_task.digest); }
    payments::Description description() const override { return m_description; }
    std::vector<payments::SpendSlot> slots() const override { return {}; }
    std::vector<payments::SigningTask> signing_tasks() const override { return {m_task}; }
    std::vector<Detail> details() const override;
    const payments::Message* message() const override { return &m_message; }
    void verify(const payments::TaskSignature& signature) const override;
    /// r ‖ s ‖ v with v 27 or 28; as text in hex behind 0x.
    payments::SignedTransaction finalize(std::span<const payments::TaskSignature> signatures) const override;

private:
    EvmMessage(ByteView bytes, payments::Message message, payments::SigningTask task, const chains::PayloadContext& context);

    payments::Message m_message;
    payments::SigningTask m_task;
    payments::Description m_description;
    PayloadDigest m_digest;
};

} // namespace coffer::evm
