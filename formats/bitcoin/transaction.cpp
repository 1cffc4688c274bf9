#include "formats/bitcoin/transaction.h"

#include "core/crypto/hash.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::bitcoin {

std::string format_txid(const Txid& txid)
{
    auto shown = txid.bytes();
    std::ranges::reverse(shown);
    return encoding::encode_hex(shown);
}

Txid parse_txid(std::string_view text)
{
    auto bytes = encoding::decode_hex(text);
    std::ranges::reverse(bytes);
    return Txid::from(bytes);
}

bool Transaction::has_witness() const
{
    return std::ranges::any_of(inputs, [](const TxInput& input) { return !input.witness.empty(); });
}

Txid txid_of(const Transaction& transaction)
{
    return Txid{crypto::sha256d(encode_without_witness(transaction))};
}

Txid wtxid_of(const Transaction& transaction)
{
    return Txid{crypto::sha256d(encode_transaction(transaction))};
}

std::size_t weight_of(const Transaction& transaction)
{
    return 3 * encode_without_witness(transaction).size() + encode_transaction(transaction).size();
}

std::size_t vsize_of(const Transaction& transaction)
{
    return (weight_of(transaction) + 3) / 4;
}

} // namespace coffer::bitcoin
