#pragma once

#include "formats/bitcoin/descriptor.h"
#include "formats/bitcoin/transaction.h"

#include <cstdint>
#include <span>

namespace coffer::cli {

/// What a wallet's inputs and change outputs take, at most.
struct WalletWeights {
    /// Weight units (BIP-141) of an input with its witness. ECDSA signatures count 72 bytes with
    /// the sighash type: low s, and r as it comes.
    std::uint64_t input = 0;
    std::uint64_t change_output_bytes = 0;
    std::uint64_t change_dust = 0; ///< satoshi
    bool is_segwit = false;
};

/// Throws Error{output_script} for `addr` and `raw`, whose spending nobody knows.
WalletWeights weights_of(const bitcoin::Descriptor& descriptor);

/// Amount, length and script.
std::uint64_t output_bytes(ByteView script_pubkey);

/// Satoshi for this weight at a rate in satoshi per 1000 virtual bytes, rounded up.
std::uint64_t fee_for(std::uint64_t weight, std::uint64_t feerate);

/// The weight that relay policy allows (MAX_STANDARD_TX_WEIGHT of Bitcoin Core).
constexpr std::uint64_t most_standard_weight = 400'000;

enum class WithChange { no, yes };

/// How heavy a transaction of one wallet gets that pays these outputs.
class TransactionShape {
public:
    TransactionShape(const WalletWeights& wallet, std::span<const bitcoin::TxOutput> payments);

    const WalletWeights& wallet() const { return m_wallet; }
    std::uint64_t weight(std::size_t inputs, WithChange change) const;
    /// How many inputs fit beside a change output into most_standard_weight.
    std::size_t most_inputs() const;

private:
    WalletWeights m_wallet;
    std::size_t m_outputs = 0;
    std::uint64_t m_output_bytes = 0;
};

} // namespace coffer::cli
