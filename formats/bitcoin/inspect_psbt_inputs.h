#pragma once

#include "formats/bitcoin/psbt_spends.h"

#include <optional>
#include <string>
#include <vector>

/// What inspect_psbt() says of inputs.
namespace coffer::bitcoin {

struct InputFindings {
    std::optional<TxOutput> proved;  ///< what it spends, by evidence (spent_output())
    std::optional<TxOutput> claimed; ///< what the PSBT alone says, where that is not proved
    std::optional<unsigned> have;    ///< signatures that verify, none where that cannot be told
    std::optional<unsigned> need;    ///< none where the script is not understood
    std::string sighash;             ///< as Bitcoin Core names it, empty where it cannot be told
    bool is_complete = false;        ///< enough signatures, or final scripts that they make up
    std::vector<std::string> warnings;

    const TxOutput* spent() const { return proved ? &*proved : claimed ? &*claimed : nullptr; }
    void warn(std::size_t input, const std::string& what);
};

/// One an input. Signatures are verified over what the PSBT claims where it is not proved. Never throws for what
/// decode_psbt() took.
std::vector<InputFindings> find_inputs(const Psbt& psbt, const Transaction& transaction);

/// A final input taken apart again: what the finalizer was given, but for the keys that signatures of a multi-signature are of.
struct ReopenedInput {
    PsbtInput input;
    std::vector<Bytes> multisig_signatures;
};
/// None when the final scripts are not of a form that finalize_input() makes.
std::optional<ReopenedInput> reopen_input(const PsbtInput& final_one, ByteView script_pubkey);
/// Whether finalize_input() makes exactly these final scripts from what was reopened, so that each signature in them verifies.
bool is_final_as(const PsbtInput& final_one, ReopenedInput reopened, const InputDigest& digest);

} // namespace coffer::bitcoin
