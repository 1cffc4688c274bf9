#include "core/keys/seed_signer.h"

#include "core/base/error.h"
#include "core/crypto/schnorr.h"

#include <algorithm>

namespace coffer::keys {

namespace {

void require_named(const SigningTask& task, ByteView public_key)
{
    if (!equal(public_key, task.public_key))
        throw Error{ErrorCode::fingerprint, "the key at " + task.path + " is not the one that the charter names"};
}

ByteArray<64> sign_taproot(const SigningTask& task, ByteView key, const crypto::Secp256k1PublicKey& point)
{
    WipedArray<32> scalar;
    const auto bytes = scalar.reveal_mutable();
    std::ranges::copy(key, bytes.begin());
    if (task.taproot_tweak && !crypto::tweak_scalar_for_taproot(bytes, point, *task.taproot_tweak))
        throw Error{ErrorCode::pubkey, "the key at " + task.path + " has no such tweak"};
    const crypto::SchnorrKeyPair pair{bytes};
    require_named(task, pair.public_key().bytes());
    return pair.sign(task.digest);
}

} // namespace

std::vector<TaskSignature> SeedSigner::sign(std::span<const SigningTask> tasks)
{
    std::vector<TaskSignature> signatures;
    for (const auto& task : tasks) {
        const auto& key = key_at(task.path);
        switch (task.algorithm) {
        case SignatureAlgorithm::ecdsa_secp256k1:
            require_named(task, key.point.compressed());
            signatures.push_back({task.input, task.public_key, to_bytes(crypto::sign_ecdsa(m_scalar.reveal(), task.digest).compact)});
            break;
        case SignatureAlgorithm::schnorr_secp256k1:
            signatures.push_back({task.input, task.public_key, to_bytes(sign_taproot(task, m_scalar.reveal(), key.point))});
            break;
        case SignatureAlgorithm::ed25519:
            throw Error{ErrorCode::fingerprint, "a secp256k1 seed does not sign Ed25519 tasks"};
        }
    }
    return signatures;
}

const SeedSigner::Key& SeedSigner::key_at(const std::string& text)
{
    if (m_key && m_key->path == text)
        return *m_key;
    const auto path = DerivationPath::parse(text);
    m_key.reset(); // until the scalar is its own again
    auto steps = path.steps();
    if (steps.empty()) {
        m_scalar = m_account.derive(path).key().scalar().clone();
    } else {
        const auto last = steps.back();
        steps.pop_back();
        const auto& parent = parent_at(DerivationPath{std::move(steps), path.start()});
        const auto child = parent.key.child_scalar(last, parent.point);
        std::ranges::copy(child.reveal(), m_scalar.reveal_mutable().begin());
    }
    const auto point = crypto::public_key_of_scalar(m_scalar.reveal());
    require(point.has_value(), "a derived key is none");
    return m_key.emplace(Key{text, *point});
}

const SeedSigner::Parent& SeedSigner::parent_at(const DerivationPath& path)
{
    if (m_parent && m_parent->path == path)
        return *m_parent;
    auto key = m_account.derive(path);
    const auto point = key.extended_public_key().key();
    return m_parent.emplace(Parent{path, std::move(key), point});
}

} // namespace coffer::keys
