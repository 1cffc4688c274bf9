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

constexpr std::uint64_t most_members = 16;
constexpr std::size_t most_label_size = 64;

unsigned read_number(std::string_view text, std::string_view what)
{
    unsigned number = 0;
    for (const auto digit : text)
        number = digit >= '0' && digit <= '9' && number <= most_members ? number * 10 + static_cast<unsigned>(digit - '0') : 1000;
    if (text.empty() || number == 0 || number > most_members)
        throw Error{ErrorCode::usage, std::string{what} + " " + coffer::quoted(text) + " is not 1 to 16"};
    return number;
}

/// `2of3`.
keys::GroupShape read_group(std::string_view text)
{
    const auto middle = text.find("of");
    if (middle == std::string_view::npos)
        throw Error{ErrorCode::usage, "group " + coffer::quoted(text) + " is not of the form 2of3"};
    return {read_number(text.substr(0, middle), "threshold"), read_number(text.substr(middle + 2), "count")};
}

/// Who takes each share, in order: as named, else asked for, else their numbers where nobody can be asked.
std::vector<std::string> read_holders(const console::Invocation& invocation, const requests::ShareSet& set)
{
    auto holders = invocation.all("holder");
    auto& terminal = invocation.environment().terminal;
    if (!holders.empty() && holders.size() != set.size())
        throw Error{ErrorCode::usage, std::to_string(holders.size()) + " holders for " + std::to_string(set.size()) + " shares", "name each with --holder, in order"};
    for (std::size_t group = 0; holders.size() < set.size(); ++group)
        for (std::size_t member = 0; member < set.groups[group].holdings.size(); ++member)
            holders.push_back(terminal.present() && !invocation.has("shares-out")
                                  ? console::ask_text(terminal, "Who takes " + name_of_share(set, group, member) + "? ")
                                  : std::to_string(group + 1) + "." + std::to_string(member + 1));
    for (const auto& holder : holders)
        if (holder.empty() || holder.size() > most_label_size || !is_valid_utf8(holder) || escaped(holder) != holder)
            throw Error{ErrorCode::usage, "holder " + coffer::quoted(holder) + " is empty, over 64 bytes, or has control characters"};
    return holders;
}

requests::ShareSet describe_set(const ShareOrder& order, const std::vector<std::vector<keys::Share>>& shares, bool has_passphrase)
{
    requests::ShareSet set{.key = order.key, .identifier = order.identifier, .group_threshold = order.group_threshold, .groups = {}};
    set.has_passphrase = has_passphrase;
    set.request = order.request;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        auto& group = set.groups.emplace_back(requests::ShareSet::Group{order.groups[i].threshold, {}});
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
        .set("shares", std::move(shares))
        .set("subsets_tried", static_cast<std::uint64_t>(tried));
    result.text = {"Share set " + std::to_string(set.identifier) + " of key " + set.key + ": " + describe_shape(set) + " restore it (" + std::to_string(tried) +
                   " combinations tried)."};
    return result;
}

} // namespace

std::vector<console::OptionSpec> share_making_options()
{
    std::vector<console::OptionSpec> options = {
        {.name = "threshold", .metavar = "T", .help = "how many shares restore the key"},
        {.name = "count", .metavar = "N", .help = "how many there are"},
        {.name = "groups", .metavar = "2of3,3of5", .help = "several groups instead, each with its own threshold and count"},
        {.name = "group-threshold", .metavar = "G", .help = "how many of the groups it takes (default: all)"},
        {.name = "holder", .metavar = "NAME", .help = "who takes a share, once for each in order; else asked for", .occurs = console::Occurs::repeatedly},
        {.name = "shares-out", .metavar = "FILE", .help = "write all shares to one private file, a line each; never in production", .completes = console::Completes::file}};
    for (auto& option : share_passphrase_options())
        options.push_back(std::move(option));
    return options;
}

bool names_a_shape(const console::Invocation& invocation)
{
    return invocation.has("threshold") || invocation.has("count") || invocation.has("groups") || invocation.has("group-threshold");
}

ShareOrder read_shape(const console::Invocation& invocation)
{
    ShareOrder order;
    if (invocation.has("groups") == (invocation.has("threshold") || invocation.has("count")))
        throw Error{ErrorCode::usage, "give either --threshold and --count, or --groups"};
    if (invocation.has("groups")) {
        const auto text = invocation.text("groups");
        for (const auto& group : split(text, ','))
            order.groups.push_back(read_group(trim(group)));
        order.group_threshold = invocation.has("group-threshold") ? read_number(invocation.text("group-threshold"), "--group-threshold")
                                                                  : static_cast<unsigned>(order.groups.size());
    } else {
        order.groups = {{read_number(invocation.text("threshold"), "--threshold"), read_number(invocation.text("count"), "--count")}};
    }
    return order;
}

console::CommandResult make_shares(console::Invocation& invocation, Session& session, const ShareOrder& order)
{
    auto& environment = invocation.environment();
    require_own_identifier(session, order);
    require_way_out(invocation, session);
    const auto secret = session.secret_of(order.key);
    const bool has_passphrase = invocation.has("share-passphrase") || invocation.has("share-passphrase-file") || invocation.has("share-passphrase-fd");
    const auto passphrase = has_passphrase ? console::read_new_passphrase(invocation, "the shares", "share-passphrase") : SecretBytes{};
    const auto shares = keys::split_secret(secret, passphrase,
                                           {.group_threshold = order.group_threshold, .groups = order.groups, .identifier = order.identifier},
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
