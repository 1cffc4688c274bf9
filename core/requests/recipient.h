#pragma once

#include "core/charter/charter.h"
#include "core/policy/facts.h"

#include <string>
#include <vector>

namespace coffer::requests {

/// Whom an address belongs to, by the charter alone. A name that came along is never used.
struct Recipient {
    enum class Kind {
        unknown,
        address_book,
        own_wallet,
        payer, ///< the paying wallet itself
    };
    Kind kind = Kind::unknown;
    std::string name{};             ///< of the entry or wallet; empty when unknown
    std::string address{};          ///< as the chain's format shows it
    std::vector<std::string> alike{}; ///< other entries and wallets whose address begins and ends with the same four characters
};

/// For policy::Facts of a payment by this wallet. The charter must live as long.
policy::ChainWords words_of(const charter::Charter& charter, const charter::Wallet& payer);

/// Without those that are alike.
Recipient name_recipient(const charter::Charter& charter, const charter::Wallet& payer, ByteView address);

/// Entries of the address book and wallets on this chain whose address is easily taken for this one and is another: it begins and ends
/// with the same four characters, or four characters at most are others.
std::vector<std::string> find_alike(const charter::Charter& charter, const charter::Chain& chain, ByteView address);

Recipient identify_recipient(const charter::Charter& charter, const charter::Wallet& payer, ByteView address);

} // namespace coffer::requests
