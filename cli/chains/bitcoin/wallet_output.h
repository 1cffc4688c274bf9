#pragma once

#include "core/payments/payload.h"
#include "formats/bitcoin/wallet.h"

#include <cstdint>
#include <optional>
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

/// The outpoint that a slot stands for; none for slots of other chains and networks.
std::optional<bitcoin::Outpoint> outpoint_of(const payments::SpendSlot& slot, const bitcoin::Network& network);

} // namespace coffer::cli
