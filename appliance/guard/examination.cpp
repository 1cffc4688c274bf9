#include "appliance/guard/examination.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/encoding/hex.h"
#include "core/requests/head.h"

#include <algorithm>
#include <map>
#include <set>

namespace coffer::appliance {

namespace {

using artefacts::Artefact;
using requests::VaultLedger;
namespace vault = requests::vault;

constexpr std::size_t most_requests_for_a_person = 10;

/// Heads that this appliance signed itself, wherever they came along.
class OwnHeads {
public:
    explicit OwnHeads(const VaultLedger& ledger) : m_ledger{ledger} {}

    /// Throws Error{ledger_rollback} when this appliance signed it and its log does not contain it.
    void check(ByteView bytes)
    {
        if (!m_checked.insert(to_bytes(bytes)).second)
            return; // every vote of a large bundle carries the same ones
        const auto artefact = Artefact::decode(bytes, artefacts::Kind::head);
        if (!artefact.is_signed_by(m_ledger.identity()))
            return;
        const auto head = requests::decode_head(artefact);
        if (root_at(head.size) != head.root)
            throw Error{ErrorCode::ledger_rollback, "this appliance signed a log of " + std::to_string(head.size) +
                                                        " records that is not part of the one it holds",
                        "an older image of the appliance was put back; sign nothing and tell compliance"};
        if (!m_newest || m_newest->size < head.size)
            m_newest = audit::Head{head.size, head.root};
    }

    const std::optional<audit::Head>& newest() const { return m_newest; }

private:
    /// A root takes time linear in the log, and a hostile bundle can wrap one head in many ways.
    const Hash256& root_at(std::uint64_t size)
    {
        const auto known = m_roots.find(size);
        return known != m_roots.end() ? known->second : m_roots.emplace(size, m_ledger.head_at(size).root).first->second;
    }

    const VaultLedger& m_ledger;
    std::set<Bytes> m_checked;
    std::map<std::uint64_t, Hash256> m_roots;
    std::optional<audit::Head> m_newest;
};

/// A vote's heads count as evidence of a rollback even when the vote itself is worthless.
void check_heads_of_votes(OwnHeads& heads, const bundle::CarriedRequest& carried)
{
    for (const auto& bytes : carried.submission.votes) {
        try {
            for (const auto& head : requests::decode_vote(Artefact::decode(bytes, artefacts::Kind::vote)).heads)
                heads.check(head);
        } catch (const Error& error) {
            if (error.code() == ErrorCode::ledger_rollback)
                throw;
        }
    }
}

/// How many keys have signed every payload.
std::size_t verify_carried_signatures(const bundle::CarriedRequest& carried, const requests::OpenRequest& open)
{
    std::vector<std::vector<payments::TaskSignature>> verified(open.payloads.size());
    for (const auto& signature : carried.signatures) {
        if (signature.payload >= open.payloads.size())
            throw Error{ErrorCode::sig_verify, "a signature came along for payload " + std::to_string(signature.payload) +
                                                   ", the request has " + std::to_string(open.payloads.size())};
        open.payloads[signature.payload]->verify(signature.signature);
        verified[signature.payload].push_back(signature.signature);
    }
    std::size_t signers = open.payloads.front()->count_signers(verified.front());
    for (std::size_t i = 1; i < verified.size(); ++i)
        signers = std::min(signers, open.payloads[i]->count_signers(verified[i]));
    return signers;
}

class Examiner {
public:
    Examiner(const VaultLedger& ledger, UtcTime now)
        : m_ledger{ledger}, m_now{now}, m_examination{.digest = {},
                                                      .chain = ledger.require_chain(),
                                                      .verdicts = {},
                                                      .latched = {},
                                                      .first_sights = {},
                                                      .shown_head = std::nullopt,
                                                      .refused = std::nullopt,
                                                      .now = now}
    {
    }

    Examination run(ByteView bytes)
    {
        const auto artefact = Artefact::decode(bytes, artefacts::Kind::bundle);
        const auto bundle = bundle::decode_bundle(artefact);
        m_examination.digest = BundleDigest{artefact.hash()};
        require_header(bundle.header, m_ledger.require_chain().charter().header, "bundle");
        check_heads(bundle);
        follow(bundle.links);
        m_examination.refused = find_inactive();
        if (m_examination.refused)
            return std::move(m_examination);

        see_entries();
        SlotCheck slots{m_ledger, m_examination.chain.charter()};
        WindowCheck windows{m_ledger, m_examination.chain, m_now};
        require_each_once(bundle.requests);
        for (const auto& carried : bundle.requests)
            m_examination.verdicts.push_back(judge(carried, windows, slots));
        const auto for_a_person = std::ranges::count_if(m_examination.verdicts, &Verdict::asks_a_person);
        if (static_cast<std::size_t>(for_a_person) > most_requests_for_a_person)
            m_examination.refused =
                Error{ErrorCode::too_many_requests, std::to_string(for_a_person) + " requests ask a person, at most 10 may in one bundle",
                      "make one batch of them: coffer propose batch"};
        return std::move(m_examination);
    }

private:
    void check_heads(const bundle::Bundle& bundle)
    {
        OwnHeads heads{m_ledger};
        for (const auto& head : bundle.heads)
            heads.check(head);
        for (const auto& carried : bundle.requests)
            check_heads_of_votes(heads, carried);
        m_examination.shown_head = heads.newest();
    }

    void follow(const std::vector<charter::Link>& links)
    {
        auto& chain = m_examination.chain;
        const auto before = chain.position();
        auto followed = chain.follow(links, m_now);
        if (followed.links.size() > most_new_links)
            throw Error{ErrorCode::limit, "bundle continues the policy chain by " + std::to_string(followed.links.size()) +
                                              " links, over the limit of " + std::to_string(most_new_links)};
        if (chain.has_changed_since(before.number) || !chain.contains(before))
            require_chains_valid(chain.charter());
        if (followed.is_other_branch)
            m_examination.latched.push_back({m_now, vault::BranchTaken{std::move(followed.links)}});
        else
            for (auto& link : followed.links)
                m_examination.latched.push_back({m_now, vault::Linked{std::move(link)}});
    }

    /// By the newest charter: an appliance that it retires signs nothing more.
    std::optional<Error> find_inactive() const
    {
        const auto& appliances = m_examination.chain.charter().appliances;
        const auto self = std::ranges::find(appliances, m_ledger.identity(), &charter::Appliance::key);
        if (self == appliances.end())
            return Error{ErrorCode::appliance_inactive, "the charter in force names no appliance with this identity key"};
        if (const auto* retired = m_examination.chain.find_retirement(self->key))
            return Error{ErrorCode::appliance_inactive, "appliance " + self->id + " was retired on " + format_time(retired->time) +
                                                            (retired->by.empty() ? "" : " by " + join(retired->by, ", "))};
        if (self->state != charter::Appliance::State::active)
            return Error{ErrorCode::appliance_inactive, "appliance " + self->id + " is on standby in the charter in force"};
        return std::nullopt;
    }

    /// Before the first is judged: windows and slots count a request once.
    static void require_each_once(const std::vector<bundle::CarriedRequest>& requests)
    {
        std::set<RequestDigest> seen;
        for (const auto& carried : requests)
            if (const auto digest = find_digest(carried); digest && !seen.insert(*digest).second)
                throw Error{ErrorCode::malformed, "bundle carries request " + encoding::encode_hex(digest->bytes()) + " twice"};
    }

    /// None of what is no request: that is refused by itself.
    static std::optional<RequestDigest> find_digest(const bundle::CarriedRequest& carried)
    {
        try {
            return requests::digest_of(artefacts::Artefact::decode(carried.submission.request, artefacts::Kind::request));
        } catch (const Error&) {
            return std::nullopt;
        }
    }

    Verdict judge(const bundle::CarriedRequest& carried, WindowCheck& windows, SlotCheck& slots)
    {
        Verdict verdict;
        try {
            const auto artefact = Artefact::decode(carried.submission.request, artefacts::Kind::request);
            verdict.digest = requests::digest_of(artefact);
            verdict.id = requests::decode_request(artefact).id;
            verdict.stored = m_ledger.find_signed(verdict.digest);
            if (verdict.stored != nullptr)
                return verdict;
            verdict.judgement = judge_anew(carried, verdict, windows, slots);
        } catch (const Error& error) {
            verdict.refusal = error;
            verdict.judgement.reset();
        }
        return verdict;
    }

    requests::Judgement judge_anew(const bundle::CarriedRequest& carried, Verdict& verdict, WindowCheck& windows, SlotCheck& slots)
    {
        auto judgement =
            requests::examine(m_examination.chain, carried.submission,
                            {.clock = m_now,
                             .latest = std::max(m_now, m_ledger.last_time()),
                             .known_for = m_ledger.known_for(verdict.digest, m_now),
                             .earlier_rejections = m_ledger.rejecters(verdict.digest),
                             .holder_of = [&](const auto& slot) { return m_ledger.holder_of(slot); },
                             .entry_known_for =
                                 [&](const EntryHash& entry) { return m_ledger.entry_known_for(entry, m_now).value_or(Duration{}); },
                             .appliance = m_ledger.identity(),
                             .frozen_here =
                                 [&](const std::string& wallet) { return m_ledger.frozen_here(m_examination.chain, wallet); }});
        latch(judgement);
        verdict.carried_signers = verify_carried_signatures(carried, judgement.open);
        require_approved(judgement);
        const auto holder = m_ledger.find_id(judgement.open.request.id);
        if (holder && *holder != verdict.digest)
            throw Error{ErrorCode::already_signed, "another request with id " + format_uuid(judgement.open.request.id) +
                                                       " was signed before: " + encoding::encode_hex(holder->bytes())};
        auto charge = windows.require_within(judgement.open);
        slots.take(judgement.open);
        windows.charge(judgement.open, charge.outflow);
        verdict.limits = std::move(charge.left);
        return judgement;
    }

    /// What the ledger remembers of a request that verified, whether or not it is signed today.
    void latch(const requests::Judgement& judgement)
    {
        const auto& digest = judgement.open.digest;
        const auto known = m_ledger.rejecters(digest);
        for (const auto& counted : judgement.votes)
            if (counted.vote.decision == requests::VoteDecision::reject &&
                std::ranges::find(known, counted.vote.officer) == known.end())
                m_examination.latched.push_back({m_now, vault::RejectionSeen{digest, counted.vote.officer, counted.artefact}});
        if (judgement.delayed && !judgement.order && !m_ledger.first_seen(digest))
            begin_delay(judgement);
    }

    /// Cool-downs, and the delays of standing orders: they count from a date that a person confirmed, like that of a request; but where
    /// none of this appliance's wallets asks for a person, from the first bundle that has the entry.
    void see_entries()
    {
        for (const auto& [id, added] : m_examination.chain.added())
            see(added.entry);
        for (const auto& [entry, in_force] : m_examination.chain.orders())
            see(entry);
    }

    void see(const EntryHash& entry)
    {
        if (m_ledger.entry_known_for(entry, m_now))
            return;
        auto& sights = ever_asks_a_person() ? m_examination.first_sights : m_examination.latched;
        sights.push_back({m_now, vault::EntrySeen{entry}});
    }

    bool ever_asks_a_person() const
    {
        const auto& charter = m_examination.chain.charter();
        const auto self = std::ranges::find(charter.appliances, m_ledger.identity(), &charter::Appliance::key);
        return std::ranges::any_of(charter.wallets, [&](const charter::Wallet& wallet) {
            return wallet.presence == charter::Presence::person &&
                   std::ranges::find(wallet.keys, self->id, &charter::WalletKey::appliance) != wallet.keys.end();
        });
    }

    void begin_delay(const requests::Judgement& judgement)
    {
        if (m_delays_begun == most_first_sights)
            throw Error{ErrorCode::limit, "over " + std::to_string(most_first_sights) + " requests of this bundle begin a delay",
                        "export the others again, in a bundle of their own"};
        ++m_delays_begun;
        const bool asks_a_person = judgement.open.wallet->presence == charter::Presence::person;
        auto& sights = asks_a_person ? m_examination.first_sights : m_examination.latched;
        sights.push_back({m_now, vault::FirstSeen{judgement.open.digest}});
    }

    const VaultLedger& m_ledger;
    UtcTime m_now;
    std::size_t m_delays_begun = 0;
    Examination m_examination;
};

} // namespace

bool Verdict::asks_a_person() const
{
    return judgement && (judgement->open.wallet->presence == charter::Presence::person || judgement->open.ceremony() != nullptr);
}

Examination examine(const VaultLedger& ledger, ByteView bundle, UtcTime now)
{
    require_plausible_clock(ledger, now);
    return Examiner{ledger, now}.run(bundle);
}

void require_chains_valid(const charter::Charter& charter)
{
    for (const auto& chain : charter.chains)
        for (const auto& problem : chains::format_of(chain).check_charter(charter))
            throw Error{problem.code, problem.place + ": " + problem.message};
}

void require_plausible_clock(const VaultLedger& ledger, UtcTime now)
{
    const auto last = ledger.last_time();
    const std::string hint = "compare with a watch, then set it: coffer-cold clock set TIME";
    if (now < last)
        throw Error{ErrorCode::clock, "the clock says " + format_time(now) + ", before the last session at " + format_time(last), hint};
    if (now - last > requests::longest_gap)
        throw Error{ErrorCode::clock, "the clock says " + format_time(now) + ", over 31 days after the last session at " +
                                          format_time(last),
                    hint};
}

} // namespace coffer::appliance
