#pragma once

#include "core/audit/event.h"
#include "core/charter/policy_chain.h"
#include "core/storage/database.h"

namespace coffer::requests {

/// What RequestService works on: the database, policy chain and audit log of one home. Filled in by the
/// floor that opens homes.
class Books {
public:
    virtual ~Books() = default;

    virtual storage::Database& database() = 0;
    /// The newest policy chain; inside of a write transaction it stays the newest. Valid until the
    /// next call, as is everything that points into it.
    virtual const charter::PolicyChain& chain(storage::Transaction& transaction) = 0;
    /// Verifies and stores an entry as the next link. Errors: those of PolicyChain.
    virtual void append_link(storage::Transaction& transaction, Bytes artefact) = 0;
    virtual void record(storage::Transaction& transaction, audit::Event event) = 0;
    virtual UtcTime now() const = 0;
};

} // namespace coffer::requests
