#include "core/charter/policy_chain.h"

#include "core/base/text.h"
#include "core/charter/wallet_keys.h"

#include <algorithm>

namespace coffer::charter {

namespace {

constexpr Duration longest_adoption = days(30);

std::string ordinal(const Link& link)
{
    return "link " + std::to_string(link.number);
}

Error fork_at(const Link& link)
{
    return Error{ErrorCode::charter_fork, ordinal(link) + " differs from the one held here",
                 "two histories of the policy exist; keep both files and tell compliance. An amendment that says which link it "
                 "continues ends the fork: see `coffer charter status`"};
}

bool is_adoptable(const Charter& amendment, UtcTime at)
{
    return at <= *amendment.adopt_before && *amendment.adopt_before <= at + longest_adoption;
}

/// The amendment in the link; none for anything else.
std::optional<Charter> amendment_in(const Link& link)
{
    const auto artefact = artefacts::Artefact::decode_any(link.artefact);
    if (artefact.kind() != artefacts::Kind::charter)
        return std::nullopt;
    auto charter = open(artefact);
    return charter.adopt_before ? std::optional{std::move(charter)} : std::nullopt;
}

} // namespace

PolicyChain PolicyChain::found(ByteView sealed_first_charter)
{
    const auto artefact = artefacts::Artefact::decode(sealed_first_charter, artefacts::Kind::charter);
    auto charter = open(artefact);
    require_valid(charter);
    if (charter.version != 1)
        throw Error{ErrorCode::policy_gap, "charter has version " + std::to_string(charter.version) +
                                               ", the first one of a treasury has version 1"};
    require_founding_signatures(artefact, charter);
    PolicyChain chain{std::move(charter), hash_of(artefact)};
    chain.m_links.push_back({0, LinkHash{}, to_bytes(sealed_first_charter)});
    chain.m_positions.push_back(chain.m_links.back().position());
    chain.m_entries.insert(chain.m_links.back().entry_hash());
    return chain;
}

bool PolicyChain::contains(const Position& position) const
{
    return position.number < m_positions.size() && m_positions[position.number] == position;
}

bool PolicyChain::has_charter(const CharterHash& hash) const
{
    return std::ranges::find(m_charters, hash, &Held::hash) != m_charters.end();
}

Link PolicyChain::next(Bytes artefact) const
{
    return {position().number + 1, position().link, std::move(artefact)};
}

void PolicyChain::apply(const Link& link, std::optional<UtcTime> adopted_at)
{
    if (link.number < m_links.size()) {
        if (contains(link.position()))
            return;
        throw fork_at(link);
    }
    if (link.number != m_links.size())
        throw Error{ErrorCode::policy_gap, ordinal(link) + " follows, but link " + std::to_string(m_links.size()) +
                                               " is the next one needed here"};
    if (link.previous != position().link)
        throw Error{ErrorCode::policy_gap, ordinal(link) + " continues another link than the newest one held here"};

    const auto artefact = artefacts::Artefact::decode_any(link.artefact);
    const EntryHash entry{artefact.hash()};
    if (m_entries.contains(entry))
        throw Error{ErrorCode::policy_rollback, ordinal(link) + " repeats an entry that is part of the chain already"};
    std::optional<Entry> applied;
    if (artefact.kind() == artefacts::Kind::charter)
        apply_amendment(artefact, adopted_at);
    else if (artefact.kind() == artefacts::Kind::entry)
        m_state.apply(applied.emplace(decode_entry(artefact)), {artefact, entry, adopted_at});
    else
        throw Error{ErrorCode::type, ordinal(link) + " is a coffer-" + std::string{name_of(artefact.kind())} +
                                         ", neither a charter nor an entry"};
    m_links.push_back(link);
    m_positions.push_back(link.position());
    m_entries.insert(entry);
    if (applied && std::holds_alternative<Cancel>(*applied))
        return;
    m_last_change = link.number;
    restrict_charter();
}

PolicyChain::Followed PolicyChain::follow(std::span<const Link> links, std::optional<UtcTime> adopted_at)
{
    const auto departs = [this](const Link& link) { return link.number < m_links.size() && !contains(link.position()); };
    const auto fork = std::ranges::find_if(links, departs);
    if (fork == links.end()) {
        const auto held = m_links.size();
        auto longer = *this;
        longer.apply_in_order(links, adopted_at);
        *this = std::move(longer);
        return {{m_links.begin() + static_cast<std::ptrdiff_t>(held), m_links.end()}, false};
    }
    const std::span<const Link> rest{fork, links.end()};
    if (fork->number == 0 || std::ranges::none_of(rest, [](const Link& link) {
            const auto amendment = amendment_in(link);
            return amendment && amendment->continues;
        }))
        throw fork_at(*fork);
    auto branch = up_to(fork->number);
    branch.apply_in_order(rest, adopted_at);
    if (!branch.has_ended_fork_since(charter_hash()) &&
        std::ranges::none_of(rest, [this](const Link& link) { return is_decided_by(link); }))
        throw fork_at(*fork);
    branch.keep_restrictions(*this);
    *this = std::move(branch);
    return {{m_links.begin() + static_cast<std::ptrdiff_t>(fork->number), m_links.end()}, true};
}

void PolicyChain::apply_in_order(std::span<const Link> links, std::optional<UtcTime> adopted_at)
{
    std::size_t vouched = 0; // links before this one have a successor that may be adopted now
    for (std::size_t i = 0; adopted_at && i < links.size(); ++i)
        if (const auto amendment = amendment_in(links[i]); amendment && is_adoptable(*amendment, *adopted_at))
            vouched = i;
    for (std::size_t i = 0; i < links.size(); ++i)
        apply(links[i], i < vouched ? std::nullopt : adopted_at);
}

/// The same chain as it was before the link of this number.
PolicyChain PolicyChain::up_to(std::uint64_t number) const
{
    auto chain = found(m_links.front().artefact);
    for (std::size_t i = 1; i < number; ++i)
        chain.apply(m_links[i], std::nullopt);
    return chain;
}

/// Those who may amend the charter in force here decide for a branch that does not contain it.
bool PolicyChain::is_decided_by(const Link& link) const
{
    const auto amendment = amendment_in(link);
    return amendment && amendment->continues && amendment->version > charter().version &&
           m_state.charter().amendment.tally(signers(artefacts::Artefact::decode_any(link.artefact), m_state.charter())).reached;
}

bool PolicyChain::has_ended_fork_since(const CharterHash& charter) const
{
    const auto held = std::ranges::find(m_charters, charter, &Held::hash);
    return held != m_charters.end() &&
           std::any_of(held + 1, m_charters.end(), [](const Held& newer) { return newer.charter.continues.has_value(); });
}

void PolicyChain::apply_amendment(const artefacts::Artefact& artefact, std::optional<UtcTime> adopted_at)
{
    auto amended = open(artefact);
    require_header(amended.header, charter().header, "amendment");
    if (amended.previous && *amended.previous != charter_hash() && has_charter(*amended.previous))
        throw Error{ErrorCode::charter_fork, "charter version " + std::to_string(amended.version) +
                                                 " is a second successor of a charter that was amended already",
                    "two histories of the policy exist; keep both files and tell compliance"};
    if (amended.version <= charter().version)
        throw Error{ErrorCode::policy_rollback, "charter version " + std::to_string(amended.version) +
                                                    " is not newer than version " + std::to_string(charter().version) +
                                                    ", which is in force"};
    if (amended.version != charter().version + 1)
        throw Error{ErrorCode::policy_gap, "charter version " + std::to_string(amended.version) + " skips version " +
                                               std::to_string(charter().version + 1)};
    if (amended.previous != charter_hash())
        throw Error{ErrorCode::charter_fork, "charter version " + std::to_string(amended.version) +
                                                 " amends another charter than the one in force"};
    require_valid(amended);
    for (const auto& held : m_charters)
        require_keeps_modes(held.charter, amended);
    if (amended.continues && *amended.continues != position())
        throw Error{ErrorCode::policy_gap, "charter version " + std::to_string(amended.version) + " continues link " +
                                               amended.continues->format() + ", the newest one here is " + position().format(),
                    "leave `continues` out unless it ends a fork; then `coffer charter status` prints what it has to say"};
    if (adopted_at && !is_adoptable(amended, *adopted_at))
        throw Error{ErrorCode::charter_stale, "charter version " + std::to_string(amended.version) + " is to be adopted before " +
                                                  format_time(*amended.adopt_before) + ", at most 30 days ahead; it is " +
                                                  format_time(*adopted_at),
                    "seal the next version with a new term; where this one is in force already, it then counts, too"};
    const auto tally = m_state.charter().amendment.tally(signers(artefact, m_state.charter()));
    if (!tally.reached)
        throw Error{ErrorCode::appr_missing, "charter version " + std::to_string(amended.version) + " lacks signatures: " +
                                                 join(tally.missing, ", ")};
    m_state.amend(amended, hash_of(artefact));
    m_charters.push_back({std::move(amended), hash_of(artefact)});
    m_kept.removed.clear();
}

void PolicyChain::keep_restrictions(const PolicyChain& left)
{
    m_state.keep_cancels(left.m_state);
    m_kept = left.restrictions();
    restrict_charter();
}

/// What this branch has itself, or has lifted, is as it says. Suspensions that would leave nobody to amend the charter are not kept:
/// nothing could lift them.
void PolicyChain::restrict_charter()
{
    const auto is_settled = [this](const auto& one) { return has_entry(one.entry) || is_lifted(one.entry); };
    std::erase_if(m_kept.frozen, [&](const auto& one) { return is_settled(one.second); });
    std::erase_if(m_kept.suspended, is_settled);
    std::erase_if(m_kept.retired, is_settled);
    std::erase_if(m_kept.removed, is_settled);
    m_restricted.reset();
    if (m_kept.suspended.empty() && m_kept.retired.empty() && m_kept.removed.empty())
        return;
    auto kept = m_kept;
    kept.suspended.clear();
    auto charter = m_state.charter();
    restrict(charter, kept);
    for (const auto& suspended : m_kept.suspended) {
        auto next = charter;
        suspend(next, suspended);
        if (may_be_amended(next))
            charter = std::move(next);
    }
    m_restricted = std::move(charter);
}

const Frozen* PolicyChain::find_freeze(const std::string& wallet, UtcTime now) const
{
    const auto* here = m_state.restrictions().find_freeze(wallet, now);
    const auto* kept = m_kept.find_freeze(wallet, now);
    if (here == nullptr || kept == nullptr)
        return here != nullptr ? here : kept;
    return here->until < kept->until ? kept : here;
}

const Suspended* PolicyChain::find_suspension(const std::string& officer, const artefacts::ApprovalKey& key) const
{
    for (const auto* all : {&m_state.restrictions(), &m_kept})
        for (const auto& suspended : all->suspended)
            if (suspended.what.covers(officer, key))
                return &suspended;
    return nullptr;
}

const Retired* PolicyChain::find_retirement(const artefacts::ApprovalKey& identity) const
{
    for (const auto* all : {&m_state.restrictions(), &m_kept})
        for (const auto& retired : all->retired)
            if (retired.key == identity)
                return &retired;
    return nullptr;
}

const OrderInForce* PolicyChain::find_order(const EntryHash& entry) const
{
    const auto found = m_state.orders().find(entry);
    return found == m_state.orders().end() ? nullptr : &found->second;
}

std::map<EntryHash, const OrderInForce*> PolicyChain::orders() const
{
    std::map<EntryHash, const OrderInForce*> orders;
    for (const auto& [entry, order] : m_state.orders())
        orders.emplace(entry, &order);
    return orders;
}

Restrictions PolicyChain::restrictions() const
{
    auto all = m_state.restrictions();
    all.frozen.insert(m_kept.frozen.begin(), m_kept.frozen.end());
    all.suspended.insert(all.suspended.end(), m_kept.suspended.begin(), m_kept.suspended.end());
    all.retired.insert(all.retired.end(), m_kept.retired.begin(), m_kept.retired.end());
    all.removed.insert(all.removed.end(), m_kept.removed.begin(), m_kept.removed.end());
    return all;
}

} // namespace coffer::charter
