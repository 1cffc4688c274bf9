#include "formats/evm/check_charter.h"

#include "core/base/text.h"
#include "formats/evm/account.h"
#include "formats/evm/payload.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace coffer::evm {

namespace {

using Place = std::pair<std::string, Bytes>; // chain and address

/// Chains without worth, by their ids in the list of ethereum-lists/chains: Sepolia, Holesky, Hoodi, those of Optimism, Arbitrum, Base, Polygon,
/// BNB, Avalanche and Gnosis, and what development nodes call themselves.
constexpr std::array test_chain_ids = {11155111U, 17000U, 560048U, 11155420U, 421614U, 84532U, 80002U, 97U, 43113U, 10200U, 31337U, 1337U};

class Checker {
public:
    explicit Checker(const charter::Charter& charter) : m_charter{charter} {}

    std::vector<charter::Problem> run()
    {
        check_chains();
        for (const auto& wallet : m_charter.wallets)
            if (is_ours(wallet.chain))
                check_wallet(wallet);
        for (const auto& token : m_charter.tokens)
            if (is_ours(token.chain))
                check_token(token);
        for (const auto& destination : m_charter.destinations)
            if (is_ours(destination.chain))
                check_destination(destination);
        return std::move(m_problems);
    }

private:
    void report(std::string_view sort, std::string_view id, std::string message,
                ErrorCode code = ErrorCode::policy_invalid)
    {
        m_problems.push_back({std::string{sort} + " \"" + escaped(id) + "\"", code, std::move(message)});
    }

    bool is_ours(const std::string& chain) const
    {
        const auto* found = m_charter.find_chain(chain);
        return found != nullptr && found->family == family_name;
    }

    void check_chains()
    {
        std::map<std::uint64_t, std::string> seen;
        for (const auto& chain : m_charter.chains) {
            if (chain.family != family_name)
                continue;
            if (chain.chain_id == 0)
                report("chain", chain.id, "chain_id is missing or 0");
            const auto [known, is_new] = seen.emplace(chain.chain_id, chain.id);
            if (!is_new)
                report("chain", chain.id, "has the chain id " + std::to_string(chain.chain_id) + " of chain \"" +
                                              escaped(known->second) + "\"");
            if (m_charter.header.environment == artefacts::Environment::rehearsal &&
                std::ranges::find(test_chain_ids, chain.chain_id) == test_chain_ids.end())
                report("chain", chain.id, "chain id " + std::to_string(chain.chain_id) + " is none of the test networks that a rehearsal may have",
                       ErrorCode::network);
            if (!chain.network.empty())
                report("chain", chain.id, "has a network; EVM chains have a chain_id");
        }
    }

    bool check_length(std::string_view sort, std::string_view id, const Bytes& address)
    {
        if (address.size() != Address::size)
            report(sort, id, "address has " + std::to_string(address.size()) + " bytes, not 20");
        return address.size() == Address::size;
    }

    void check_wallet(const charter::Wallet& wallet)
    {
        if (!wallet.descriptor.empty())
            report("wallet", wallet.id, "has a descriptor; EVM wallets have an address");
        if (!check_length("wallet", wallet.id, wallet.address))
            return;
        const auto [known, is_new] = m_wallets.emplace(Place{wallet.chain, wallet.address}, wallet.id);
        if (!is_new)
            report("wallet", wallet.id, "has the address of wallet \"" + escaped(known->second) + "\"",
                   ErrorCode::policy_sharedkey);
        try {
            static_cast<void>(AccountCache{}.account_of(m_charter, wallet));
        } catch (const Error& error) {
            report("wallet", wallet.id, error.message());
        }
    }

    void check_token(const charter::Token& token)
    {
        if (!check_length("token", token.id, token.address))
            return;
        const Place place{token.chain, token.address};
        const auto [known, is_new] = m_tokens.emplace(place, token.id);
        if (!is_new)
            report("token", token.id, "has the address of token \"" + escaped(known->second) + "\"");
        if (const auto wallet = m_wallets.find(place); wallet != m_wallets.end())
            report("token", token.id, "has the address of wallet \"" + escaped(wallet->second) + "\"");
        if (Address::from(token.address).is_zero())
            report("token", token.id, "has the zero address");
    }

    void check_destination(const charter::Destination& destination)
    {
        if (!check_length("destination", destination.id, destination.address))
            return;
        if (Address::from(destination.address).is_zero())
            report("destination", destination.id, "is the zero address, which nobody can spend from");
        if (const auto token = m_tokens.find({destination.chain, destination.address}); token != m_tokens.end())
            report("destination", destination.id, "is the contract of token \"" + escaped(token->second) +
                                                      "\", where coins would be stuck");
    }

    const charter::Charter& m_charter;
    std::vector<charter::Problem> m_problems;
    std::map<Place, std::string> m_wallets;
    std::map<Place, std::string> m_tokens;
};

} // namespace

std::vector<charter::Problem> check_charter(const charter::Charter& charter)
{
    return Checker{charter}.run();
}

} // namespace coffer::evm
