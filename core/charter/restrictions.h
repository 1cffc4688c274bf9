#pragma once

#include "core/charter/charter.h"
#include "core/charter/suspension.h"

#include <map>
#include <string>
#include <vector>

namespace coffer::charter {

/// A wallet that signs nothing before a time.
struct Frozen {
    EntryHash entry; ///< the newest freeze of the wallet: what an unfreeze names
    std::string by;
    UtcTime since;
    UtcTime until;
    bool is_renewed = false;
};

struct Suspended {
    EntryHash entry;
    Suspension what;
    std::vector<std::string> by;
};

struct Retired {
    EntryHash entry;
    std::string appliance;
    artefacts::ApprovalKey key;
    std::vector<std::string> by;
    UtcTime time;
};

struct Removed {
    EntryHash entry;
    Destination destination;
    std::string by;
    UtcTime time;
};

/// What entries have taken away from what the charter gives.
struct Restrictions {
    std::multimap<std::string, Frozen> frozen{}; ///< by wallet
    std::vector<Suspended> suspended{};
    std::vector<Retired> retired{};
    std::vector<Removed> removed{};

    /// The one that ends last, if it has not ended; else null.
    const Frozen* find_freeze(const std::string& wallet, UtcTime now) const;
};

void suspend(Charter& charter, const Suspended& suspended);
void retire(Charter& charter, const Retired& retired);
/// Suspensions, retirements and removals; freezes leave the charter as it is.
void restrict(Charter& charter, const Restrictions& restrictions);

/// True when those whom nothing suspends could amend the charter.
bool may_be_amended(const Charter& restricted);

} // namespace coffer::charter
