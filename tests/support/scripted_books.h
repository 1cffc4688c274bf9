#pragma once

#include "core/audit/log.h"
#include "core/chains/payload_format.h"
#include "core/requests/request_service.h"
#include "core/storage/migrations.h"
#include "core/storage/sqlite.h"
#include "formats/evm/builder.h"
#include "formats/evm/encode.h"
#include "tests/support/scratch.h"
#include "tests/support/described.h"
#include "tests/support/treasury.h"

#include <filesystem>
#include <memory>
#include <sys/stat.h>

namespace coffer::test {

/// Books over a real database, with a policy chain in memory instead of a home.
class ScriptedBooks final : public requests::Books {
public:
    explicit ScriptedBooks(const std::filesystem::path& folder, const charter::Charter& charter = example_charter())
        : m_chain{founded(charter)}
    {
        ::chmod(folder.c_str(), 0700);
        m_database = std::make_unique<storage::SqliteDatabase>(
            folder / "coffer.db", storage::SqliteOptions{.application_id = storage::ApplicationId::online, .create = storage::Create::yes});
        storage::migrate(*m_database, storage::online_migrations(), now_is, storage::EmptySchema::accept);
        m_log = std::make_unique<audit::AuditLog>(*m_database);
    }

    storage::Database& database() override { return *m_database; }
    /// Follows what other processes have linked.
    const charter::PolicyChain& chain(storage::Transaction& /*transaction*/) override
    {
        auto rows = m_database->query("SELECT artefact FROM links WHERE number > $1 ORDER BY number", m_chain.position().number);
        while (rows.step())
            m_chain.apply(m_chain.next(rows.blob(0)), now_is);
        return m_chain;
    }
    const charter::PolicyChain& chain() const { return m_chain; }
    void append_link(storage::Transaction& /*transaction*/, Bytes artefact) override
    {
        const auto link = m_chain.next(std::move(artefact));
        m_chain.apply(link, now_is);
        m_database->run("INSERT INTO links (number, hash, previous, entry_hash, artefact, linked_at) VALUES ($1, $2, $3, $4, $5, $6)",
                        link.number, link.hash().bytes(), link.previous.bytes(), link.entry_hash().bytes(), link.artefact, now_is.seconds);
    }
    /// An amendment in force, signed by these officers.
    template <typename Change>
    void amend(Change change, const std::vector<std::string>& officers)
    {
        auto transaction = m_database->begin_immediate();
        append_link(transaction, signed_by(seal(amended(m_chain, change)), officers).encode());
        transaction.commit();
    }
    EntryHash link(const charter::Entry& entry, const std::vector<std::string>& officers)
    {
        const auto artefact = signed_by(encode(entry), officers);
        auto transaction = m_database->begin_immediate();
        append_link(transaction, artefact.encode());
        transaction.commit();
        return EntryHash{artefact.hash()};
    }
    void record(storage::Transaction& transaction, audit::Event event) override { m_log->append(transaction, event, now_is); }
    UtcTime now() const override { return now_is; }

    std::int64_t count(std::string_view sql)
    {
        auto statement = m_database->query(sql);
        statement.step();
        return statement.integer(0);
    }
    void edit(std::string_view sql)
    {
        auto transaction = m_database->begin_immediate();
        m_database->execute(sql);
        transaction.commit();
    }

    UtcTime now_is = founding_day + hours(1);

private:
    charter::PolicyChain m_chain;
    std::unique_ptr<storage::SqliteDatabase> m_database;
    std::unique_ptr<audit::AuditLog> m_log;
};

/// What a test wants proposed; the wallet is `eth-cold` of the example treasury.
struct Proposal {
    std::string requester = "alice";
    std::string wallet = "eth-cold";
    std::uint64_t nonce = 0;
    std::vector<std::pair<std::string, Uint256>> payments = {{"exchange", ether(5)}}; ///< names of destinations; one payload each
    Duration life = hours(24);
    std::string id_seed = "request";
    std::optional<RequestDigest> replaces{};
    std::optional<EntryHash> order{};
    std::vector<std::uint64_t> ladder{}; ///< gwei a gas of further steps of the one payment
};

/// Unsigned type-2 payloads, nonces counted on.
inline std::vector<Bytes> payloads_of(const Proposal& proposal)
{
    std::vector<Bytes> payloads;
    for (const auto& [destination, amount] : proposal.payments) {
        evm::TransferPlan plan{.chain_id = 1,
                               .nonce = proposal.nonce + payloads.size(),
                               .gas_limit = 21'000,
                               .max_fee_per_gas = Uint256{20'000'000'000},
                               .max_priority_fee_per_gas = Uint256{1'000'000'000},
                               .recipient = evm::Address::from(address_named(destination)),
                               .amount = amount,
                               .token = std::nullopt};
        payloads.push_back(evm::encode_unsigned(evm::build_transfer(plan)));
        for (const auto gwei : proposal.ladder) {
            plan.max_fee_per_gas = Uint256{gwei} * Uint256{1'000'000'000};
            payloads.push_back(evm::encode_unsigned(evm::build_transfer(plan)));
        }
    }
    return payloads;
}

/// The request for these payloads, without its signature.
inline requests::Request request_for(const Proposal& proposal, const charter::PolicyChain& chain, const std::vector<Bytes>& payloads,
                                     UtcTime now)
{
    const auto& wallet = chain.charter().wallet(proposal.wallet);
    const auto& format = chains::format_of(chain.charter().chain(wallet.chain));
    requests::Request request{.header = chain.charter().header,
                              .position = chain.position(),
                              .id = make_request_id(founding_day, to_array<10>(ByteView{crypto::sha256(bytes_of(proposal.id_seed))}.first(10), "id")),
                              .kind = charter::RequestKind::transfer,
                              .wallet = proposal.wallet,
                              .payloads = {},
                              .payment = {},
                              .replaces = proposal.replaces,
                              .height = {},
                              .order = proposal.order,
                              .requester = proposal.requester,
                              .created = now,
                              .expires = now + proposal.life};
    requests::Payloads decoded;
    for (const auto& bytes : payloads) {
        decoded.push_back(format.decode(bytes, {chain.charter(), wallet}));
        request.payloads.push_back(decoded.back()->digest());
    }
    request.payment = payments::payment_digest(described(decoded));
    return request;
}

inline requests::Submission submission_of(const Proposal& proposal, const charter::PolicyChain& chain, UtcTime now)
{
    auto payloads = payloads_of(proposal);
    auto artefact = encode(request_for(proposal, chain, payloads, now));
    artefact.sign(key_named(proposal.requester));
    return {.request = artefact.encode(), .payloads = std::move(payloads), .votes = {}};
}

inline Bytes vote_of(const std::string& officer, const RequestDigest& request, requests::VoteDecision decision,
                     const charter::PolicyChain& chain, UtcTime now)
{
    auto artefact = encode(requests::Vote{.header = chain.charter().header,
                                          .request = request,
                                          .decision = decision,
                                          .officer = officer,
                                          .time = now,
                                          .comment = {},
                                          .charter = chain.charter_hash(),
                                          .position = chain.position(),
                                          .heads = {}});
    artefact.sign(key_named(officer));
    return artefact.encode();
}

inline Bytes cancel_of(const std::string& officer, const RequestDigest& request, const charter::PolicyChain& chain, UtcTime now)
{
    auto artefact = charter::encode_cancel({.header = chain.charter().header, .request = request, .officer = officer, .time = now, .reason = "typo"});
    artefact.sign(key_named(officer));
    return artefact.encode();
}

/// The wallet's own signature of every payload, as the vault returns it.
inline std::vector<requests::ReturnedSignature> vault_signatures(const requests::CheckedRequest& checked)
{
    std::vector<requests::ReturnedSignature> signatures;
    for (std::uint32_t i = 0; i < checked.judgement.open.payloads.size(); ++i)
        for (const auto& task : checked.judgement.open.payloads[i]->signing_tasks()) {
            const auto key = wallet_key_named(task.appliance).derive(keys::DerivationPath::parse(task.path));
            const auto signature = key.key().sign(task.digest);
            signatures.push_back({i, {task.input, task.public_key, to_bytes(signature.compact)}});
        }
    return signatures;
}

} // namespace coffer::test
