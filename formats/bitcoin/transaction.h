#pragma once

#include "core/base/ids.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::bitcoin {

struct TxidTag { static constexpr std::string_view name = "txid"; };
/// In internal byte order: as hashed, and as it stands in an outpoint.
using Txid = Identifier<TxidTag, 32>;

/// 64 hex digits in the order in which everybody shows them: reversed.
std::string format_txid(const Txid& txid);
/// Throws Error{malformed}.
Txid parse_txid(std::string_view text);

/// 21 million bitcoins in satoshi: no output or sum is above it.
constexpr std::uint64_t most_money = 2'100'000'000'000'000;
/// A block's weight bounds every transaction (BIP-141), so nothing longer is read.
constexpr std::size_t most_transaction_bytes = 4'000'000;

struct Outpoint {
    Txid txid;
    std::uint32_t index = 0;
    auto operator<=>(const Outpoint&) const = default;
};

struct TxInput {
    Outpoint previous;
    Bytes script_sig;
    std::uint32_t sequence = 0xffffffff;
    std::vector<Bytes> witness;
    bool operator==(const TxInput&) const = default;
};

struct TxOutput {
    std::uint64_t amount = 0; ///< in satoshi
    Bytes script_pubkey;
    bool operator==(const TxOutput&) const = default;
};

/// A transaction as it is serialized; whether its amounts make sense is judged elsewhere.
struct Transaction {
    std::uint32_t version = 2;
    std::vector<TxInput> inputs;
    std::vector<TxOutput> outputs;
    std::uint32_t lock_time = 0;
    bool operator==(const Transaction&) const = default;

    bool has_witness() const;
};

/// Zero inputs look like the marker of BIP-144: where a transaction is known to have no witness
/// (a PSBT's unsigned one) it is read so.
enum class WitnessForm { if_marked, never };

/// Throws Error{malformed}, with the offset, for anything cut, trailing or not minimal, for another
/// flag than 1 and for a witness form whose witnesses are all empty (BIP-144); Error{limit} above
/// most_transaction_bytes. Amounts are any 64 bits.
Transaction decode_transaction(ByteView bytes, WitnessForm form = WitnessForm::if_marked);
/// With the witnesses, if it has any (BIP-144).
Bytes encode_transaction(const Transaction& transaction);
/// As it was before BIP-144: what the txid is the hash of.
Bytes encode_without_witness(const Transaction& transaction);
/// 8 bytes of amount, little-endian, and the script behind its length.
Bytes encode_output(const TxOutput& output);

Txid txid_of(const Transaction& transaction);
/// Equal to the txid when there is no witness (BIP-141).
Txid wtxid_of(const Transaction& transaction);
/// In weight units: three times the size without witness plus the size with it (BIP-141).
std::size_t weight_of(const Transaction& transaction);
/// A quarter of the weight, rounded up.
std::size_t vsize_of(const Transaction& transaction);

} // namespace coffer::bitcoin
