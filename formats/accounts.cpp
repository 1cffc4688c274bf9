#include "core/base/error.h"
#include "core/base/text.h"
#include "core/chains/account.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/account.h"
#include "formats/bitcoin/wallet.h"
#include "formats/evm/account.h"
#include "formats/evm/payload.h"
#include "formats/solana/account.h"
#include "formats/tron/account.h"

#include <algorithm>
#include <array>

namespace coffer::chains {

namespace {

constexpr auto alone = AccountUse::alone;
constexpr auto cosigner = AccountUse::cosigner;
constexpr auto main_keys = keys::KeyNetwork::main;
constexpr auto test_keys = keys::KeyNetwork::test;

/// Coin types of SLIP-44. A new chain is one more line here.
constexpr std::array<AccountChain, 8> chain_table{{
    // name        family                coin  version bytes of BIP-32
    {"bitcoin",  bitcoin::family_name, 0,   main_keys},
    {"testnet",  bitcoin::family_name, 1,   test_keys},
    {"testnet4", bitcoin::family_name, 1,   test_keys},
    {"signet",   bitcoin::family_name, 1,   test_keys},
    {"regtest",  bitcoin::family_name, 1,   test_keys},
    {"evm",      evm::family_name,     60,  main_keys},
    {"tron",     tron::family_name,    195, main_keys},
    {"solana",   solana::family_name,  501, main_keys},
}};

/// m/PURPOSEh/COINh/ACCOUNTh and the last steps. A new family is one more line here, and so is a new kind; the usual kind of a
/// family comes first.
constexpr std::array<AccountKind, 8> kind_table{{
    // family              purpose steps  use       keys                  addresses
    {bitcoin::family_name, 84,     "",    alone,    KeyTree::secp256k1, "p2wpkh",      bitcoin::first_address, bitcoin::account_text},
    {bitcoin::family_name, 44,     "",    alone,    KeyTree::secp256k1, "p2pkh",       bitcoin::first_address, bitcoin::account_text},
    {bitcoin::family_name, 49,     "",    alone,    KeyTree::secp256k1, "p2sh-p2wpkh", bitcoin::first_address, bitcoin::account_text},
    {bitcoin::family_name, 86,     "",    alone,    KeyTree::secp256k1, "p2tr",        bitcoin::first_address, bitcoin::account_text},
    {bitcoin::family_name, 48,     "/2h", cosigner, KeyTree::secp256k1, "p2wsh",       nullptr,                bitcoin::account_text},
    {evm::family_name,     44,     "",    alone,    KeyTree::secp256k1, "evm",         evm::first_address,     nullptr},
    {tron::family_name,    44,     "",    alone,    KeyTree::secp256k1, "tron",        tron::first_address,    nullptr},
    {solana::family_name,  44,     "/0h", alone,    KeyTree::ed25519,   "solana",      solana::first_address,  nullptr},
}};

} // namespace

std::string AccountKey::format() const
{
    if (const auto* extended = std::get_if<keys::ExtendedPublicKey>(&key))
        return extended->format();
    return encoding::encode_hex(std::get<crypto::Ed25519PublicKey>(key).bytes());
}

keys::DerivationPath AccountKind::path(const AccountChain& chain, std::uint32_t account) const
{
    return keys::DerivationPath::parse("m/" + std::to_string(purpose) + "h/" + std::to_string(chain.coin_type) + "h/" +
                                       std::to_string(account) + "h" + std::string{last_steps});
}

std::span<const AccountChain> account_chains()
{
    return chain_table;
}

std::span<const AccountKind> account_kinds()
{
    return kind_table;
}

const AccountChain& account_chain_named(std::string_view name)
{
    const auto found = std::ranges::find(chain_table, name, &AccountChain::name);
    if (found != chain_table.end())
        return *found;
    std::vector<std::string> known;
    for (const auto& chain : chain_table)
        known.emplace_back(chain.name);
    throw Error{ErrorCode::usage, "chain " + quoted(name) + " is not built in; this program has: " + join(known, ", ")};
}

const AccountKind& account_kind(const AccountChain& chain, std::optional<std::uint32_t> purpose)
{
    std::vector<std::string> known;
    for (const auto& kind : kind_table) {
        if (kind.family != chain.family)
            continue;
        if (!purpose || kind.purpose == *purpose)
            return kind;
        known.push_back(std::to_string(kind.purpose));
    }
    throw Error{ErrorCode::usage, "no account on " + std::string{chain.name} + " has purpose " + std::to_string(purpose.value_or(0)) +
                                      "; there: " + join(known, ", ")};
}

} // namespace coffer::chains
