#pragma once

#include "core/keys/derivation.h"
#include "core/keys/signer.h"

#include <map>
#include <string>

namespace coffer::keys {

/// Signs with keys below one BIP-32 account key that lies in guarded memory.
class SeedSigner final : public Signer {
public:
    explicit SeedSigner(ExtendedPrivateKey account) : m_account{std::move(account)} {}

    std::vector<TaskSignature> sign(std::span<const SigningTask> tasks) override;

private:
    const crypto::Secp256k1PrivateKey& key_at(const std::string& path);

    ExtendedPrivateKey m_account;
    /// Guarded allocation costs as much as a signature, so each path is derived once.
    std::map<std::string, crypto::Secp256k1PrivateKey> m_keys;
};

} // namespace coffer::keys
