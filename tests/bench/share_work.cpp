// Usage: share_work split|combine EXPONENT TIMES THRESHOLD MEMBERS/COUNT...
//
// Splits a secret of 32 bytes so many times and writes the words of all shares; or reads the words of as many shares as
// it takes and restores the secret, so many times. Every iteration exponent means 10000 * 2^EXPONENT iterations of
// PBKDF2 each time.

#include "core/base/error.h"
#include "core/keys/slip39.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace coffer::keys {
namespace {

unsigned number(const char* text)
{
    return static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

SharePlan plan_in(int count, char** arguments)
{
    SharePlan plan;
    plan.iteration_exponent = number(arguments[2]);
    plan.group_threshold = number(arguments[4]);
    for (int i = 5; i < count; ++i) {
        const auto* slash = std::strchr(arguments[i], '/');
        require(slash != nullptr, "a group without a slash");
        plan.groups.push_back({number(arguments[i]), number(slash + 1)});
    }
    return plan;
}

/// The words of every share.
std::vector<std::vector<SecretBytes>> split(const SecretBytes& secret, const SharePlan& plan, crypto::Random& random)
{
    std::vector<std::vector<SecretBytes>> groups;
    for (const auto& shares : split_secret(secret, {}, plan, random)) {
        groups.emplace_back();
        for (const auto& share : shares)
            groups.back().push_back(format_share(share));
    }
    return groups;
}

SecretBytes restore(const std::vector<std::vector<SecretBytes>>& groups, const SharePlan& plan)
{
    ShareCollector collector;
    for (std::size_t i = 0; i < plan.group_threshold; ++i)
        for (std::size_t j = 0; j < plan.groups[i].threshold; ++j)
            collector.add(parse_share(groups[i][j]));
    return combine_shares(collector.shares(), {});
}

} // namespace
} // namespace coffer::keys

int main(int count, char** arguments)
{
    using namespace coffer;
    if (count < 6) {
        std::fputs("usage: share_work split|combine EXPONENT TIMES THRESHOLD MEMBERS/COUNT...\n", stderr);
        return 2;
    }
    const auto plan = keys::plan_in(count, arguments);
    crypto::SystemRandom random;
    const auto secret = random.secret(32);
    const auto times = keys::number(arguments[3]);
    auto groups = keys::split(secret, plan, random);
    const bool is_split = std::strcmp(arguments[1], "split") == 0;
    for (unsigned i = 1; i < times; ++i)
        if (is_split)
            groups = keys::split(secret, plan, random);
        else
            require(keys::restore(groups, plan).equals(secret), "shares do not restore their secret");
    return 0;
}
