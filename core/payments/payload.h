#pragma once

#include "core/keys/signer.h"
#include "core/payments/payment.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace coffer::payments {

/// What a payload uses up on its chain, so that two payloads with one slot exclude each other.
struct SpendSlot {
    /// Who owns the slot: an account (chain and address), or an outpoint, as one byte string.
    Bytes owner;
    /// The account nonce; none where the owner itself is used up (an outpoint).
    std::optional<std::uint64_t> sequence;
    auto operator<=>(const SpendSlot&) const = default;

    /// One byte string for both, the key in ledgers and databases:
    /// u16 length of owner, owner, and the sequence as u64 when there is one (big-endian).
    Bytes encode() const;
};

using keys::SignatureAlgorithm;
using keys::SigningTask;
using keys::TaskSignature;

/// A signed transaction as the network takes it.
struct SignedTransaction {
    Bytes bytes;
    /// The chain's id in its usual text form: `0x…` for EVM chains.
    std::string txid;
};

/// An exact unsigned transaction: parsed once into an immutable value that owns its bytes.
class Payload {
public:
    virtual ~Payload() = default;

    const Bytes& bytes() const { return m_bytes; }
    /// What the votes bind (PROTOCOL 2).
    virtual PayloadDigest digest() const = 0;
    /// The chain's own hash, shown beside the digest: signing hash, txid.
    virtual Bytes chain_hash() const = 0;
    virtual Description description() const = 0;
    virtual std::vector<SpendSlot> slots() const = 0;
    virtual std::vector<SigningTask> signing_tasks() const = 0;
    /// Throws Error{sig_verify} unless it is a good low-s signature of this payload by the task's key.
    virtual void verify(const TaskSignature& signature) const = 0;
    /// Puts signatures in place. Throws Error{sig_verify}; Error{state} while signatures are missing.
    virtual SignedTransaction finalize(std::span<const TaskSignature> signatures) const = 0;

protected:
    explicit Payload(Bytes bytes) : m_bytes{std::move(bytes)} {}

private:
    Bytes m_bytes;
};

} // namespace coffer::payments
