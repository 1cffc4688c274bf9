#pragma once

#include "core/keys/signer.h"
#include "core/payments/payment.h"

#include <cstddef>
#include <cstdint>
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

struct Message;
struct Ceremony;

using keys::SignatureAlgorithm;
using keys::SigningTask;
using keys::TaskSignature;

/// A signed transaction as the network takes it, or the signature of a message as it is handed out.
struct SignedTransaction {
    Bytes bytes;
    /// The chain's id in its usual text form: `0x…` for EVM chains. Of a message the signature in its text form.
    std::string txid;
};

/// An exact unsigned transaction or message: parsed once into an immutable value that owns its bytes.
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
    /// One for each key of an appliance and each input; those of outside keys are not among them.
    virtual std::vector<SigningTask> signing_tasks() const = 0;
    /// How many different keys have to sign.
    virtual std::size_t signers_needed() const { return 1; }
    /// How many of them have signed all that the payload asks of a key. The signatures are verified ones.
    virtual std::size_t count_signers(std::span<const TaskSignature> signatures) const { return signatures.empty() ? 0 : 1; }
    /// How many keys that are in no appliance have not signed: whoever holds them needs nobody's leave.
    virtual std::size_t count_free_signers(std::span<const TaskSignature> /*signatures*/) const { return 0; }
    /// Throws Error{locktime} unless it can enter a block about `height`, the one that its request names.
    virtual void require_timely(std::optional<std::uint64_t> /*height*/) const {}
    /// What a reviewer sees of it besides payments, change and fee: label and value.
    struct Detail {
        std::string label;
        std::string value;
    };
    virtual std::vector<Detail> details() const { return {}; }
    /// Of a payload that is a message and no transaction; else null.
    virtual const Message* message() const { return nullptr; }
    /// Of a payload that is a ceremony with a key; else null.
    virtual const Ceremony* ceremony() const { return nullptr; }
    /// False for messages and ceremonies: what is signed is all there is to it.
    bool goes_to_chain() const { return message() == nullptr && ceremony() == nullptr; }
    /// Throws Error{sig_verify} unless it is a good low-s signature of this payload by the task's key.
    virtual void verify(const TaskSignature& signature) const = 0;
    /// Signatures that came along in the payload itself, each verified; they are evidence and no part of the digest.
    virtual std::vector<TaskSignature> signatures_inside() const { return {}; }
    /// Puts signatures in place. Throws Error{sig_verify}; Error{state} while signatures are missing.
    virtual SignedTransaction finalize(std::span<const TaskSignature> signatures) const = 0;

protected:
    explicit Payload(Bytes bytes) : m_bytes{std::move(bytes)} {}

private:
    Bytes m_bytes;
};

} // namespace coffer::payments
