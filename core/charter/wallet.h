#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::charter {

enum class Tier { cold, warm, hot };
enum class Mode { governed, personal };
enum class Presence { person, none };

std::string_view name_of(Tier tier);
std::string_view name_of(Mode mode);
std::string_view name_of(Presence presence);

/// Who can sign for a wallet: an appliance's key at a relative path, or somebody outside.
struct WalletKey {
    std::string appliance; ///< empty for an outside key
    std::string key;       ///< the key's id in that appliance
    std::string path;      ///< `0/0`
    std::string outside;   ///< the outside signer's name, else empty
    bool operator==(const WalletKey&) const = default;
};

/// An account on one chain and tier.
struct Wallet {
    std::string id;
    std::string chain;
    Tier tier = Tier::cold;
    Mode mode = Mode::governed;
    Bytes address;          ///< raw; for chains whose wallets are one account
    std::string descriptor; ///< for chains whose wallets are descriptors
    std::vector<WalletKey> keys;
    Presence presence = Presence::person;
    std::uint32_t confirmations = 1;
    std::uint64_t first_nonce = 0;
    bool operator==(const Wallet&) const = default;
};

/// An entry of the address book: one address on one chain.
struct Destination {
    std::string id;
    std::string chain;
    Bytes address;
    bool operator==(const Destination&) const = default;
};

} // namespace coffer::charter
