#include "core/charter/policy_state.h"

#include "core/base/text.h"
#include "core/charter/standing_order_check.h"

#include <algorithm>
#include <type_traits>

namespace coffer::charter {

namespace {

using artefacts::ApprovalKey;
using artefacts::Artefact;

constexpr std::size_t officers_to_take_power = 2;

void require_not_future(UtcTime time, const PolicyState::Linked& linked, std::string_view what)
{
    if (linked.adopted_at && *linked.adopted_at + tolerated_entry_ahead < time)
        throw Error{ErrorCode::appr_future, std::string{what} + " is dated " + format_time(time) + ", more than 10 minutes after " +
                                                format_time(*linked.adopted_at),
                    "compare the clocks of both machines"};
}

/// What was signed under another charter may mean something else under this one.
void require_charter(const CharterHash& named, const CharterHash& in_force, std::string_view what)
{
    if (named != in_force)
        throw Error{ErrorCode::policy_mismatch, std::string{what} + " names another charter than the one in force",
                    "make it anew under the charter in force"};
}

const Officer& require_signed_by(const Artefact& artefact, const Charter& charter, const std::string& id, std::string_view what)
{
    const auto* officer = charter.find_officer(id);
    if (officer == nullptr)
        throw Error{ErrorCode::appr_role, std::string{what} + " by " + quoted(id) + ", who is no officer of the charter in force"};
    const auto signs = [&](const auto& key) { return artefact.is_signed_by(key); };
    if (std::ranges::any_of(officer->keys, signs))
        return *officer;
    if (std::ranges::any_of(officer->suspended, signs))
        throw Error{ErrorCode::appr_role, std::string{what} + " by " + officer->id + ", whose key is suspended"};
    throw Error{ErrorCode::appr_role, std::string{what} + " is not signed by a key of " + officer->id};
}

/// Two officers together, other than `except`. Returns all of them who signed.
std::vector<std::string> require_two_officers(const Artefact& artefact, const Charter& charter, const std::string& except,
                                              std::string_view what)
{
    std::vector<std::string> names;
    for (const auto& voter : signers(artefact, charter))
        if (voter.officer != except)
            names.push_back(voter.officer);
    if (names.size() < officers_to_take_power)
        throw Error{ErrorCode::appr_missing, std::string{what} + " needs the signatures of two " + (except.empty() ? "" : "other ") +
                                                 "officers" + (names.empty() ? "" : ", it has that of " + join(names, ", "))};
    return names;
}

/// By each of the officers that it names, so that what it is worth does not depend on who else's signature a carrier left on it.
void require_signed_by_all(const Artefact& artefact, const Charter& charter, const StandingOrder& order)
{
    auto missing = order.officers;
    for (const auto& voter : signers(artefact, charter))
        std::erase(missing, voter.officer);
    if (!missing.empty())
        throw Error{ErrorCode::appr_missing, "standing order " + quoted(order.id) + " lacks the signature of " + escaped(join(missing, ", "))};
}

void require_quorum(const Artefact& artefact, const Charter& charter, std::string_view what)
{
    const auto tally = charter.amendment.tally(signers(artefact, charter));
    if (!tally.reached)
        throw Error{ErrorCode::appr_missing, std::string{what} + " lacks signatures: " + join(tally.missing, ", ")};
}

Error changes_nothing(std::string message)
{
    return Error{ErrorCode::state, std::move(message)};
}

} // namespace

PolicyState::PolicyState(Charter first, CharterHash hash) : m_charter{std::move(first)}, m_charter_hash{hash} {}

void PolicyState::amend(Charter amended, CharterHash hash)
{
    auto restrictions = m_restrictions;
    auto lifted = m_lifted;
    lifted.insert(amended.lifts.begin(), amended.lifts.end());
    std::erase_if(restrictions.suspended, [&](const Suspended& one) { return lifted.contains(one.entry); });
    std::erase_if(restrictions.retired, [&](const Retired& one) { return lifted.contains(one.entry); });
    restrictions.removed.clear(); // an amendment restates the address book
    restrict(amended, restrictions);
    if (!may_be_amended(amended))
        throw Error{ErrorCode::policy_invalid, "charter version " + std::to_string(amended.version) +
                                                   " could never be amended: too few officers are left whom nothing suspends",
                    "name in `lifts` the suspensions that end with it, or change its amendment quorum"};
    m_charter = std::move(amended);
    m_charter_hash = hash;
    m_restrictions = std::move(restrictions);
    m_lifted = std::move(lifted);
    m_added.clear();
    m_orders.clear();
    m_ended_orders.clear();
}

void PolicyState::apply(const Entry& entry, const Linked& linked)
{
    require_header(header_of(entry), m_charter.header, name_of(entry));
    std::visit(
        [&](const auto& kind) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(kind)>, Cancel>)
                require_not_future(kind.time, linked, kind.name);
            apply(kind, linked);
        },
        entry);
}

void PolicyState::apply(const Cancel& cancel, const Linked& linked)
{
    const auto& officer = require_signed_by(linked.artefact, m_charter, cancel.officer, "cancel");
    m_cancels[cancel.request].push_back({cancel, officer.roles});
}

void PolicyState::require_maker(const Freeze& freeze, const Linked& linked) const
{
    if (freeze.officer.empty()) {
        const auto* appliance = m_charter.find_appliance(freeze.appliance);
        if (appliance == nullptr || !linked.artefact.is_signed_by(appliance->key))
            throw Error{ErrorCode::appr_role, "freeze is not signed by appliance " + quoted(freeze.appliance) + " of the charter in force"};
        return;
    }
    const auto& officer = require_signed_by(linked.artefact, m_charter, freeze.officer, "freeze");
    if (!m_charter.freeze_role.empty() && !officer.has_role(m_charter.freeze_role))
        throw Error{ErrorCode::appr_role, "freeze by " + officer.id + ", who does not have the role " + m_charter.freeze_role};
}

Frozen PolicyState::freeze_of(const std::string& wallet, const Freeze& freeze, const EntryHash& hash) const
{
    static_cast<void>(m_charter.wallet(wallet));
    Frozen frozen{hash, freeze.maker(), freeze.time, freeze.until, false};
    const auto* held = m_restrictions.find_freeze(wallet, freeze.time);
    if (held == nullptr)
        return frozen;
    if (held->is_renewed)
        throw Error{ErrorCode::state, "wallet " + wallet + " is frozen until " + format_time(held->until) + " and was renewed once already",
                    "lift it with an unfreeze, or freeze again when it has ended"};
    if (freeze.until <= held->until)
        throw changes_nothing("wallet " + wallet + " is frozen until " + format_time(held->until) + " already");
    frozen.since = held->since;
    frozen.is_renewed = true;
    return frozen;
}

void PolicyState::apply(const Freeze& freeze, const Linked& linked)
{
    require_maker(freeze, linked);
    if (freeze.until <= freeze.time || freeze.until - freeze.time > longest_freeze)
        throw Error{ErrorCode::policy_invalid, "freeze lasts from " + format_time(freeze.time) + " until " + format_time(freeze.until) +
                                                   ", which is not up to 72 hours"};
    std::map<std::string, Frozen> frozen;
    for (const auto& wallet : freeze.wallets)
        frozen.emplace(wallet, freeze_of(wallet, freeze, linked.hash));
    for (auto& [wallet, one] : frozen) {
        m_restrictions.frozen.erase(wallet);
        m_restrictions.frozen.emplace(wallet, std::move(one));
    }
}

void PolicyState::apply(const Unfreeze& unfreeze, const Linked& linked)
{
    require_quorum(linked.artefact, m_charter, "unfreeze");
    const auto of_it = [&](const auto& one) { return one.second.entry == unfreeze.freeze; };
    if (std::ranges::none_of(m_restrictions.frozen, of_it))
        throw changes_nothing("unfreeze names a freeze that holds no wallet: it was lifted or renewed, or is not part of this chain");
    std::erase_if(m_restrictions.frozen, of_it);
    m_lifted.insert(unfreeze.freeze);
}

void PolicyState::apply(const Suspension& suspension, const Linked& linked)
{
    require_charter(suspension.charter, m_charter_hash, "suspension");
    const auto* officer = m_charter.find_officer(suspension.officer);
    if (officer == nullptr)
        throw Error{ErrorCode::policy_invalid, "suspension of " + quoted(suspension.officer) + ", who is no officer of the charter in force"};
    auto by = require_two_officers(linked.artefact, m_charter, officer->id, "suspension of " + officer->id);
    if (std::ranges::none_of(officer->keys, [&](const auto& key) { return suspension.covers(officer->id, key); }))
        throw changes_nothing("no key of " + officer->id + " is left that this suspension would take");
    Suspended suspended{linked.hash, suspension, std::move(by)};
    auto charter = m_charter;
    suspend(charter, suspended);
    if (!may_be_amended(charter))
        throw Error{ErrorCode::policy_invalid, "without " + officer->id + " too few officers are left to amend the charter, and nothing "
                                               "else could lift the suspension",
                    "freeze the wallets, and amend the charter"};
    m_charter = std::move(charter);
    m_restrictions.suspended.push_back(std::move(suspended));
}

void PolicyState::apply(const DestinationAdded& added, const Linked& linked)
{
    require_charter(added.charter, m_charter_hash, "addition to the address book");
    const auto& destination = added.destination;
    if (!is_identifier(destination.id))
        throw Error{ErrorCode::policy_invalid, "destination id " + quoted(destination.id) +
                                                   " is not a small letter followed by at most 31 small letters, digits and dashes"};
    static_cast<void>(m_charter.chain(destination.chain));
    if (destination.address.empty())
        throw Error{ErrorCode::policy_invalid, "destination " + destination.id + " has no address"};
    if (std::ranges::find(m_charter.destinations, destination.id, &Destination::id) != m_charter.destinations.end())
        throw changes_nothing("destination " + destination.id + " is in the address book already");
    if (const auto* same = m_charter.find_destination_at(destination.chain, destination.address))
        throw changes_nothing("destination " + destination.id + " has the address of destination " + same->id);
    require_quorum(linked.artefact, m_charter, "addition to the address book");
    m_charter.destinations.push_back(destination);
    m_added.insert_or_assign(destination.id, Added{linked.hash, added.time});
}

void PolicyState::apply(const DestinationRemoved& removed, const Linked& linked)
{
    require_charter(removed.charter, m_charter_hash, "removal from the address book");
    const auto& officer = require_signed_by(linked.artefact, m_charter, removed.officer, "removal from the address book");
    auto& book = m_charter.destinations;
    const auto known = std::ranges::find(book, removed.destination, &Destination::id);
    if (known == book.end())
        throw changes_nothing("destination " + quoted(removed.destination) + " is not in the address book");
    m_restrictions.removed.push_back({linked.hash, *known, officer.id, removed.time});
    book.erase(known);
    m_added.erase(removed.destination);
}

/// The charter with the appliance under its new identity. A standby of that identity gives up its own place.
Charter PolicyState::with_identity(const ApplianceEnrolled& enrolled) const
{
    auto charter = m_charter;
    const auto is_it = [&](const Appliance& one) { return one.id == enrolled.appliance; };
    const auto place = std::ranges::find_if(charter.appliances, is_it);
    if (place == charter.appliances.end())
        throw Error{ErrorCode::policy_invalid, "appliance " + quoted(enrolled.appliance) + " is not in the charter"};
    if (charter.audit_key == enrolled.key || charter.find_officer_of(enrolled.key.id()) != nullptr)
        throw Error{ErrorCode::policy_dupkey, "the identity of an appliance is no key of an officer and not the audit key"};
    place->key = enrolled.key;
    place->state = Appliance::State::active;
    const auto keys = place->keys;
    const auto other = std::ranges::find_if(charter.appliances, [&](const Appliance& one) { return !is_it(one) && one.key == enrolled.key; });
    if (other == charter.appliances.end())
        return charter;
    if (other->state != Appliance::State::standby)
        throw Error{ErrorCode::policy_dupkey, "this is the identity of appliance " + other->id + ", which is active"};
    const auto is_used = [&](const Wallet& wallet) { return std::ranges::find(wallet.keys, other->id, &WalletKey::appliance) != wallet.keys.end(); };
    if (std::ranges::any_of(charter.wallets, is_used))
        throw Error{ErrorCode::policy_invalid, "appliance " + other->id + " holds keys of its own, so it cannot take the place of another"};
    for (const auto& key : keys)
        if (std::ranges::find(other->keys, key.extended_public, &ApplianceKey::extended_public) == other->keys.end())
            throw Error{ErrorCode::policy_invalid, "appliance " + other->id + " does not hold key " + key.id + " of " + enrolled.appliance};
    charter.appliances.erase(other);
    return charter;
}

void PolicyState::apply(const ApplianceEnrolled& enrolled, const Linked& linked)
{
    require_charter(enrolled.charter, m_charter_hash, "enrolment");
    const auto* before = m_charter.find_appliance(enrolled.appliance);
    if (before != nullptr && before->key == enrolled.key && before->state == Appliance::State::active)
        throw changes_nothing("appliance " + before->id + " has this identity and is active already");
    auto charter = with_identity(enrolled);
    require_quorum(linked.artefact, m_charter, "enrolment");
    auto& retired = m_restrictions.retired;
    std::erase_if(retired, [&](const Retired& one) { return one.key == enrolled.key; });
    if (before != nullptr && before->key != enrolled.key)
        retired.push_back({linked.hash, before->id, before->key, {}, enrolled.time});
    m_charter = std::move(charter);
}

void PolicyState::apply(const ApplianceRetired& entry, const Linked& linked)
{
    require_charter(entry.charter, m_charter_hash, "retirement");
    auto by = require_two_officers(linked.artefact, m_charter, {}, "retirement of appliance " + quoted(entry.appliance));
    const auto* appliance = m_charter.find_appliance(entry.appliance);
    if (appliance == nullptr || appliance->key != entry.key)
        throw Error{ErrorCode::policy_invalid, "appliance " + quoted(entry.appliance) + " with this identity is not in the charter"};
    if (std::ranges::any_of(m_restrictions.retired, [&](const Retired& one) { return one.key == entry.key; }))
        throw changes_nothing("appliance " + appliance->id + " is retired already");
    const Retired retired{linked.hash, entry.appliance, entry.key, std::move(by), entry.time};
    m_restrictions.retired.push_back(retired);
    retire(m_charter, retired);
}

void PolicyState::apply(const StandingOrder& order, const Linked& linked)
{
    require_charter(order.charter, m_charter_hash, "standing order");
    require_valid(order, m_charter);
    if (m_ended_orders.contains(linked.hash))
        throw changes_nothing("standing order " + quoted(order.id) + " was ended before it came into force");
    const auto is_over = [&](const auto& one) { return one.second.order.last <= order.time; };
    if (std::ranges::any_of(m_orders, [&](const auto& one) { return one.second.order.id == order.id && !is_over(one); }))
        throw changes_nothing("a standing order " + quoted(order.id) + " is in force already");
    if (m_orders.size() >= most_orders && std::ranges::none_of(m_orders, is_over))
        throw Error{ErrorCode::limit, "1000 standing orders are in force; end some of them, or amend the charter"};
    require_signed_by_all(linked.artefact, m_charter, order);
    std::erase_if(m_orders, is_over);
    m_orders.emplace(linked.hash, OrderInForce{order, linked.artefact});
}

void PolicyState::apply(const StandingOrderEnded& ended, const Linked& linked)
{
    require_charter(ended.charter, m_charter_hash, "end of a standing order");
    static_cast<void>(require_signed_by(linked.artefact, m_charter, ended.officer, "end of a standing order"));
    if (!m_ended_orders.insert(ended.order).second)
        throw changes_nothing("the standing order was ended already");
    m_orders.erase(ended.order);
}

const std::vector<AcceptedCancel>& PolicyState::cancels_of(const RequestDigest& request) const
{
    static const std::vector<AcceptedCancel> none;
    const auto found = m_cancels.find(request);
    return found == m_cancels.end() ? none : found->second;
}

void PolicyState::keep_cancels(const PolicyState& other)
{
    for (const auto& [request, cancels] : other.m_cancels) {
        auto& kept = m_cancels[request];
        for (const auto& cancel : cancels)
            if (std::ranges::find(kept, cancel.cancel.officer, [](const auto& known) { return known.cancel.officer; }) == kept.end())
                kept.push_back(cancel);
    }
}

} // namespace coffer::charter
