#include "appliance/ceremony/share_making.h"

#include "appliance/ceremony/share_entry.h"
#include "appliance/ceremony/share_subsets.h"
#include "appliance/ceremony/share_words.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/console/dialogue.h"
#include "core/console/output.h"
#include "core/console/passphrase.h"
#include "core/storage/file.h"

#include <algorithm>

namespace coffer::appliance {

namespace {

constexpr std::string_view new_passphrase = "new-share-passphrase";
constexpr std::size_t most_label_size = 64;

bool is_label(const std::string& holder)
{
    return !holder.empty() && holder.size() <= most_label_size && is_valid_utf8(holder) && escaped(holder) == holder;
}

std::string ask_holder(console::Terminal& terminal, const std::string& share)
{
    for (;;) {
        auto holder = console::ask_text(terminal, "Who takes " + share + "? ");
        if (is_label(holder))
            return holder;
        terminal.write_line("A name of 1 to 64 bytes, without control characters.");
    }
}

/// Who takes each share, in order: as named, else asked for, else their numbers where nobody can be asked.
std::vector<std::string> read_holders(const console::Invocation& invocation, const requests::ShareSet& set)
{
    auto holders = invocation.all("holder");
    auto& terminal = invocation.environment().terminal;
    if (!holders.empty() && holders.size() != set.size())
        throw Error{ErrorCode::usage, std::to_string(holders.size()) + " holders for " + std::to_string(set.size()) + " shares", "name each with --holder, in order"};
    for (const auto& holder : holders)
        if (!is_label(holder))
            throw Error{ErrorCode::usage, "holder " + coffer::quoted(holder) + " is empty, over 64 bytes, or has control characters"};
    for (std::size_t group = 0; holders.size() < set.size(); ++group)
        for (std::size_t member = 0; member < set.groups[group].holdings.size(); ++member)
            holders.push_back(terminal.present() && !invocation.has("shares-out") ? ask_holder(terminal, name_of_share(set, group, member))
                                                                                  : std::to_string(group + 1) + "." + std::to_string(member + 1));
    return holders;
}

requests::ShareSet describe_set(const ShareOrder& order, const std::vector<std::vector<keys::Share>>& shares, bool has_passphrase)
{
    requests::ShareSet set{.key = order.key, .identifier = order.identifier, .group_threshold = order.shape.group_threshold, .groups = {}};
    set.has_passphrase = has_passphrase;
    set.request = order.request;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        auto& group = set.groups.emplace_back(requests::ShareSet::Group{order.shape.groups[i].threshold, {}});
        for (const auto& share : shares[i])
            group.holdings.push_back({requests::hash_of(share), {}});
    }
    return set;
}

void name_holders(const console::Invocation& invocation, requests::ShareSet& set)
{
    const auto holders = read_holders(invocation, set);
    std::size_t next = 0;
    for (auto& group : set.groups)
        for (auto& holding : group.holdings)
            holding.label = holders[next++];
}

/// What those who take them have: their words, read back.
std::vector<keys::Share> read_back(const std::vector<std::vector<keys::Share>>& shares)
{
    std::vector<keys::Share> all;
    for (const auto& group : shares)
        for (const auto& share : group)
            all.push_back(keys::parse_share(keys::format_share(share)));
    return all;
}

void write_shares(const std::filesystem::path& file, const std::vector<std::vector<keys::Share>>& shares)
{
    std::vector<SecretBytes> lines;
    std::size_t size = 0;
    for (const auto& group : shares)
        for (const auto& share : group) {
            lines.push_back(keys::format_share(share));
            size += lines.back().size() + 1;
        }
    SecretBytes text{size};
    auto rest = text.reveal_mutable();
    for (const auto& line : lines) {
        std::ranges::copy(line.reveal(), rest.begin());
        rest[line.size()] = '\n';
        rest = rest.subspan(line.size() + 1);
    }
    storage::write_file_atomically(file, text.reveal(), storage::private_mode, storage::Overwrite::yes);
}

void hand_out_all(const console::Invocation& invocation, const requests::ShareSet& set, const std::vector<std::vector<keys::Share>>& shares)
{
    if (invocation.has("shares-out")) {
        write_shares(invocation.path("shares-out"), shares);
        return;
    }
    for (std::size_t group = 0; group < shares.size(); ++group)
        for (std::size_t member = 0; member < shares[group].size(); ++member)
            hand_out(invocation.environment(), shares[group][member],
                     name_of_share(set, group, member) + ", set " + std::to_string(set.identifier) + " of key " + set.key,
                     set.groups[group].holdings[member].label);
}

/// Of a run that broke off before its set was kept: nobody uses what is in it.
bool is_of_unfinished_sets(const Session& session, const std::filesystem::path& file)
{
    try {
        const auto lines = read_share_lines(file);
        return !lines.empty() && std::ranges::all_of(lines, [&](const auto& line) {
            const auto place = session.ledger().shares().find(requests::hash_of(keys::parse_share(line)));
            return place && !place->set->kept;
        });
    } catch (const Error&) {
        return false;
    }
}

/// Whoever proposes a ceremony chooses the identifier. Under one of a rehearsal this home would refuse its own shares, and under that of a
/// set before it two papers would look alike.
void require_own_identifier(const Session& session, const ShareOrder& order)
{
    const bool is_rehearsal = session.ledger().environment() == artefacts::Environment::rehearsal;
    const auto name = "share set " + std::to_string(order.identifier);
    if (requests::is_of_rehearsal(order.identifier) != is_rehearsal)
        throw Error{ErrorCode::env, name + (is_rehearsal ? " is none of a rehearsal, and this home is one" : " is of a rehearsal, and this home is none"),
                    "propose the ceremony anew with coffer, which chooses a fitting one"};
    if (session.ledger().shares().has_kept(order.key, order.identifier))
        throw Error{ErrorCode::exists, name + " of key " + coffer::quoted(order.key) + " was made before", "propose the ceremony anew, under another identifier"};
}

void require_way_out(const console::Invocation& invocation, const Session& session)
{
    if (!invocation.has("shares-out"))
        console::require_terminal(invocation.environment().terminal, "handing out shares");
    else if (session.ledger().environment() == artefacts::Environment::production)
        throw Error{ErrorCode::env, "shares of a production key go to no file", "without --shares-out each is shown at the terminal to whoever takes it"};
    else if (std::filesystem::exists(invocation.path("shares-out")) && !is_of_unfinished_sets(session, invocation.path("shares-out")))
        throw Error{ErrorCode::exists, "file " + storage::quoted(invocation.path("shares-out")) + " is there already"};
}

console::CommandResult describe(const requests::ShareSet& set, std::size_t tried)
{
    console::CommandResult result;
    auto shares = Document::list();
    for (std::size_t group = 0; group < set.groups.size(); ++group)
        for (std::size_t member = 0; member < set.groups[group].holdings.size(); ++member)
            shares.add(Document::object()
                           .set("group", static_cast<std::uint64_t>(group + 1))
                           .set("member", static_cast<std::uint64_t>(member + 1))
                           .set("holder", set.groups[group].holdings[member].label));
    result.document.set("key", set.key)
        .set("identifier", std::uint64_t{set.identifier})
        .set("shape", describe_shape(set))
        .set("passphrase", set.has_passphrase)
        .set("shares", std::move(shares))
        .set("subsets_tried", static_cast<std::uint64_t>(tried));
    result.text = {"Share set " + std::to_string(set.identifier) + " of key " + set.key + ": " + describe_shape(set) + (set.has_passphrase ? " and their passphrase" : "") + " restore it (" +
                   describe_tried(tried) + ")."};
    return result;
}

} // namespace

std::vector<console::OptionSpec> share_making_options()
{
    auto options = console::share_shape_options();
    options.push_back({.name = "holder", .metavar = "NAME", .help = "who takes a share, once for each in order; else asked for", .occurs = console::Occurs::repeatedly});
    options.push_back({.name = "shares-out", .metavar = "FILE", .help = "write all shares to one private file, a line each; never in production", .completes = console::Completes::file});
    for (auto& option : console::secret_options(new_passphrase))
        options.push_back(std::move(option));
    options.push_back({.name = std::string{new_passphrase}, .help = "the shares get a passphrase of their own, typed twice"});
    return options;
}

bool names_share_passphrase(const console::Invocation& invocation)
{
    const std::string name{new_passphrase};
    return invocation.has(name) || invocation.has(name + "-file") || invocation.has(name + "-fd");
}

console::CommandResult make_shares(console::Invocation& invocation, Session& session, const ShareOrder& order)
{
    auto& environment = invocation.environment();
    require_own_identifier(session, order);
    require_way_out(invocation, session);
    const auto secret = session.secret_of(order.key);
    const bool has_passphrase = names_share_passphrase(invocation);
    const auto* current = session.ledger().shares().current_of(order.key);
    if (current != nullptr && current->set.has_passphrase && !has_passphrase)
        invocation.output().warning("the shares in use have a passphrase of their own; the new ones have none");
    const auto passphrase = has_passphrase ? console::read_new_passphrase(invocation, "the shares", new_passphrase) : SecretBytes{};
    const auto shares = keys::split_secret(secret, passphrase,
                                           {.group_threshold = order.shape.group_threshold, .groups = order.shape.groups, .identifier = order.identifier},
                                           environment.random);
    auto set = describe_set(order, shares, has_passphrase);
    name_holders(invocation, set);
    session.ledger().append({{session.now(environment.clock), requests::vault::ShareSetBegun{set}}});
    hand_out_all(invocation, set, shares);

    const auto known = read_back(shares);
    const auto subsets = subsets_to_try(known);
    {
        auto progress = invocation.output().progress("trying the shares", subsets.size());
        require_all_restore(known, subsets, passphrase, [&](const SecretBytes& restored) { return restored.equals(secret); },
                            [&] { progress.advance(); });
    }
    session.keep_shares(requests::hash_of(set), session.now(environment.clock));
    return describe(set, subsets.size());
}

} // namespace coffer::appliance
