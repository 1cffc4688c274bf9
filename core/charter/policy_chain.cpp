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
    PolicyChain chain;
    chain.m_charters.push_back({std::move(charter), hash_of(artefact)});
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
        throw Error{ErrorCode::charter_fork, ordinal(link) + " differs from the one held here",
                    "two histories of the policy exist; keep both files and tell compliance"};
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
    if (artefact.kind() == artefacts::Kind::charter)
        apply_amendment(artefact, adopted_at);
    else if (artefact.kind() == artefacts::Kind::entry)
        apply_cancel(artefact);
    else
        throw Error{ErrorCode::type, ordinal(link) + " is a coffer-" + std::string{name_of(artefact.kind())} +
                                         ", neither a charter nor an entry"};
    m_links.push_back(link);
    m_positions.push_back(link.position());
    m_entries.insert(entry);
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
    if (adopted_at && (*amended.adopt_before < *adopted_at || *amended.adopt_before > *adopted_at + longest_adoption))
        throw Error{ErrorCode::charter_stale, "charter version " + std::to_string(amended.version) + " is to be adopted before " +
                                                  format_time(*amended.adopt_before) + ", at most 30 days ahead; it is " +
                                                  format_time(*adopted_at)};
    const auto tally = charter().amendment.tally(signers(artefact, charter()));
    if (!tally.reached)
        throw Error{ErrorCode::appr_missing, "charter version " + std::to_string(amended.version) + " lacks signatures: " +
                                                 join(tally.missing, ", ")};
    m_charters.push_back({std::move(amended), hash_of(artefact)});
}

void PolicyChain::apply_cancel(const artefacts::Artefact& artefact)
{
    auto cancel = decode_cancel(artefact);
    require_header(cancel.header, charter().header, "cancel");
    const auto* officer = charter().find_officer(cancel.officer);
    if (officer == nullptr)
        throw Error{ErrorCode::appr_role, "cancel by " + quoted(cancel.officer) + ", who is no officer of the charter in force"};
    if (std::ranges::none_of(officer->keys, [&](const auto& key) { return artefact.is_signed_by(key); }))
        throw Error{ErrorCode::appr_role, "cancel is not signed by a key of " + officer->id};
    const auto request = cancel.request;
    m_cancels[request].push_back({std::move(cancel), officer->roles});
}

const std::vector<PolicyChain::AcceptedCancel>& PolicyChain::cancels_of(const RequestDigest& request) const
{
    static const std::vector<AcceptedCancel> none;
    const auto found = m_cancels.find(request);
    return found == m_cancels.end() ? none : found->second;
}

} // namespace coffer::charter
