#include "core/base/constant_time.h"
#include "core/base/error.h"
#include "core/keys/shamir.h"
#include "core/keys/slip39.h"
#include "core/keys/slip39_cipher.h"
#include "core/keys/slip39_header.h"

#include <algorithm>

namespace coffer::keys {

namespace {

std::string group_name(unsigned index)
{
    return "group " + std::to_string(index + 1);
}

std::string share_name(const ShareHeader& header)
{
    return "share " + std::to_string(header.member_index + 1) + " of " + group_name(header.group_index);
}

void require_same(std::string_view field, std::size_t found, std::size_t expected)
{
    if (found != expected)
        throw Error{ErrorCode::share_set, "the share is of another set: its " + std::string{field} + " is " +
                                              std::to_string(found) + ", not " + std::to_string(expected)};
}

void require_same_set(const Share& share, const Share& first)
{
    const auto& found = share.header;
    const auto& expected = first.header;
    require_same("identifier", found.identifier, expected.identifier);
    require_same("extendable flag", found.extendable ? 1 : 0, expected.extendable ? 1 : 0);
    require_same("iteration exponent", found.iteration_exponent, expected.iteration_exponent);
    require_same("group threshold", found.group_threshold, expected.group_threshold);
    require_same("number of groups", found.group_count, expected.group_count);
    require_same("length in bytes", share.value.size(), first.value.size());
}

void require_other_place(const Share& share, const Share& other)
{
    if (share.header.member_index != other.header.member_index)
        return;
    if (declassified(share.value.equals(other.value)))
        throw Error{ErrorCode::share_index, share_name(share.header) + " was given already", "give another member's"};
    throw Error{ErrorCode::share_index,
                "there are two different shares that both say they are " + share_name(share.header),
                "one of them is forged or of another set"};
}

std::vector<ShareCollector::Group> groups_of(std::span<const Share> shares)
{
    std::vector<ShareCollector::Group> groups;
    for (const auto& share : shares) {
        const auto place =
            std::ranges::lower_bound(groups, share.header.group_index, {}, &ShareCollector::Group::index);
        if (place != groups.end() && place->index == share.header.group_index)
            ++place->given;
        else
            groups.insert(place, {share.header.group_index, 1, share.header.member_threshold});
    }
    return groups;
}

/// A share that is the first of its group.
void require_wanted(const ShareHeader& header, std::size_t groups_begun)
{
    if (groups_begun == header.group_threshold)
        throw Error{ErrorCode::share_threshold,
                    share_name(header) + " is one too many: shares of " + std::to_string(groups_begun) +
                        (groups_begun == 1 ? " group are" : " groups are") + " there, and no more are combined",
                    "complete these, or begin again without one of them"};
}

/// A share of a group that is begun.
void require_wanted(const ShareHeader& header, const ShareCollector::Group& group)
{
    if (header.member_threshold != group.threshold)
        throw Error{ErrorCode::share_threshold,
                    share_name(header) + " asks for " + std::to_string(header.member_threshold) +
                        " members, others of its group for " + std::to_string(group.threshold)};
    if (group.is_complete())
        throw Error{ErrorCode::share_threshold,
                    group_name(group.index) + " has its " + std::to_string(group.threshold) +
                        (group.threshold == 1 ? " share" : " shares") + " already: " + share_name(header) +
                        " is one too many",
                    "leave it out"};
}

void require_fits(const Share& share, std::span<const Share> others)
{
    require_possible(share.header);
    require(share.value.size() <= most_share_bytes, "a share longer than there are");
    if (others.empty())
        return;
    require_same_set(share, others.front());
    for (const auto& other : others)
        if (other.header.group_index == share.header.group_index)
            require_other_place(share, other);
    const auto groups = groups_of(others);
    const auto group = std::ranges::find(groups, share.header.group_index, &ShareCollector::Group::index);
    if (group == groups.end())
        require_wanted(share.header, groups.size());
    else
        require_wanted(share.header, *group);
}

void require_complete(std::span<const Share> shares)
{
    if (shares.empty())
        throw Error{ErrorCode::share_threshold, "there is no share to restore a secret from"};
    const auto groups = groups_of(shares);
    for (const auto& group : groups)
        if (!group.is_complete())
            throw Error{ErrorCode::share_threshold, group_name(group.index) + " has " + std::to_string(group.given) +
                                                        " of the " + std::to_string(group.threshold) +
                                                        " shares that it takes"};
    const auto threshold = shares.front().header.group_threshold;
    if (groups.size() != threshold)
        throw Error{ErrorCode::share_threshold, "shares of " + std::to_string(groups.size()) + " of the " +
                                                    std::to_string(threshold) + " groups that it takes are there"};
}

ShareValue value_of(const SecretBytes& bytes)
{
    ShareValue value;
    std::ranges::copy(bytes.reveal(), value.reveal_mutable().begin());
    return value;
}

/// Points on the stack, at most as many as a polynomial has.
class Points {
public:
    void add(unsigned x, const ShareValue& y) { m_points[m_count++] = {static_cast<std::uint8_t>(x), y}; }

    ShareValue recover(std::size_t size, const std::string& what) const
    {
        if (const auto value = recover_value(std::span{m_points}.first(m_count), size))
            return *value;
        throw Error{ErrorCode::share_digest, what + " do not fit together", "one of them is forged or of another set"};
    }

private:
    std::array<SharePoint, most_shares> m_points;
    std::size_t m_count = 0;
};

ShareValue recover_group(std::span<const Share> shares, unsigned index, std::size_t size)
{
    Points points;
    for (const auto& share : shares)
        if (share.header.group_index == index)
            points.add(share.header.member_index, value_of(share.value));
    return points.recover(size, "the shares of " + group_name(index));
}

} // namespace

void ShareCollector::add(Share share)
{
    require_fits(share, m_shares);
    m_shares.push_back(std::move(share));
}

ShareCollector::Progress ShareCollector::progress() const
{
    if (m_shares.empty())
        return {};
    const auto& header = m_shares.front().header;
    return {header.group_threshold, header.group_count, groups_of(m_shares)};
}

bool ShareCollector::is_complete() const
{
    const auto now = progress();
    return !m_shares.empty() && now.groups.size() == now.group_threshold &&
           std::ranges::all_of(now.groups, &Group::is_complete);
}

SecretBytes combine_shares(std::span<const Share> shares, const SecretBytes& passphrase)
{
    for (std::size_t i = 0; i < shares.size(); ++i)
        require_fits(shares[i], shares.first(i));
    require_complete(shares);
    const auto size = shares.front().value.size();
    Points points;
    for (const auto& group : groups_of(shares))
        points.add(group.index, recover_group(shares, group.index, size));
    const auto secret =
        decrypt_master_secret(points.recover(size, "the groups"), size, passphrase, shares.front().header);
    return SecretBytes::copy_of(secret.reveal().first(size));
}

} // namespace coffer::keys
