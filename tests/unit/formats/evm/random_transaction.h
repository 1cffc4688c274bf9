#pragma once

#include "formats/evm/decode.h"

#include <random>

namespace coffer::evm::test {

/// Random transactions of every type, the same ones in each run.
class RandomTransactions {
public:
    Transaction next(TransactionType type);
    Transaction next_of_any_type();
    /// With a signature that is in range and by nobody.
    SignedTransaction next_signed();

    std::uint64_t number(std::uint64_t below) { return m_engine() % below; }
    Bytes bytes(std::size_t size);
    /// Of any size up to 256 bits, small ones as likely as large ones.
    Uint256 integer() { return Uint256::from_big_endian(bytes(number(33))); }
    /// The same within 64 bits.
    std::uint64_t u64() { return m_engine() >> (8 * number(8)); }

private:
    template <std::size_t N>
    ByteArray<N> array()
    {
        return to_array<N>(bytes(N), "random");
    }

    std::mt19937_64 m_engine{20261121};
};

} // namespace coffer::evm::test
