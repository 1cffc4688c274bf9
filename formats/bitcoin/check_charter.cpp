#include "formats/bitcoin/check_charter.h"

#include "core/base/text.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/script.h"
#include "formats/bitcoin/wallet.h"

#include <algorithm>
#include <map>

namespace coffer::bitcoin {

namespace {

constexpr std::uint32_t main_coin_type = 0; // SLIP-44; all test networks have 1

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
                report("token", token.id, "is on a chain of Bitcoin, which has none");
        for (const auto& destination : m_charter.destinations)
            if (is_ours(destination.chain))
                check_destination(destination);
        return std::move(m_problems);
    }

private:
    void report(std::string_view sort, std::string_view id, std::string message, ErrorCode code = ErrorCode::policy_invalid)
    {
        m_problems.push_back({std::string{sort} + " \"" + escaped(id) + "\"", code, std::move(message)});
    }

    const charter::Chain* find_ours(const std::string& chain) const
    {
        const auto* found = m_charter.find_chain(chain);
        return found != nullptr && found->family == family_name ? found : nullptr;
    }

    bool is_ours(const std::string& chain) const { return find_ours(chain) != nullptr; }

    void check_chains()
    {
        std::map<std::string, std::string> seen;
        for (const auto& chain : m_charter.chains) {
            if (chain.family != family_name)
                continue;
            if (chain.chain_id != 0)
                report("chain", chain.id, "has a chain_id; Bitcoin's chains have a network");
            if (find_network(chain.network) == nullptr)
                report("chain", chain.id, "network " + quoted(chain.network) + " is not mainnet, testnet, testnet4, signet or regtest", ErrorCode::network);
            else if (m_charter.header.environment == artefacts::Environment::rehearsal && find_network(chain.network)->coin_type == main_coin_type)
                report("chain", chain.id, "network " + quoted(chain.network) + " is none of the test networks that a rehearsal may have", ErrorCode::network);
            const auto [known, is_new] = seen.emplace(chain.network, chain.id);
            if (!is_new)
                report("chain", chain.id, "is the network of chain \"" + escaped(known->second) + "\"");
        }
    }

    void check_wallet(const charter::Wallet& wallet)
    {
        if (wallet.descriptor.empty() || !wallet.address.empty()) {
            report("wallet", wallet.id, "is on a chain of Bitcoin: it has a descriptor, and no address");
            return;
        }
        try {
            const DescriptorWallet known{m_charter, wallet};
            check_outside_keys(wallet, known);
            check_shared_keys(wallet, known);
        } catch (const Error& error) {
            report("wallet", wallet.id, error.message(), error.code());
        }
    }

    void check_outside_keys(const charter::Wallet& wallet, const DescriptorWallet& known)
    {
        const auto outside = static_cast<std::size_t>(std::ranges::count_if(known.cosigners(), [](const Cosigner& one) { return one.appliance.empty(); }));
        const auto threshold = std::max(known.descriptor().threshold(), 1U);
        if (outside >= threshold)
            report("wallet", wallet.id, std::to_string(outside) + " outside keys reach its threshold of " + std::to_string(threshold) +
                                            " alone, so that no appliance could hold it to this charter");
    }

    void check_shared_keys(const charter::Wallet& wallet, const DescriptorWallet& known)
    {
        std::vector<Bytes> keys;
        for (const auto& expression : known.descriptor().keys())
            keys.push_back(to_bytes(std::get<keys::ExtendedPublicKey>(expression.key).key().compressed()));
        for (const auto branch : {Branch::receive, Branch::change}) // under whatever extended key they stand
            for (const auto& key : known.derive({branch, 0}).keys)
                keys.push_back(key.public_key);
        for (auto& key : keys) {
            const auto [holder, is_new] = m_keys.emplace(std::move(key), wallet.id);
            if (!is_new && holder->second != wallet.id) {
                report("wallet", wallet.id, "a key of its descriptor is also in wallet \"" + escaped(holder->second) + "\"; a key belongs to one wallet",
                       ErrorCode::policy_sharedkey);
                return;
            }
        }
    }

    void check_destination(const charter::Destination& destination)
    {
        const auto* network = find_network(find_ours(destination.chain)->network);
        if (network == nullptr)
            return; // said of the chain
        const auto type = script_type(destination.address);
        if (!format_address(destination.address, *network) || type == ScriptType::witness_unknown)
            report("destination", destination.id, "is no address that is ever paid to");
    }

    const charter::Charter& m_charter;
    std::vector<charter::Problem> m_problems;
    std::map<Bytes, std::string> m_keys;
};

} // namespace

std::vector<charter::Problem> check_charter(const charter::Charter& charter)
{
    return Checker{charter}.run();
}

} // namespace coffer::bitcoin
