#pragma once

#include "core/charter/wallet.h"
#include "core/crypto/secp256k1.h"
#include "core/payments/payload.h"
#include "formats/evm/account.h"

#include <span>

namespace coffer::evm {

/// The one signature that an account gives to a payload.
payments::SigningTask signing_task(const charter::WalletKey& key, const Account& account, const ByteArray<32>& digest);

/// Throws Error{sig_verify} unless it is the task's signature, r ‖ s with low s.
void verify_signature(const payments::SigningTask& task, const payments::TaskSignature& signature);

/// The one signature of the task, verified, with the y parity by which others find the account. Throws Error{state}
/// where it is missing, Error{sig_verify}.
crypto::EcdsaSignature only_signature(const payments::SigningTask& task, std::span<const payments::TaskSignature> signatures);

} // namespace coffer::evm
