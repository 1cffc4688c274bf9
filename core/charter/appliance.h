#pragma once

#include "core/artefacts/approval_key.h"

#include <string>
#include <string_view>
#include <vector>

namespace coffer::charter {

/// A wallet key inside an appliance, as its signed export describes it.
struct ApplianceKey {
    std::string id;
    std::string origin;          ///< `[d34db33f/44h/60h/0h]`
    std::string extended_public; ///< `xpub…` at that origin
    bool operator==(const ApplianceKey&) const = default;
};

struct Appliance {
    enum class State { active, standby };

    std::string id;
    artefacts::ApprovalKey key; ///< its identity: signs receipts and heads
    State state = State::active;
    std::vector<ApplianceKey> keys;
    /// Keys may be opened there while swap is active, because it is encrypted.
    bool accepts_swap = false;

    /// Null when there is none of that name.
    const ApplianceKey* find_key(std::string_view id) const;
    bool operator==(const Appliance&) const = default;
};

} // namespace coffer::charter
