#include "core/requests/charge_store.h"

namespace coffer::requests {

namespace {

StoredCharge read_charge(const storage::Statement& row)
{
    return {RequestId{row.array<16>(0)}, {row.integer(1)}, row.blob(2)};
}

} // namespace

std::optional<StoredCharge> ChargeStore::find(const RequestId& id) const
{
    auto found = m_database.query("SELECT request_id, at, outflow FROM charges WHERE request_id = $1", id.bytes());
    return found.step() ? std::optional{read_charge(found)} : std::nullopt;
}

bool ChargeStore::has(const RequestDigest& request) const
{
    return m_database.query("SELECT 1 FROM charges c JOIN requests r ON r.id = c.request_id WHERE r.digest = $1", request.bytes()).step();
}

std::vector<StoredCharge> ChargeStore::since(UtcTime time, UtcTime now) const
{
    auto rows = m_database.query("SELECT c.request_id, c.at, c.outflow FROM charges c JOIN requests r ON r.id = c.request_id WHERE c.at >= $1 "
                                 "AND NOT (r.status = 'pending_signature' AND r.exported_at IS NULL AND r.expires_at <= $2) ORDER BY c.at",
                                 time.seconds, now.seconds);
    std::vector<StoredCharge> charges;
    while (rows.step())
        charges.push_back(read_charge(rows));
    return charges;
}

void ChargeStore::save(const StoredCharge& charge)
{
    m_database.run("INSERT INTO charges (request_id, at, outflow) VALUES ($1, $2, $3) "
                   "ON CONFLICT (request_id) DO UPDATE SET at = $2, outflow = $3",
                   charge.id.bytes(), charge.at.seconds, charge.outflow);
}

void ChargeStore::remove(const RequestId& id)
{
    m_database.run("DELETE FROM charges WHERE request_id = $1", id.bytes());
}

} // namespace coffer::requests
