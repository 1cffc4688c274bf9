#pragma once

#include "core/keys/derivation.h"
#include "core/keys/signer.h"

#include <optional>
#include <string>

namespace coffer::keys {

/// Signs with keys below one BIP-32 account key that lies in guarded memory.
class SeedSigner final : public Signer {
public:
    explicit SeedSigner(ExtendedPrivateKey account) : m_account{std::move(account)} {}

    std::vector<TaskSignature> sign(std::span<const SigningTask> tasks) override;

private:
    struct Parent {
        DerivationPath path;
        ExtendedPrivateKey key;
        crypto::Secp256k1PublicKey point;
    };
    struct Key {
        std::string path;
        crypto::Secp256k1PublicKey point;
    };

    /// The scalar is then in m_scalar.
    const Key& key_at(const std::string& path);
    const Parent& parent_at(const DerivationPath& path);

    ExtendedPrivateKey m_account;
    /// The last ones: addresses of a wallet follow each other below one parent, accounts have one key. A batch may ask for
    /// thousands of keys, and guarded memory for each would cost as much as its signature, and more than may be locked.
    std::optional<Parent> m_parent;
    std::optional<Key> m_key;
    SecretBytes m_scalar{32};
};

} // namespace coffer::keys
