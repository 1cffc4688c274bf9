#include "formats/evm/payload.h"

#include "core/artefacts/artefact.h"
#include "core/base/byte_writer.h"
#include "core/crypto/hash.h"
#include "core/crypto/keccak.h"
#include "core/encoding/cbor.h"
#include "core/encoding/hex.h"
#include "formats/evm/describe.h"
#include "formats/evm/encode.h"
#include "formats/evm/signing.h"

namespace coffer::evm {

namespace {

PayloadDigest payload_digest(std::uint64_t chain_id, const Address& sender, const ByteArray<32>& signing_hash)
{
    const cbor::Value value{cbor::Value::Array{family_name, chain_id, sender.bytes(), signing_hash}};
    return PayloadDigest{crypto::sha256(artefacts::domain_separated("payload", cbor::encode(value)))};
}

} // namespace

Bytes slot_owner(std::uint64_t chain_id, ByteView account)
{
    ByteWriter owner;
    owner.write(bytes_of(family_name)).write_u64_be(chain_id).write(account);
    return std::move(owner).bytes();
}

EvmPayload::EvmPayload(ByteView bytes, Transaction transaction, payments::Description description,
                       const Address& sender, payments::SigningTask task)
    : Payload{to_bytes(bytes)}, m_transaction{std::move(transaction)}, m_description{std::move(description)},
      m_sender{sender}, m_task{std::move(task)},
      m_digest{payload_digest(m_transaction.chain_id.value(), m_sender, m_task.digest)}
{
}

std::unique_ptr<const EvmPayload> EvmPayload::decode(ByteView bytes, const chains::PayloadContext& context,
                                                     const AccountCache& accounts)
{
    auto transaction = decode_unsigned(bytes);
    auto description = describe(transaction, context);
    const auto account = accounts.account_of(context.charter, context.wallet);
    // The decoder takes one form only, so the hash of the bytes is the signing hash.
    auto task = signing_task(context.wallet.keys.front(), account, crypto::keccak256(bytes));
    return std::unique_ptr<const EvmPayload>{new EvmPayload{bytes, std::move(transaction), std::move(description),
                                                            account.address, std::move(task)}};
}

std::vector<payments::SpendSlot> EvmPayload::slots() const
{
    return {{slot_owner(m_transaction.chain_id.value(), m_sender.bytes()), m_transaction.nonce}};
}

void EvmPayload::verify(const payments::TaskSignature& signature) const
{
    verify_signature(m_task, signature);
}

payments::SignedTransaction EvmPayload::finalize(std::span<const payments::TaskSignature> signatures) const
{
    auto bytes = encode_signed({m_transaction, only_signature(m_task, signatures)});
    auto txid = "0x" + encoding::encode_hex(crypto::keccak256(bytes));
    return {std::move(bytes), std::move(txid)};
}

} // namespace coffer::evm
