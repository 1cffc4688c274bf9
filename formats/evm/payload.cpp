#include "formats/evm/payload.h"

#include "core/artefacts/artefact.h"
#include "core/base/byte_writer.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/crypto/keccak.h"
#include "core/encoding/cbor.h"
#include "core/encoding/hex.h"
#include "formats/evm/describe.h"
#include "formats/evm/encode.h"

namespace coffer::evm {

namespace {

PayloadDigest payload_digest(std::uint64_t chain_id, const Address& sender, const ByteArray<32>& signing_hash)
{
    const cbor::Value value{cbor::Value::Array{family_name, chain_id, sender.bytes(), signing_hash}};
    return PayloadDigest{crypto::sha256(artefacts::domain_separated("payload", cbor::encode(value)))};
}

payments::SigningTask signing_task(ByteView bytes, const charter::WalletKey& key, const Account& account)
{
    payments::SigningTask task;
    task.digest = crypto::keccak256(bytes); // the decoder takes one form only, so this is the signing hash
    task.appliance = key.appliance;
    task.key = key.key;
    task.path = key.path;
    task.public_key = to_bytes(account.public_key);
    return task;
}

/// The y parity under which the signature recovers to the key.
std::uint8_t find_y_parity(const crypto::Secp256k1PublicKey& key, const ByteArray<32>& digest,
                           const ByteArray<64>& compact)
{
    for (const auto parity : ByteArray<2>{0, 1})
        if (crypto::recover_ecdsa(digest, {compact, parity}) == key)
            return parity;
    throw Error{ErrorCode::sig_verify, "signature recovers to another key"};
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
    auto task = signing_task(bytes, context.wallet.keys.front(), account);
    return std::unique_ptr<const EvmPayload>{new EvmPayload{bytes, std::move(transaction), std::move(description),
                                                            account.address, std::move(task)}};
}

std::vector<payments::SpendSlot> EvmPayload::slots() const
{
    return {{slot_owner(m_transaction.chain_id.value(), m_sender.bytes()), m_transaction.nonce}};
}

void EvmPayload::verify(const payments::TaskSignature& signature) const
{
    if (signature.input != m_task.input)
        throw Error{ErrorCode::sig_verify, "signature is for input " + std::to_string(signature.input) +
                                               ", the transaction has input 0 only"};
    if (signature.public_key != m_task.public_key)
        throw Error{ErrorCode::sig_verify, "signature is by key " + encoding::encode_hex(signature.public_key) +
                                               ", not " + encoding::encode_hex(m_task.public_key)};
    if (signature.signature.size() != 64)
        throw Error{ErrorCode::sig_verify, "signature has " + std::to_string(signature.signature.size()) +
                                               " bytes, not 64"};
    // The sender is the address of this key (AccountCache), so whoever recovers it finds the sender.
    const auto key = crypto::Secp256k1PublicKey::decode(m_task.public_key);
    if (!crypto::verify_ecdsa(key, m_task.digest, to_array<64>(signature.signature, "signature")))
        throw Error{ErrorCode::sig_verify, "signature does not verify against the key of " + format_address(m_sender) +
                                               ", or its s is high"};
}

payments::SignedTransaction EvmPayload::finalize(std::span<const payments::TaskSignature> signatures) const
{
    if (signatures.empty())
        throw Error{ErrorCode::state, "the signature of " + format_address(m_sender) + " is missing"};
    if (signatures.size() > 1)
        throw Error{ErrorCode::sig_verify, std::to_string(signatures.size()) + " signatures for a transaction of 1"};
    const auto& signature = signatures.front();
    verify(signature);
    const auto compact = to_array<64>(signature.signature, "signature");
    const auto parity = find_y_parity(crypto::Secp256k1PublicKey::decode(m_task.public_key), m_task.digest, compact);
    auto bytes = encode_signed({m_transaction, {compact, parity}});
    auto txid = "0x" + encoding::encode_hex(crypto::keccak256(bytes));
    return {std::move(bytes), std::move(txid)};
}

} // namespace coffer::evm
