#include "core/base/error.h"
#include "core/keys/shamir.h"
#include "core/keys/slip39.h"
#include "core/keys/slip39_cipher.h"

#include <algorithm>

namespace coffer::keys {

namespace {

constexpr std::size_t least_secret_bytes = 16;
constexpr unsigned most_exponent = 15;
constexpr unsigned most_identifier = 0x7fff;

Error impossible(std::string message, std::string hint = {})
{
    return {ErrorCode::share_threshold, std::move(message), std::move(hint)};
}

std::string in_words(unsigned threshold, std::size_t count)
{
    return std::to_string(threshold) + " of " + std::to_string(count);
}

void require_possible(const GroupShape& group, std::size_t number)
{
    const auto place = "group " + std::to_string(number) + " is " + in_words(group.threshold, group.count);
    if (group.threshold == 0 || group.threshold > group.count || group.count > most_shares)
        throw impossible(place, "a group has 1 to 16 members, and needs at least 1 and at most all of them");
    if (group.threshold == 1 && group.count > 1)
        throw impossible(place + ": all would have the same words",
                         "make it 1 of 1 and give the same share to several people, or 2 of " +
                             std::to_string(group.count));
}

void require_possible(const SharePlan& plan)
{
    const auto groups = plan.groups.size();
    if (plan.group_threshold == 0 || plan.group_threshold > groups || groups > most_shares)
        throw impossible("the plan needs " + in_words(plan.group_threshold, groups) + " groups",
                         "there are 1 to 16 groups, of which at least 1 and at most all are needed");
    for (std::size_t i = 0; i < groups; ++i)
        require_possible(plan.groups[i], i + 1);
    if (plan.iteration_exponent > most_exponent)
        throw Error{ErrorCode::limit, "iteration exponent " + std::to_string(plan.iteration_exponent) + " is over 15"};
    if (plan.identifier > most_identifier)
        throw Error{ErrorCode::limit, "share identifier " + std::to_string(plan.identifier) + " is over 32767"};
}

void require_possible_size(std::size_t size)
{
    if (size < least_secret_bytes || size > most_share_bytes || size % 2 != 0)
        throw Error{ErrorCode::share_length, "a secret of " + std::to_string(size) + " bytes cannot be split",
                    "it has 16 to 32 bytes, an even number"};
}

ShareHeader common_header(const SharePlan& plan)
{
    ShareHeader header;
    header.identifier = plan.identifier;
    header.extendable = plan.extendable;
    header.iteration_exponent = plan.iteration_exponent;
    header.group_threshold = plan.group_threshold;
    header.group_count = static_cast<unsigned>(plan.groups.size());
    return header;
}

std::vector<Share> split_group(const ShareValue& value, std::size_t size, const GroupShape& group, ShareHeader header,
                               crypto::Random& random)
{
    header.member_threshold = group.threshold;
    const auto values = split_value(group.threshold, group.count, value, size, random);
    std::vector<Share> shares;
    for (unsigned i = 0; i < group.count; ++i) {
        header.member_index = i;
        shares.push_back({header, SecretBytes::copy_of(values[i].reveal().first(size))});
    }
    return shares;
}

} // namespace

std::vector<std::vector<Share>> split_secret(const SecretBytes& master_secret, const SecretBytes& passphrase,
                                             const SharePlan& plan, crypto::Random& random)
{
    require_possible(plan);
    const auto size = master_secret.size();
    require_possible_size(size);
    auto header = common_header(plan);
    ShareValue secret;
    std::ranges::copy(master_secret.reveal(), secret.reveal_mutable().begin());
    const auto encrypted = encrypt_master_secret(secret, size, passphrase, header);
    const auto values = split_value(plan.group_threshold, header.group_count, encrypted, size, random);
    std::vector<std::vector<Share>> groups;
    for (unsigned i = 0; i < header.group_count; ++i) {
        header.group_index = i;
        groups.push_back(split_group(values[i], size, plan.groups[i], header, random));
    }
    return groups;
}

} // namespace coffer::keys
