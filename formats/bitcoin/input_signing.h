#pragma once

#include "formats/bitcoin/psbt_spends.h"
#include "formats/bitcoin/wallet.h"

#include <span>
#include <vector>

namespace coffer::bitcoin {

/// Who signs inputs that a descriptor wallet spends, and who has: of each input the hash that is signed, and where in the wallet it
/// lies. A view; what it refers to outlives it.
class InputSigning {
public:
    InputSigning(const DescriptorWallet& wallet, std::span<const InputDigest> digests, std::span<const Place> places)
        : m_wallet{wallet}, m_digests{digests}, m_places{places}
    {
    }

    /// Of the keys that appliances hold.
    std::vector<payments::SigningTask> tasks() const;
    /// The threshold of the descriptor.
    std::size_t signers_needed() const { return m_digests.front().spend.threshold; }
    /// How many keys have signed every input.
    std::size_t count_signers(std::span<const payments::TaskSignature> signatures) const;
    /// How many outside keys have not.
    std::size_t count_free_signers(std::span<const payments::TaskSignature> signatures) const;
    /// Throws Error{sig_verify}.
    void verify(const payments::TaskSignature& signature) const;
    /// Puts signatures into their places, each verified, and finalizes every input. Throws Error{sig_verify}, Error{state} while some are missing.
    Psbt finalize(Psbt psbt, std::span<const payments::TaskSignature> signatures) const;

private:
    /// By key of the descriptor: how many inputs it has signed.
    std::vector<std::size_t> signed_inputs(std::span<const payments::TaskSignature> signatures) const;

    const DescriptorWallet& m_wallet;
    std::span<const InputDigest> m_digests;
    std::span<const Place> m_places;
};

} // namespace coffer::bitcoin
