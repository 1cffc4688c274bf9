#pragma once

#include "formats/bitcoin/transaction.h"

#include <optional>
#include <span>
#include <vector>

namespace coffer::bitcoin {

constexpr std::uint32_t sighash_default = 0; ///< taproot only: all, without a byte behind the signature
constexpr std::uint32_t sighash_all = 1;
constexpr std::uint32_t sighash_none = 2;
constexpr std::uint32_t sighash_single = 3;
constexpr std::uint32_t sighash_anyonecanpay = 0x80;

/// What a signature of one transaction commits to. The hashes that all inputs share are computed
/// once, so that the work grows with the inputs and not with their square (legacy inputs excepted,
/// whose scheme wants the whole transaction each time).
class SignatureHasher {
public:
    /// Both outlive it. `spent` are the outputs that the inputs spend, in the order of the inputs;
    /// empty where they are not known, and then there is no taproot().
    SignatureHasher(const Transaction& transaction, std::span<const TxOutput> spent);

    /// The scheme before BIP-143. `script_code` is the script public key or redeem script, without OP_CODESEPARATOR.
    /// SIGHASH_SINGLE without a matching output gives the number 1, as it always has: callers refuse it.
    ByteArray<32> legacy(std::size_t input, ByteView script_code, std::uint32_t sighash_type) const;
    /// BIP-143. `script_code` has no length in front; that of P2WPKH is the script of P2PKH.
    ByteArray<32> segwit_v0(std::size_t input, ByteView script_code, std::uint64_t amount, std::uint32_t sighash_type) const;
    /// BIP-341, key path, no annex. Throws Error{sighash} for a type that BIP-341 does not define and for
    /// SIGHASH_SINGLE without a matching output.
    ByteArray<32> taproot_key_path(std::size_t input, std::uint8_t sighash_type) const;

private:
    struct Segwit {
        ByteArray<32> previous_outputs, sequences, outputs; ///< SHA-256, once
    };
    struct Spent {
        ByteArray<32> amounts, scripts; ///< SHA-256, once
    };

    const Transaction& m_transaction;
    std::span<const TxOutput> m_spent;
    Segwit m_segwit;
    std::optional<Spent> m_taproot;
};

/// The tweak of an output key without a script tree: H_TapTweak(internal key) (BIP-86, BIP-341).
ByteArray<32> taproot_tweak(const ByteArray<32>& internal_key);
/// The same with the root of a script tree.
ByteArray<32> taproot_tweak(const ByteArray<32>& internal_key, const ByteArray<32>& merkle_root);

} // namespace coffer::bitcoin
