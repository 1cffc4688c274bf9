#pragma once

#include "formats/bitcoin/wallet.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace coffer::cli {

/// An unspent output that belongs to a wallet.
struct WalletOutput {
    bitcoin::Outpoint outpoint;
    std::uint64_t amount = 0; ///< satoshi
    bitcoin::Place place;
    std::uint64_t height = 0; ///< of the block that it is in
    bool is_coinbase = false;
    bool operator==(const WalletOutput&) const = default;
};

/// A coinbase output may be spent by the block after its 100th confirmation.
constexpr std::uint64_t coinbase_maturity = 100;
bool is_mature(const WalletOutput& output, std::uint64_t tip);

/// `txid:vout`. Throws Error{usage}.
bitcoin::Outpoint parse_outpoint(std::string_view text);
std::string format_outpoint(const bitcoin::Outpoint& outpoint);

} // namespace coffer::cli
