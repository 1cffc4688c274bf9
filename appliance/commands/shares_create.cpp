#include "appliance/ceremony/share_entry.h"
#include "appliance/ceremony/share_making.h"
#include "appliance/ceremony/voted_ceremony.h"
#include "appliance/commands/commands.h"
#include "appliance/commands/keys.h"
#include "core/base/text.h"
#include "core/console/passphrase.h"

#include <algorithm>

namespace coffer::appliance {

namespace {

using Operation = payments::Ceremony::Operation;

constexpr int most_draws = 1000; // with 31 of 32 taken all of them fail once in 10^13 times

console::ShareShape shape_of(const requests::ShareSet& set)
{
    console::ShareShape shape{.group_threshold = set.group_threshold, .groups = {}};
    for (const auto& group : set.groups)
        shape.groups.push_back({group.threshold, static_cast<unsigned>(group.holdings.size())});
    return shape;
}

void require_fits(const Session& session, const std::string& key, Operation operation)
{
    const auto* current = session.ledger().shares().current_of(key);
    if (operation == Operation::create && current != nullptr)
        throw Error{ErrorCode::exists, "key " + coffer::quoted(key) + " has share set " + std::to_string(current->set.identifier) + " of " +
                                           format_time(*current->kept),
                    "coffer-cold shares refresh makes another one and retires it"};
    if (operation == Operation::refresh && current == nullptr)
        throw Error{ErrorCode::not_found, "key " + coffer::quoted(key) + " has no shares yet", "coffer-cold shares create"};
}

ShareOrder voted_order(const payments::Ceremony& ceremony, const RequestDigest& request, const std::string& key)
{
    ShareOrder order{.key = key, .shape = {.group_threshold = ceremony.group_threshold, .groups = {}}, .identifier = ceremony.share_set, .request = request};
    for (const auto& [threshold, count] : ceremony.groups)
        order.shape.groups.push_back({threshold, count});
    return order;
}

/// What was kept for this request before the receipt was written.
const requests::KnownShareSet* find_kept(const Session& session, const RequestDigest& request)
{
    const auto& sets = session.ledger().shares().all();
    const auto found = std::ranges::find_if(sets, [&](const auto& known) { return known.kept && known.set.request == request; });
    return found == sets.end() ? nullptr : &*found;
}

console::CommandResult make_voted(console::Invocation& invocation, Session& session, Operation operation, const std::string& key)
{
    if (console::names_share_shape(invocation))
        throw Error{ErrorCode::usage, "officers voted for the shape: with --bundle it is not given here"};
    if (names_share_passphrase(invocation)) // whoever chose it would hold the key: nobody voted for that
        throw Error{ErrorCode::usage, "officers voted for shares that restore the key by themselves: with --bundle they get no passphrase of their own"};
    VotedCeremony ceremony{invocation, session, operation, key};
    console::CommandResult result;
    if (!ceremony.was_signed() && find_kept(session, ceremony.request()) == nullptr) {
        require_fits(session, key, operation);
        unlock_key(invocation, session, key);
        result = make_shares(invocation, session, voted_order(ceremony.ceremony(), ceremony.request(), key));
    } else {
        result.document.set("key", key);
        result.text = {"The shares were made before; this is the receipt."};
    }
    ceremony.finish(result);
    return result;
}

/// One that no set of the key had.
std::uint16_t draw_identifier(const console::Invocation& invocation, const Session& session, const std::string& key)
{
    for (int draws = 0; draws < most_draws; ++draws) {
        const auto identifier = requests::make_share_set_identifier(session.ledger().environment(), invocation.environment().random);
        if (!session.ledger().shares().has_kept(key, identifier))
            return identifier;
    }
    throw Error{ErrorCode::limit, "key " + coffer::quoted(key) + " has had so many sets of shares that no identifier is left for another one",
                "a rehearsal has 32: rehearse with another key"};
}

console::CommandResult make(console::Invocation& invocation, Operation operation)
{
    auto session = open_session(invocation);
    const auto key = invocation.text("K");
    if (session.ledger().find_key(key) == nullptr)
        throw Error{ErrorCode::not_found, "there is no key " + coffer::quoted(key) + " in this home", "coffer-cold keys list"};
    if (invocation.has("bundle"))
        return make_voted(invocation, session, operation, key);
    require_free(session, key, operation);
    require_fits(session, key, operation);
    const bool is_same_shape = operation == Operation::refresh && !console::names_share_shape(invocation);
    ShareOrder order{.key = key,
                     .shape = is_same_shape ? shape_of(session.ledger().shares().current_of(key)->set) : console::read_share_shape(invocation)};
    order.identifier = draw_identifier(invocation, session, key);
    unlock_key(invocation, session, key);
    return make_shares(invocation, session, order);
}

console::CommandSpec spec_of(std::string name, std::string summary, std::string description)
{
    console::CommandSpec spec{.name = std::move(name),
                              .summary = std::move(summary),
                              .description = std::move(description),
                              .arguments = {{.name = "K", .help = "the key's id in this home"}},
                              .options = share_making_options(),
                              .exits = session_exits()};
    for (auto& option : voted_ceremony_options())
        spec.options.push_back(std::move(option));
    spec.options = with_shares(std::move(spec.options)); // of a key that rests nowhere
    return spec;
}

} // namespace

console::Command shares_create_command()
{
    return {spec_of("shares create", "split a key into SLIP-39 shares for several people",
                    "Each share is shown alone, to whoever takes it, and confirmed by words that are typed. Then every combination that should "
                    "restore the key is tried. A key that a charter names needs a request that officers voted for (--bundle)."),
            [](console::Invocation& invocation) { return make(invocation, Operation::create); }};
}

console::Command shares_refresh_command()
{
    return {spec_of("shares refresh", "make new shares of the same key and retire those in use",
                    "Without a shape it is that of the set in use. Until the last new share is confirmed the old ones are in use; then each of them "
                    "is refused as retired. Whoever keeps enough old ones can still restore the key elsewhere: they are destroyed."),
            [](console::Invocation& invocation) { return make(invocation, Operation::refresh); }};
}

} // namespace coffer::appliance
