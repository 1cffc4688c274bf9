#pragma once

#include "core/chains/payload_format.h"
#include "core/crypto/ed25519.h"
#include "core/payments/ceremony.h"
#include "core/policy/evaluator.h"

#include <memory>
#include <vector>

namespace coffer::requests {

/// A ceremony as the payload of a request: it pays nothing and goes to no chain. That it was done the appliance says by its identity key.
class CeremonyPayload final : public payments::Payload {
public:
    /// Errors: those of payments::decode_ceremony(); `fingerprint` for a key that the charter does not name so; `policy_denied` for
    /// one that the wallet of the request does not have.
    static std::unique_ptr<const CeremonyPayload> decode(ByteView bytes, const chains::PayloadContext& context);

    PayloadDigest digest() const override { return m_digest; }
    Bytes chain_hash() const override { return to_bytes(m_digest.bytes()); }
    payments::Description description() const override { return m_description; }
    std::vector<payments::SpendSlot> slots() const override { return {}; }
    /// Of the identity key, under the charter's id of the wallet key.
    std::vector<payments::SigningTask> signing_tasks() const override;
    std::vector<Detail> details() const override;
    const payments::Ceremony* ceremony() const override { return &m_ceremony; }
    void verify(const payments::TaskSignature& signature) const override;
    payments::SignedTransaction finalize(std::span<const payments::TaskSignature> signatures) const override;

private:
    CeremonyPayload(ByteView bytes, payments::Ceremony ceremony, const artefacts::ApprovalKey& identity, const chains::PayloadContext& context);

    payments::Ceremony m_ceremony;
    PayloadDigest m_digest;
    payments::Description m_description;
    artefacts::ApprovalKey m_identity;
};

/// The appliance's word, for the task of a ceremony, that it is done.
payments::TaskSignature sign_ceremony(const payments::SigningTask& task, const crypto::Ed25519PrivateKey& identity);

/// Any payload of a request: a ceremony, or what the wallet's chain reads.
std::unique_ptr<const payments::Payload> decode_payload(ByteView bytes, const chains::PayloadContext& context);

/// The wallets of the charter that have a key, under whichever of its accounts and at whichever appliance: keys with one master
/// fingerprint are one.
std::vector<const charter::Wallet*> wallets_with(const charter::Charter& charter, const charter::ApplianceKey& key);

/// Whose rules decide: the request's wallet; of a ceremony every wallet that has its key, or the weakest would do for all of them.
std::vector<const charter::Wallet*> deciding_wallets(const charter::Charter& charter, const charter::Wallet& wallet,
                                                     const payments::Payload& payload);

/// policy::select_rules() for each of the wallets, together: the approvals of all rules that are selected are needed. The facts name the
/// first of them.
policy::Decision select_rules_of(const charter::Charter& charter, const std::vector<const charter::Wallet*>& wallets, const policy::Facts& facts);

/// Throws Error{policy_denied} for fewer shares to restore a key, or more in all, than the charter allows; its words are one such share.
void require_share_limits(const charter::Charter& charter, const payments::Ceremony& ceremony);

} // namespace coffer::requests
