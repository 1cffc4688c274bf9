// Usage: window_evaluation PAYMENTS EVALUATIONS
//
// Prints how many nanoseconds an evaluation takes over that many past payments, all of them within the span of every limit: five limits, of
// amounts and counts, with windows of their own for wallets, destinations and requesters.

#include "core/policy/windows.h"
#include "tests/support/treasury.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

using namespace coffer;

charter::Limit limit(std::string id, std::vector<charter::LimitPer> per)
{
    return {.id = std::move(id),
            .wallets = {},
            .assets = {{"ETH"}},
            .destinations = {},
            .requesters = {},
            .per = std::move(per),
            .span = days(366),
            .amount = charter::greatest_limit_amount(),
            .count = 1'000'000'000};
}

policy::Outflow outflow(std::size_t number)
{
    const AssetId eth{"ethereum", "ETH"};
    return {.wallet = number % 2 == 0 ? "eth-cold" : "eth-warm",
            .requester = number % 3 == 0 ? "alice" : "bob",
            .payments = {{test::address_named("destination " + std::to_string(number % 100)), Amount{eth, number + 1}}},
            .fee = Amount{eth, 1}};
}

std::int64_t cpu_nanoseconds()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    const auto payments = std::strtoul(argv[1], nullptr, 10);
    const auto evaluations = std::strtoul(argv[2], nullptr, 10);
    auto charter = test::example_charter();
    using enum charter::LimitPer;
    charter.limits = {limit("all", {}), limit("wallet", {wallet}), limit("destination", {destination}), limit("requester", {requester}),
                      limit("each", {wallet, destination, requester})};
    policy::Windows windows{charter};
    for (std::size_t i = 0; i < payments; ++i)
        windows.add(test::founding_day + Duration{static_cast<std::int64_t>(i) * 30}, outflow(i));

    const auto now = test::founding_day + days(360);
    std::vector<policy::Outflow> asked;
    for (std::size_t i = 0; i < 100; ++i)
        asked.push_back(outflow(i));
    const auto start = cpu_nanoseconds();
    for (std::size_t i = 0; i < evaluations; ++i)
        windows.require_within(asked[i % asked.size()], now);
    std::printf("%lld\n", static_cast<long long>((cpu_nanoseconds() - start) / static_cast<std::int64_t>(evaluations)));
    return 0;
}
