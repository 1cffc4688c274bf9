#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/storage/database.h"

#include <optional>
#include <vector>

namespace coffer::requests {

/// What a request takes from the windows of limits, as the database has it.
struct StoredCharge {
    RequestId id;
    UtcTime at;
    Bytes outflow; ///< encoded; empty for a request of before there were charges
};

/// Charges in the database: SQL only.
class ChargeStore {
public:
    explicit ChargeStore(storage::Database& database) : m_database{database} {}

    std::optional<StoredCharge> find(const RequestId& id) const;
    bool has(const RequestDigest& request) const;
    /// In the order of time; without what expired by now and never left for the vault.
    std::vector<StoredCharge> since(UtcTime time, UtcTime now) const;
    /// Adds it, or takes the place of an earlier one.
    void save(const StoredCharge& charge);
    void remove(const RequestId& id);

private:
    storage::Database& m_database;
};

} // namespace coffer::requests
