#include "formats/bitcoin/wallet_draft.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "formats/bitcoin/descriptor.h"
#include "formats/bitcoin/slip132.h"

#include <algorithm>
#include <set>

namespace coffer::bitcoin {

namespace {

constexpr std::uint32_t usual_confirmations = 6;
constexpr std::size_t most_name_characters = 32;
constexpr std::string_view branches = "/<0;1>/*";

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_of_name(char c)
{
    return is_letter(c) || is_digit(c) || c == '-';
}

std::uint32_t purpose_of(const keys::KeyOrigin& origin)
{
    const auto& steps = origin.path.steps();
    return steps.empty() || (steps.front() & keys::hardened) == 0 ? 0 : steps.front() & ~keys::hardened;
}

std::string usual_policy(const chains::DraftKey& key)
{
    const auto name = key.name;
    switch (purpose_of(keys::KeyOrigin::parse(key.held.origin))) {
    case 44: return "pkh(" + name + ")";
    case 49: return "sh(wpkh(" + name + "))";
    case 86: return "tr(" + name + ")";
    case 45:
    case 48:
    case 87:
        throw Error{ErrorCode::usage, "key " + coffer::quoted(key.name) + " is for a wallet of several keys, and no policy was given",
                    "--policy 'wsh(sortedmulti(2,A,B,C))', or export the account for a wallet of its own"};
    default: return "wpkh(" + name + ")";
    }
}

/// What the key says without its place in a policy; errors name it and do not quote it.
void require_key(const chains::DraftKey& key, const Network& network)
{
    const auto place = "key " + coffer::quoted(key.name);
    if (key.held.origin.empty())
        throw Error{ErrorCode::malformed, place + " has no origin", "write it as [fingerprint/path]xpub…: its signer shows both"};
    try {
        static_cast<void>(keys::KeyOrigin::parse(key.held.origin));
        const auto extended = keys::ExtendedPublicKey::parse(read_slip132(key.held.extended_public).plain);
        const auto expected = network.coin_type == 0 ? keys::KeyNetwork::main : keys::KeyNetwork::test;
        if (extended.position().network != expected)
            throw Error{ErrorCode::network, "it is not of " + std::string{network.name}};
    } catch (const Error& error) {
        throw error.in(place);
    }
}

/// Puts keys where a policy has names.
class Composer {
public:
    Composer(std::string_view policy, std::span<const chains::DraftKey> keys) : m_policy{policy}, m_keys{keys} {}

    std::string run()
    {
        while (m_at < m_policy.size())
            take();
        for (const auto& key : m_keys)
            if (!m_used.contains(key.name))
                throw Error{ErrorCode::usage, "key " + coffer::quoted(key.name) + " does not stand in the policy"};
        return std::move(m_text);
    }
    /// Of the keys, in the order of the policy.
    std::vector<charter::WalletKey> holders() && { return std::move(m_holders); }

private:
    void take()
    {
        const auto c = m_policy[m_at];
        if (is_of_name(c)) {
            take_word();
        } else if (c == '(' || c == ')' || c == ',') {
            m_text += c;
            ++m_at;
        } else if (c == ' ') {
            ++m_at;
        } else {
            throw malformed("policy has " + coffer::quoted(m_policy.substr(m_at, 1)) + "; it is a descriptor with names in place of keys", m_at);
        }
    }

    void take_word()
    {
        const auto begin = m_at;
        while (m_at < m_policy.size() && is_of_name(m_policy[m_at]))
            ++m_at;
        const auto word = m_policy.substr(begin, m_at - begin);
        const bool is_function = m_at < m_policy.size() && m_policy[m_at] == '(';
        if (word.size() > most_name_characters) // not quoted: it may be a private key
            throw malformed("policy has a word of " + std::to_string(word.size()) + " characters, a name has at most 32", begin);
        if (is_function || std::ranges::all_of(word, is_digit))
            m_text += word;
        else
            take_name(word);
    }

    void take_name(std::string_view name)
    {
        const auto key = std::ranges::find(m_keys, name, &chains::DraftKey::name);
        if (key == m_keys.end())
            throw Error{ErrorCode::usage, "the policy names " + coffer::quoted(name) + ", and no key of this name was given",
                        "--key " + escaped(name) + "=FILE"};
        if (!m_used.insert(key->name).second)
            throw Error{ErrorCode::enrol_dupkey, "key " + coffer::quoted(name) + " stands twice in the policy, so that one signer could count twice"};
        m_text += key->held.origin + key->held.extended_public + std::string{branches};
        m_holders.push_back(key->held.holder);
    }

    std::string_view m_policy;
    std::span<const chains::DraftKey> m_keys;
    std::size_t m_at = 0;
    std::string m_text;
    std::set<std::string, std::less<>> m_used;
    std::vector<charter::WalletKey> m_holders;
};

} // namespace

charter::Wallet draft_wallet(const Network& network, std::string_view policy, std::span<const chains::DraftKey> keys)
{
    for (const auto& key : keys) {
        if (!key.held.holder.path.empty())
            throw Error{ErrorCode::usage, "--path is for accounts; the addresses of a descriptor lie at 0/* and 1/*"};
        require_key(key, network);
    }
    if (policy.empty() && keys.size() != 1)
        throw Error{ErrorCode::usage, std::to_string(keys.size()) + " keys need a policy, which says how many of them sign together",
                    "--policy 'wsh(sortedmulti(2,A,B,C))'"};
    const auto text = policy.empty() ? usual_policy(keys.front()) : std::string{policy};
    Composer composer{text, keys};
    charter::Wallet wallet;
    wallet.descriptor = Descriptor::parse(composer.run()).canonical();
    wallet.keys = std::move(composer).holders();
    wallet.confirmations = usual_confirmations;
    return wallet;
}

bool is_cosigner_account(const keys::KeyOrigin& origin)
{
    const auto purpose = purpose_of(origin);
    return purpose == 45 || purpose == 48 || purpose == 87;
}

const Network& usual_network(std::string_view extended_public)
{
    const auto key = keys::ExtendedPublicKey::parse(read_slip132(extended_public).plain);
    return *find_network(key.position().network == keys::KeyNetwork::main ? "mainnet" : "testnet");
}

} // namespace coffer::bitcoin
