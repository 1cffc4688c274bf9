#include "core/storage/database.h"

#include <utility>

namespace coffer::storage {

Transaction::Transaction(Transaction&& other) noexcept
    : m_database{other.m_database}, m_kind{other.m_kind}, m_is_open{std::exchange(other.m_is_open, false)}
{
}

Transaction::~Transaction()
{
    if (m_is_open)
        m_database->roll_back();
}

void Transaction::commit()
{
    require(m_is_open, "commit of a transaction that has ended");
    // Still open when this throws: the destructor rolls back.
    m_database->commit();
    m_is_open = false;
}

Transaction Database::begin_immediate()
{
    begin(Transaction::Kind::write);
    return Transaction{*this, Transaction::Kind::write};
}

Transaction Database::begin_read()
{
    begin(Transaction::Kind::read);
    return Transaction{*this, Transaction::Kind::read};
}

} // namespace coffer::storage
