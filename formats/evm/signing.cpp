#include "formats/evm/signing.h"

#include "core/base/error.h"
#include "core/encoding/hex.h"

namespace coffer::evm {

namespace {

std::string address_of_task(const payments::SigningTask& task)
{
    return format_address(address_of(crypto::Secp256k1PublicKey::decode(task.public_key)));
}

/// The y parity under which the signature recovers to the key.
std::uint8_t find_y_parity(const crypto::Secp256k1PublicKey& key, const ByteArray<32>& digest, const ByteArray<64>& compact)
{
    for (const auto parity : ByteArray<2>{0, 1})
        if (crypto::recover_ecdsa(digest, {compact, parity}) == key)
            return parity;
    throw Error{ErrorCode::sig_verify, "signature recovers to another key"};
}

} // namespace

payments::SigningTask signing_task(const charter::WalletKey& key, const Account& account, const ByteArray<32>& digest)
{
    payments::SigningTask task;
    task.digest = digest;
    task.appliance = key.appliance;
    task.key = key.key;
    task.path = key.path;
    task.public_key = to_bytes(account.public_key);
    return task;
}

void verify_signature(const payments::SigningTask& task, const payments::TaskSignature& signature)
{
    if (signature.input != task.input)
        throw Error{ErrorCode::sig_verify, "signature is for input " + std::to_string(signature.input) +
                                               ", the transaction has input 0 only"};
    if (signature.public_key != task.public_key)
        throw Error{ErrorCode::sig_verify, "signature is by key " + encoding::encode_hex(signature.public_key) +
                                               ", not " + encoding::encode_hex(task.public_key)};
    if (signature.signature.size() != 64)
        throw Error{ErrorCode::sig_verify, "signature has " + std::to_string(signature.signature.size()) +
                                               " bytes, not 64"};
    // The sender is the address of this key (AccountCache), so whoever recovers it finds the sender.
    const auto key = crypto::Secp256k1PublicKey::decode(task.public_key);
    if (!crypto::verify_ecdsa(key, task.digest, to_array<64>(signature.signature, "signature")))
        throw Error{ErrorCode::sig_verify, "signature does not verify against the key of " + address_of_task(task) +
                                               ", or its s is high"};
}

crypto::EcdsaSignature only_signature(const payments::SigningTask& task, std::span<const payments::TaskSignature> signatures)
{
    if (signatures.empty())
        throw Error{ErrorCode::state, "the signature of " + address_of_task(task) + " is missing"};
    if (signatures.size() > 1)
        throw Error{ErrorCode::sig_verify, std::to_string(signatures.size()) + " signatures for a transaction of 1"};
    const auto& signature = signatures.front();
    verify_signature(task, signature);
    const auto compact = to_array<64>(signature.signature, "signature");
    return {compact, find_y_parity(crypto::Secp256k1PublicKey::decode(task.public_key), task.digest, compact)};
}

} // namespace coffer::evm
