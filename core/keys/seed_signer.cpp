#include "core/keys/seed_signer.h"

#include "core/base/error.h"
#include "core/crypto/schnorr.h"

namespace coffer::keys {

namespace {

void require_named(const SigningTask& task, ByteView public_key)
{
    if (!equal(public_key, task.public_key))
        throw Error{ErrorCode::fingerprint, "the key at " + task.path + " is not the one that the charter names"};
}

ByteArray<64> sign_taproot(const SigningTask& task, const crypto::Secp256k1PrivateKey& key)
{
    if (!task.taproot_tweak) {
        require_named(task, crypto::XOnlyPublicKey::of(key.public_key()).bytes());
        return crypto::sign_schnorr(key, task.digest);
    }
    const auto output_key = crypto::tweak_for_taproot(key, *task.taproot_tweak);
    if (!output_key)
        throw Error{ErrorCode::pubkey, "the key at " + task.path + " has no such tweak"};
    require_named(task, crypto::XOnlyPublicKey::of(output_key->public_key()).bytes());
    return crypto::sign_schnorr(*output_key, task.digest);
}

} // namespace

std::vector<TaskSignature> SeedSigner::sign(std::span<const SigningTask> tasks)
{
    std::vector<TaskSignature> signatures;
    for (const auto& task : tasks) {
        const auto& key = key_at(task.path);
        switch (task.algorithm) {
        case SignatureAlgorithm::ecdsa_secp256k1:
            require_named(task, key.public_key().compressed());
            signatures.push_back({task.input, task.public_key, to_bytes(key.sign(task.digest).compact)});
            break;
        case SignatureAlgorithm::schnorr_secp256k1:
            signatures.push_back({task.input, task.public_key, to_bytes(sign_taproot(task, key))});
            break;
        case SignatureAlgorithm::ed25519:
            throw Error{ErrorCode::fingerprint, "a secp256k1 seed does not sign Ed25519 tasks"};
        }
    }
    return signatures;
}

const crypto::Secp256k1PrivateKey& SeedSigner::key_at(const std::string& path)
{
    const auto known = m_keys.find(path);
    if (known != m_keys.end())
        return known->second;
    return m_keys.emplace(path, m_account.derive(DerivationPath::parse(path)).key()).first->second;
}

} // namespace coffer::keys
