// Usage: share_secret < ORDERS
//
// Splits secrets into SLIP-39 shares and restores them, for tests that compare with other people's programs: the
// secrets are none. An order is a line of JSON, and so is its answer:
//   {"secret": HEX, "passphrase": …, "threshold": N, "groups": [[T, N], …], "exponent": N, "extendable": BOOL,
//   "identifier": N}
//     gives {"shares": [[WORDS, …], …]}
//   {"shares": [WORDS, …], "passphrase": …}
//     gives {"secret": HEX}
// or {"error": CODE}.

#include "core/base/error.h"
#include "core/crypto/random.h"
#include "core/encoding/hex.h"
#include "core/keys/slip39.h"

#include <iostream>
#include <nlohmann/json.hpp>

namespace coffer::keys {
namespace {

using Json = nlohmann::json;

SecretBytes text_in(const Json& json)
{
    const auto text = json.get<std::string>();
    return SecretBytes::copy_of(bytes_of(text));
}

SharePlan plan_in(const Json& order)
{
    SharePlan plan;
    plan.group_threshold = order.at("threshold");
    for (const auto& group : order.at("groups"))
        plan.groups.push_back({group.at(0), group.at(1)});
    plan.iteration_exponent = order.at("exponent");
    plan.extendable = order.at("extendable");
    plan.identifier = order.at("identifier");
    return plan;
}

Json split(const Json& order, crypto::Random& random)
{
    const auto secret = SecretBytes::copy_of(encoding::decode_hex(order.at("secret").get<std::string>()));
    auto groups = Json::array();
    for (const auto& group : split_secret(secret, text_in(order.at("passphrase")), plan_in(order), random)) {
        auto members = Json::array();
        for (const auto& share : group)
            members.push_back(std::string{text_of(format_share(share).reveal())});
        groups.push_back(std::move(members));
    }
    return {{"shares", std::move(groups)}};
}

Json combine(const Json& order)
{
    ShareCollector collector;
    for (const auto& words : order.at("shares"))
        collector.add(parse_share(text_in(words)));
    const auto secret = combine_shares(collector.shares(), text_in(order.at("passphrase")));
    return {{"secret", encoding::encode_hex(secret.reveal())}};
}

Json answer(const Json& order, crypto::Random& random)
{
    try {
        return order.contains("secret") ? split(order, random) : combine(order);
    } catch (const Error& error) {
        return {{"error", std::string{name_of(error.code())}}};
    }
}

} // namespace
} // namespace coffer::keys

int main()
{
    coffer::crypto::SystemRandom random;
    for (std::string line; std::getline(std::cin, line);)
        std::cout << coffer::keys::answer(nlohmann::json::parse(line), random).dump() << '\n';
    return std::cout.flush() ? 0 : 1;
}
