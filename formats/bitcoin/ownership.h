#pragma once

#include "formats/bitcoin/psbt.h"
#include "formats/bitcoin/wallet.h"

#include <optional>
#include <vector>

namespace coffer::bitcoin {

/// Where each input of a PSBT lies in the wallet, proved by deriving its script anew: what came along only says where to look.
///
/// Throws Error{input_owner} for an input that is not the wallet's, or that does not say where in the wallet it lies;
/// Error{pubkey} for an origin with another key than the one that is derived there; Error{network} for
/// origins and extended keys of another network.
std::vector<Place> places_of_inputs(const Psbt& psbt, const std::vector<TxOutput>& spent, const DescriptorWallet& wallet);

/// The index of an output that is change: a script of the wallet's own change branch. None for a payment.
///
/// An output that names our keys and is neither is somebody's attempt to have it taken for change. Throws Error{change_path} for
/// an origin outside of the two branches; Error{change_type} for another form of script; Error{multisig_unknown} for
/// our key among other cosigners' or in another order; Error{change_fraud} for any other script.
std::optional<std::uint32_t> find_change_index(const PsbtOutput& output, std::size_t number, const DescriptorWallet& wallet);

} // namespace coffer::bitcoin
