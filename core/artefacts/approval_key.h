#pragma once

#include "core/base/ids.h"
#include "core/crypto/ed25519.h"

#include <string>
#include <string_view>

namespace coffer::artefacts {

/// The public half of a key that signs our artefacts: officers', appliances' identity, the audit
/// key. Never a wallet key. One algorithm so far: `ed25519`.
class ApprovalKey {
public:
    explicit ApprovalKey(const crypto::Ed25519PublicKey& key);
    /// `ed25519:<64 hex digits>`. Throws Error{malformed}, Error{pubkey}.
    static ApprovalKey parse(std::string_view text);
    std::string format() const;

    /// First 16 bytes of SHA-256("coffer/v1/key" 00 CBOR[algorithm, public key]).
    const KeyId& id() const { return m_id; }
    bool verify(ByteView message, ByteView signature) const;
    const crypto::Ed25519PublicKey& ed25519() const { return m_key; }

    auto operator<=>(const ApprovalKey&) const = default;

private:
    crypto::Ed25519PublicKey m_key;
    KeyId m_id;
};

} // namespace coffer::artefacts
