#pragma once

#include "formats/bitcoin/input_signing.h"
#include "formats/bitcoin/ownership.h"
#include "formats/bitcoin/psbt_spends.h"
#include "formats/bitcoin/wallet.h"

#include <memory>

namespace coffer::bitcoin {

/// The slot of an output that is spent: "bitcoin", the network's genesis hash and the txid in internal order, and the index as u32
/// (big-endian), without a sequence.
payments::SpendSlot outpoint_slot(const Network& network, const Outpoint& outpoint);
/// None for a slot of another chain or network.
std::optional<Outpoint> find_outpoint(const payments::SpendSlot& slot, const Network& network);

/// Bytes that legacy inputs may let the signature hash read, since its work grows with their square (CVE-2013-2292).
constexpr std::uint64_t most_legacy_hashing = 400'000'000;

/// Outputs below cost more to spend than they are worth: at 3 sat/vB, by the form of the script (Bitcoin Core's GetDustThreshold).
std::uint64_t dust_limit(ByteView script_pubkey);

/// A PSBT that spends from a descriptor wallet of the charter.
class BitcoinPayload final : public payments::Payload {
public:
    /// Errors: those of decode_psbt(), spent_outputs(), input_digests(), places_of_inputs() and find_change_index();
    /// `psbt_modifiable` for one whose inputs or outputs may still change; `psbt_final` for an input that is final already;
    /// `tap_commit`, `tap_leaf` for a taproot input that speaks of scripts; `output_script` for an output that is no address, or dust; `limit` above most_legacy_hashing, before anything is hashed; `sig_verify` for a partial signature that
    /// does not verify.
    static std::unique_ptr<const BitcoinPayload> decode(ByteView bytes, const chains::PayloadContext& context, const WalletCache& wallets);

    const Psbt& psbt() const { return m_psbt; }
    const std::vector<InputDigest>& input_digests() const { return m_digests; }

    /// SHA-256("coffer/v1/payload" 00 CBOR["bitcoin", genesis hash, version, lock time, [[txid, index], sequence, amount, script_pubkey,
    /// sighash type]…, [amount, script_pubkey]…]).
    PayloadDigest digest() const override { return m_digest; }
    /// The txid without signatures, in the order in which it is shown.
    Bytes chain_hash() const override;
    payments::Description description() const override { return m_description; }
    /// The outpoints.
    std::vector<payments::SpendSlot> slots() const override;
    std::vector<payments::SigningTask> signing_tasks() const override { return signing().tasks(); }
    std::size_t signers_needed() const override { return signing().signers_needed(); }
    std::size_t count_free_signers(std::span<const payments::TaskSignature> signatures) const override { return signing().count_free_signers(signatures); }
    std::size_t count_signers(std::span<const payments::TaskSignature> signatures) const override { return signing().count_signers(signatures); }
    /// A lock time is a height up to 6 above the request's, so that it may wait for the next block but not for long; no input has a relative one
    /// (BIP-68), and one at least leaves the lock time in effect.
    void require_timely(std::optional<std::uint64_t> height) const override;
    std::vector<Detail> details() const override;
    void verify(const payments::TaskSignature& signature) const override { signing().verify(signature); }
    payments::SignedTransaction finalize(std::span<const payments::TaskSignature> signatures) const override;
    std::vector<payments::TaskSignature> signatures_inside() const override;

private:
    BitcoinPayload(ByteView bytes, Psbt psbt, std::vector<TxOutput> spent, std::shared_ptr<const DescriptorWallet> wallet);
    void check_outputs() const;
    InputSigning signing() const { return {*m_wallet, m_digests, m_places}; }
    void describe(const chains::PayloadContext& context);

    Psbt m_psbt;
    std::shared_ptr<const DescriptorWallet> m_wallet;
    Transaction m_transaction;
    std::vector<TxOutput> m_spent;
    std::vector<InputDigest> m_digests;
    std::vector<Place> m_places;
    payments::Description m_description;
    PayloadDigest m_digest;
};

} // namespace coffer::bitcoin
