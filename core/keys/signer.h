#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace coffer::keys {

enum class SignatureAlgorithm {
    ecdsa_secp256k1,
    schnorr_secp256k1, ///< BIP-340
    ed25519,
};

/// One signature that a payload wants.
struct SigningTask {
    std::uint32_t input = 0; ///< 0 where the chain has one signature a transaction
    SignatureAlgorithm algorithm = SignatureAlgorithm::ecdsa_secp256k1;
    ByteArray<32> digest{};
    std::string appliance; ///< who holds the key
    std::string key;       ///< its id there
    std::string path;      ///< from that key, relative: `0/0`
    Bytes public_key;      ///< expected: 33 bytes compressed, or 32: x-only for BIP-340, or Ed25519
    /// Added to the key of the path before a BIP-340 signature: that of a taproot output (BIP-341).
    std::optional<ByteArray<32>> taproot_tweak{};
};

/// What crosses back for one task: 64 bytes r ‖ s with low s, BIP-340's or Ed25519's R ‖ S.
struct TaskSignature {
    std::uint32_t input = 0;
    Bytes public_key;
    Bytes signature;
    bool operator==(const TaskSignature&) const = default;
};

/// Whatever turns signing tasks into signatures: a seed, an HSM slot, a threshold share.
class Signer {
public:
    virtual ~Signer() = default;

    /// One signature a task, in order. What comes back is checked by the caller against the
    /// expected public key before it is kept or shown. Throws Error{fingerprint} when the signer
    /// does not hold the key that a task expects.
    virtual std::vector<TaskSignature> sign(std::span<const SigningTask> tasks) = 0;
};

} // namespace coffer::keys
