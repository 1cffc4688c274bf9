#include "appliance/guard/signing.h"

#include "core/base/error.h"
#include "core/requests/head.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace coffer::appliance {

namespace {

using requests::vault::Record;
namespace vault = requests::vault;

using Signatures = std::vector<std::vector<payments::TaskSignature>>;

/// Signs whole requests with the keys that their wallets name in this appliance.
class RequestSigner {
public:
    RequestSigner(const Session& session, const charter::Appliance& self, const SignerFactory& make_signer)
        : m_session{session}, m_self{self}, m_make_signer{make_signer}
    {
    }

    Signatures sign(const requests::OpenRequest& request)
    {
        Signatures signatures;
        for (const auto& payload : request.payloads)
            signatures.push_back(sign(*payload));
        return signatures;
    }

private:
    std::vector<payments::TaskSignature> sign(const payments::Payload& payload)
    {
        std::vector<payments::TaskSignature> signatures;
        for (const auto& task : payload.signing_tasks()) {
            if (task.appliance != m_self.id)
                continue;
            auto made = signer_of(task.key).sign({&task, 1});
            require(made.size() == 1, "a signer answers every task once");
            // Hardware often gives high s, and a faulty signer anything: normalise, then compare with the pinned key.
            if (made.front().signature.size() != 64)
                throw Error{ErrorCode::sig_verify, "the signer answered with " +
                                                       std::to_string(made.front().signature.size()) +
                                                       " bytes, not 64"};
            if (task.algorithm == payments::SignatureAlgorithm::ecdsa_secp256k1) {
                const auto low = crypto::normalize_low_s(to_array<64>(made.front().signature, "signature"));
                made.front().signature.assign(low.begin(), low.end());
            }
            payload.verify(made.front());
            signatures.push_back(std::move(made.front()));
        }
        if (signatures.empty())
            throw Error{ErrorCode::fingerprint, "no key of this wallet is in appliance " + m_self.id};
        return signatures;
    }

    keys::Signer& signer_of(const std::string& key)
    {
        auto& signer = m_signers[key];
        if (!signer) {
            const auto named = std::ranges::find(m_self.keys, key, &charter::ApplianceKey::id);
            require(named != m_self.keys.end(), "a charter that was checked names a key that it has not");
            signer = m_make_signer(m_session, *named);
        }
        return *signer;
    }

    const Session& m_session;
    const charter::Appliance& m_self;
    const SignerFactory& m_make_signer;
    std::map<std::string, std::unique_ptr<keys::Signer>> m_signers;
};

std::vector<bundle::CarriedSignature> to_carry(const Signatures& signatures)
{
    std::vector<bundle::CarriedSignature> carried;
    for (std::uint32_t payload = 0; payload < signatures.size(); ++payload)
        for (const auto& signature : signatures[payload])
            carried.push_back({payload, signature});
    return carried;
}

bundle::Result refused(const RequestDigest& digest, const Error& error)
{
    return {.request = digest,
            .outcome = bundle::Outcome::refused,
            .code = std::string{name_of(error.code())},
            .signatures = {}};
}

class Signing {
public:
    Signing(Session& session, const Examination& examination, const std::set<RequestDigest>& declined)
        : m_session{session}, m_examination{examination}, m_declined{declined}
    {
    }

    SigningResult run(const SignerFactory& make_signer)
    {
        choose();
        record_intents();
        sign_chosen(make_signer);
        m_session.ledger().append(m_outcomes);
        return make_receipt();
    }

private:
    /// Windows and slots are judged once more, over what is really going to be signed.
    void choose()
    {
        WindowCheck windows{m_session.ledger(), m_examination.chain, m_examination.now};
        SlotCheck slots{m_session.ledger(), m_examination.chain.charter()};
        for (const auto& verdict : m_examination.verdicts) {
            if (!verdict.judgement || m_declined.contains(verdict.digest))
                continue;
            try {
                const auto& open = verdict.judgement->open;
                auto charge = windows.require_within(open);
                slots.take(open);
                windows.charge(open, charge.outflow);
                m_chosen.push_back({&verdict, std::move(charge.outflow)});
            } catch (const Error& error) {
                m_late_refusals.emplace(verdict.digest, error);
            }
        }
    }

    void record_intents()
    {
        std::vector<Record> records;
        if (!m_chosen.empty() || !m_declined.empty())
            records.push_back({m_examination.now, vault::SessionBegun{m_session.ledger().sessions() + 1}});
        for (const auto& [verdict, outflow] : m_chosen) {
            const auto& open = verdict->judgement->open;
            vault::Intended intended{
                .request = open.digest, .id = open.request.id, .payloads = open.request.payloads, .slots = {}};
            for (auto& used : open.slots())
                intended.slots.push_back(std::move(used.slot));
            for (const auto& payload : open.payloads)
                for (const auto& change : payload->description().change)
                    intended.change = {open.wallet->id, std::max(change.index, intended.change ? intended.change->index : 0)};
            intended.outflow = outflow;
            records.push_back({m_examination.now, std::move(intended)});
        }
        m_session.ledger().append(records);
    }

    void sign_chosen(const SignerFactory& make_signer)
    {
        const auto* self = m_session.ledger().self();
        require(self != nullptr, "an appliance that its charter does not name signs");
        RequestSigner signer{m_session, *self, make_signer};
        for (const auto& [verdict, outflow] : m_chosen) {
            try {
                auto signatures = signer.sign(verdict->judgement->open);
                m_outcomes.push_back({m_examination.now, vault::Signed{verdict->digest, signatures}});
                m_signed.emplace(verdict->digest, std::move(signatures));
            } catch (const Error& error) {
                m_late_refusals.emplace(verdict->digest, error);
            }
        }
    }

    bundle::Result result_of(const Verdict& verdict)
    {
        const auto signed_result = [&](const Signatures& signatures) {
            return bundle::Result{.request = verdict.digest,
                                  .outcome = bundle::Outcome::signed_,
                                  .code = {},
                                  .signatures = to_carry(signatures)};
        };
        if (verdict.stored != nullptr)
            return signed_result(verdict.stored->signatures);
        if (const auto found = m_signed.find(verdict.digest); found != m_signed.end())
            return signed_result(found->second);
        if (m_declined.contains(verdict.digest))
            return {.request = verdict.digest,
                    .outcome = bundle::Outcome::declined,
                    .code = std::string{name_of(ErrorCode::declined)},
                    .signatures = {}};
        const auto late = m_late_refusals.find(verdict.digest);
        return refused(verdict.digest, late != m_late_refusals.end() ? late->second : *verdict.refusal);
    }

    SigningResult make_receipt()
    {
        auto& ledger = m_session.ledger();
        bundle::Receipt receipt{.header = ledger.require_chain().charter().header,
                                .bundle = m_examination.digest,
                                .appliance = ledger.self()->id,
                                .time = m_examination.now,
                                .results = {},
                                .position = ledger.require_chain().position(),
                                .findings = {},
                                .log_size = 0,
                                .log_root = {},
                                .consistency = std::nullopt,
                                .head = {}};
        bool all_signed = true;
        std::vector<Record> endings;
        for (const auto& verdict : m_examination.verdicts) {
            receipt.results.push_back(result_of(verdict));
            const auto& result = receipt.results.back();
            all_signed = all_signed && result.outcome == bundle::Outcome::signed_;
            if (result.outcome == bundle::Outcome::refused)
                endings.push_back({m_examination.now, vault::Refused{result.request, result.code}});
            if (result.outcome == bundle::Outcome::declined)
                endings.push_back({m_examination.now, vault::Declined{result.request}});
        }
        if (ledger.clock_was_set())
            receipt.findings.push_back("clock set, now " + std::to_string(ledger.clock_offset().seconds) +
                                       " seconds from the machine's clock");
        ledger.append(endings);

        const auto head = ledger.head();
        receipt.log_size = head.size;
        receipt.log_root = head.root;
        auto signed_head = encode(requests::Head{.header = receipt.header,
                                                 .source = receipt.appliance,
                                                 .size = head.size,
                                                 .root = head.root,
                                                 .time = receipt.time});
        signed_head.sign(m_session.identity());
        receipt.head = signed_head.encode();
        if (m_examination.shown_head && m_examination.shown_head->size > 0)
            receipt.consistency = bundle::Consistency{m_examination.shown_head->size,
                                                      ledger.consistency_from(m_examination.shown_head->size)};
        auto artefact = encode(receipt);
        artefact.sign(m_session.identity());
        auto bytes = artefact.encode();
        ledger.append({{m_examination.now, vault::ReceiptMade{m_examination.digest, bytes, all_signed}}});
        return {std::move(receipt), std::move(bytes)};
    }

    Session& m_session;
    const Examination& m_examination;
    const std::set<RequestDigest>& m_declined;
    struct Chosen {
        const Verdict* verdict;
        policy::Outflow outflow;
    };
    std::vector<Chosen> m_chosen;
    std::map<RequestDigest, Signatures> m_signed;
    std::map<RequestDigest, Error> m_late_refusals;
    std::vector<Record> m_outcomes;
};

} // namespace

SigningResult sign_examined(Session& session, const Examination& examination, const std::set<RequestDigest>& declined,
                            const SignerFactory& make_signer)
{
    return Signing{session, examination, declined}.run(make_signer);
}

void latch(Session& session, const Examination& examination, Date date)
{
    auto records = examination.latched;
    if (date == Date::confirmed)
        std::ranges::copy(examination.first_sights, std::back_inserter(records));
    session.ledger().append(records);
    session.bind_named_keys(session.ledger().require_chain().charter());
}

void record_refusal(Session& session, const Error& error, UtcTime now)
{
    session.ledger().append({{now, vault::Refused{RequestDigest{}, std::string{name_of(error.code())}}}});
}

} // namespace coffer::appliance
