#include "core/keys/seed_signer.h"

#include "core/base/error.h"

namespace coffer::keys {

std::vector<TaskSignature> SeedSigner::sign(std::span<const SigningTask> tasks)
{
    std::vector<TaskSignature> signatures;
    for (const auto& task : tasks) {
        if (task.algorithm != SignatureAlgorithm::ecdsa_secp256k1)
            throw Error{ErrorCode::fingerprint, "a secp256k1 seed does not sign Ed25519 tasks"};
        const auto& key = key_at(task.path);
        const auto public_key = key.public_key().compressed();
        if (!equal(public_key, task.public_key))
            throw Error{ErrorCode::fingerprint, "the key at " + task.path + " is not the one that the charter names"};
        const auto signature = key.sign(task.digest);
        signatures.push_back({task.input, task.public_key, {signature.compact.begin(), signature.compact.end()}});
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
