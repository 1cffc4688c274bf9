#include "formats/bitcoin/input_signing.h"

#include "core/base/error.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/psbt_finalize.h"
#include "formats/bitcoin/psbt_sign.h"
#include "formats/bitcoin/sighash.h"

#include <algorithm>
#include <map>
#include <set>

namespace coffer::bitcoin {

namespace {

/// The one form in which a key of an input signs: compressed, or the output key of taproot.
Bytes signing_key(const InputDigest& digest, const DerivedScripts::Key& key)
{
    return digest.spend.scheme == SpendScheme::taproot ? digest.spend.keys.front() : key.public_key;
}

} // namespace

std::vector<payments::SigningTask> InputSigning::tasks() const
{
    std::vector<payments::SigningTask> tasks;
    const auto& expressions = m_wallet.descriptor().keys();
    for (std::uint32_t i = 0; i < m_digests.size(); ++i)
        for (const auto& key : m_wallet.derive(m_places[i]).keys) {
            const auto& cosigner = m_wallet.cosigners()[key.expression];
            if (cosigner.appliance.empty())
                continue;
            const auto steps = expressions[key.expression].steps(static_cast<std::size_t>(m_places[i].branch), m_places[i].index);
            payments::SigningTask task;
            task.input = i;
            task.digest = m_digests[i].digest;
            task.appliance = cosigner.appliance;
            task.key = cosigner.key;
            task.path = keys::DerivationPath{steps, keys::PathStart::here}.format();
            task.public_key = signing_key(m_digests[i], key);
            if (m_digests[i].spend.scheme == SpendScheme::taproot) {
                task.algorithm = payments::SignatureAlgorithm::schnorr_secp256k1;
                task.taproot_tweak = taproot_tweak(to_array<32>(ByteView{key.public_key}.last(32), "internal key"));
            }
            tasks.push_back(std::move(task));
        }
    return tasks;
}

std::vector<std::size_t> InputSigning::signed_inputs(std::span<const payments::TaskSignature> signatures) const
{
    std::map<std::uint32_t, std::set<Bytes>> signed_by;
    for (const auto& signature : signatures)
        signed_by[signature.input].insert(signature.public_key);
    std::vector<std::size_t> inputs(m_wallet.cosigners().size());
    for (std::uint32_t i = 0; i < m_digests.size(); ++i)
        for (const auto& key : m_wallet.derive(m_places[i]).keys)
            inputs[key.expression] += signed_by[i].count(signing_key(m_digests[i], key));
    return inputs;
}

std::size_t InputSigning::count_signers(std::span<const payments::TaskSignature> signatures) const
{
    return static_cast<std::size_t>(std::ranges::count(signed_inputs(signatures), m_digests.size()));
}

std::size_t InputSigning::count_free_signers(std::span<const payments::TaskSignature> signatures) const
{
    const auto inputs = signed_inputs(signatures);
    std::size_t count = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        count += m_wallet.cosigners()[i].appliance.empty() && inputs[i] < m_digests.size() ? 1U : 0U;
    return count;
}

void InputSigning::verify(const payments::TaskSignature& signature) const
{
    if (signature.input >= m_digests.size())
        throw Error{ErrorCode::sig_verify, "signature is for input " + std::to_string(signature.input) + " of " + std::to_string(m_digests.size())};
    if (signature.signature.size() != 64)
        throw Error{ErrorCode::sig_verify, "signature has " + std::to_string(signature.signature.size()) + " bytes, not 64"};
    if (!verify_input(m_digests[signature.input], signature.public_key, to_array<64>(signature.signature, "signature")))
        throw Error{ErrorCode::sig_verify, "the signature of key " + encoding::encode_hex(signature.public_key) + " for input " +
                                               std::to_string(signature.input) + " does not verify, or its s is high"};
}

Psbt InputSigning::finalize(Psbt psbt, std::span<const payments::TaskSignature> signatures) const
{
    for (const auto& signature : signatures) {
        if (signature.input >= m_digests.size() || signature.signature.size() != 64)
            verify(signature);
        attach_signature(psbt, signature.input, m_digests[signature.input], signature.public_key, to_array<64>(signature.signature, "signature"));
    }
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i)
        finalize_input(psbt.inputs[i], m_digests[i]);
    return psbt;
}

} // namespace coffer::bitcoin
