#pragma once

#include "core/chains/payload_format.h"
#include "formats/evm/account.h"
#include "formats/evm/transaction.h"

#include <memory>
#include <string_view>

namespace coffer::evm {

/// The name of this family in charters, digests and slots.
constexpr std::string_view family_name = "evm";

/// Who owns the nonces of an account, in payments::SpendSlot: "evm", the chain id as u64 (big-endian) and
/// the account's address.
Bytes slot_owner(std::uint64_t chain_id, ByteView account);

/// An unsigned transaction of type 0 or 2 that pays from a wallet of the charter.
class EvmPayload final : public payments::Payload {
public:
    /// Errors: those of decode_unsigned(), describe() and AccountCache::account_of().
    static std::unique_ptr<const EvmPayload> decode(ByteView bytes, const chains::PayloadContext& context,
                                                    const AccountCache& accounts);

    const Transaction& transaction() const { return m_transaction; }
    const Address& sender() const { return m_sender; }

    /// SHA-256("coffer/v1/payload" 00 CBOR["evm", chain id, sender, signing hash]).
    PayloadDigest digest() const override { return m_digest; }
    /// The signing hash.
    Bytes chain_hash() const override { return to_bytes(m_task.digest); }
    payments::Description description() const override { return m_description; }
    /// One: the slot_owner() of the sender; the sequence is the nonce.
    std::vector<payments::SpendSlot> slots() const override;
    std::vector<payments::SigningTask> signing_tasks() const override { return {m_task}; }
    void verify(const payments::TaskSignature& signature) const override;
    payments::SignedTransaction finalize(std::span<const payments::TaskSignature> signatures) const override;

private:
    EvmPayload(ByteView bytes, Transaction transaction, payments::Description description, const Address& sender,
               payments::SigningTask task);

    Transaction m_transaction;
    payments::Description m_description;
    Address m_sender;
    payments::SigningTask m_task;
    PayloadDigest m_digest;
};

} // namespace coffer::evm
