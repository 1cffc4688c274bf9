#include "formats/evm/sighash.h"

#include "core/base/error.h"
#include "core/crypto/keccak.h"
#include "formats/evm/encode.h"

namespace coffer::evm {

ByteArray<32> signing_hash(const Transaction& transaction)
{
    return crypto::keccak256(encode_unsigned(transaction));
}

ByteArray<32> transaction_hash(const SignedTransaction& transaction)
{
    return crypto::keccak256(encode_signed(transaction));
}

Address recover_sender(const SignedTransaction& transaction)
{
    const auto key = crypto::recover_ecdsa(signing_hash(transaction.transaction), transaction.signature);
    if (!key)
        throw Error{ErrorCode::sig_verify, "no key fits the signature"};
    return address_of(*key);
}

} // namespace coffer::evm
