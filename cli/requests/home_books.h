#pragma once

#include "cli/home.h"
#include "core/requests/books.h"

namespace coffer::cli {

/// A home as RequestService sees it.
class HomeBooks final : public requests::Books {
public:
    explicit HomeBooks(Home& home) : m_home{home} {}

    storage::Database& database() override { return m_home.database(); }
    const charter::PolicyChain& chain(storage::Transaction& transaction) override { return m_home.chain(transaction); }
    void append_link(storage::Transaction& transaction, Bytes artefact) override
    {
        m_home.append_link(transaction, std::move(artefact));
    }
    void record(storage::Transaction& transaction, audit::Event event) override { m_home.record(transaction, std::move(event)); }
    UtcTime now() const override { return m_home.now(); }

private:
    Home& m_home;
};

} // namespace coffer::cli
