#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace coffer::bitcoin {

/// What differs between Bitcoin's networks. Test networks share their address versions.
struct Network {
    std::string_view name; ///< as a charter's `network`
    std::string_view genesis_hash; ///< hex in display order
    std::string_view human_readable_part; ///< of segwit addresses (BIP-173)
    std::uint8_t p2pkh_version;
    std::uint8_t p2sh_version;
    std::uint8_t wif_version;
    std::uint32_t extended_public_version; ///< BIP-32
    std::uint32_t coin_type; ///< SLIP-44: 0, or 1 for every test network

    bool operator==(const Network& other) const { return name == other.name; }
    /// In internal byte order, as a payload digest binds it (PROTOCOL 2).
    ByteArray<32> genesis() const;
};

/// mainnet, testnet (3), testnet4 (BIP-94), signet (BIP-325, the default one), regtest.
std::span<const Network> networks();
/// Null for an unknown name.
const Network* find_network(std::string_view name);

} // namespace coffer::bitcoin
