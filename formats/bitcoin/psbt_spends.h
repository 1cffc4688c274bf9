#pragma once

#include "core/crypto/secp256k1.h"
#include "formats/bitcoin/psbt.h"
#include "formats/bitcoin/sighash.h"

#include <vector>

namespace coffer::bitcoin {

/// The outputs that the inputs spend, each proved (BIP-174, "Signer"): by the previous transaction that hashes to the
/// outpoint, or for taproot, whose signature commits to every amount and script, as it is claimed.
///
/// Errors: `psbt_no_prevtx`, also for segwit version 0 with a witness UTXO alone (its signature does not commit to
/// the other amounts); `psbt_legacy_wutxo` for the same without segwit; `psbt_prevtx_hash`, `psbt_prevtx_index`;
/// `psbt_utxo_amount` and `psbt_utxo_conflict` when both UTXO fields differ; `psbt_dupinput`; `amount_range` for
/// an amount or a sum above 21 million, and for outputs above inputs. Linear in the bytes of the PSBT.
std::vector<TxOutput> spent_outputs(const Psbt& psbt);
/// The same of one input by itself; errors name it by `number`.
TxOutput spent_output(const PsbtInput& input, std::size_t number);

enum class SpendScheme { legacy, segwit_v0, taproot };

/// How an input is spent, by scripts that hash to what it spends.
struct Spend {
    SpendScheme scheme = SpendScheme::legacy;
    unsigned threshold = 1;
    /// Who may sign, in the order of the script: 33 or 65 bytes; of taproot the output key, 32. Of a key hash, the keys that
    /// the PSBT names and that hash to it: one or none.
    std::vector<Bytes> keys;
    Bytes script_code;      ///< what the signature hash takes; empty for taproot
    bool is_multisig = false;
    Bytes redeem_script;    ///< empty where there is none
    Bytes witness_script;   ///< empty where there is none
};

/// Errors: `psbt_script_mismatch` for a redeem or witness script that is missing, superfluous, does not hash to what is spent or
/// is no multi-signature of compressed keys;
/// `output_script` for a form that is never signed here.
Spend spend_of(const PsbtInput& input, const TxOutput& spent);

/// The signature hash of each input, all with the type that signs everything: ALL, or DEFAULT for taproot.
/// Throws Error{sighash} for an input that asks for another one, and what spend_of() throws.
struct InputDigest {
    Spend spend;
    ByteArray<32> digest{};
    std::uint8_t sighash_type = 1; ///< 0 for taproot's default
};
std::vector<InputDigest> input_digests(const Psbt& psbt, const std::vector<TxOutput>& spent);
/// The same of one input that is spent so. The hasher is over unsigned_transaction(), and for taproot knows all spent outputs.
InputDigest input_digest(const PsbtInput& input, std::size_t number, Spend spend, std::uint64_t amount, const SignatureHasher& hasher);

} // namespace coffer::bitcoin
