#pragma once

#include "core/crypto/ed25519.h"
#include "core/keys/derivation.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Accounts: where the keys of a chain lie below a master key, and what addresses they give. No charter is needed for
/// them, nor a PayloadFormat.
namespace coffer::chains {

/// What an account is for: a wallet of its own, or one of several signers of a wallet.
enum class AccountUse { alone, cosigner };

/// BIP-32 over secp256k1, or SLIP-10 over Ed25519, whose keys have no children in public.
enum class KeyTree { secp256k1, ed25519 };

/// A chain that keys are exported for.
struct AccountChain {
    std::string_view name; ///< `regtest`, `tron`
    std::string_view family;
    std::uint32_t coin_type;      ///< SLIP-44
    keys::KeyNetwork key_network; ///< of extended keys

    bool operator==(const AccountChain&) const = default;
};

/// The public half of an account, and where it lies.
struct AccountKey {
    keys::KeyOrigin origin;
    std::variant<keys::ExtendedPublicKey, crypto::Ed25519PublicKey> key;

    /// `xpub…`, or 64 hex digits.
    std::string format() const;
};

/// The first address that an account receives at.
struct AccountAddress {
    std::string path; ///< from the account's key; empty for that key itself
    Bytes public_key;
    std::string text;
};

/// How a chain family keeps accounts: one row of the table in formats/accounts.cpp.
struct AccountKind {
    std::string_view family;
    std::uint32_t purpose;      ///< BIP-43
    std::string_view last_steps; ///< behind m/PURPOSEh/COINh/ACCOUNTh: empty, or `/2h`
    AccountUse use;
    KeyTree tree;
    std::string_view address_type; ///< what its addresses are: `p2wpkh`, `tron`; of a cosigner those of the wallet
    /// Null for a cosigner, who has no address of their own.
    AccountAddress (*first_address)(const AccountChain&, const AccountKey&);
    /// As other programs read it: `descriptor`, …; null for a family without such texts. Throws Error{usage} for another
    /// one, and where it makes no sense for the account.
    std::string (*text)(std::string_view format, const AccountChain&, const AccountKind&, const AccountKey&);

    keys::DerivationPath path(const AccountChain& chain, std::uint32_t account) const;
};

std::span<const AccountChain> account_chains();
/// Of all families; the usual one of a family comes first.
std::span<const AccountKind> account_kinds();

/// Throws Error{usage} naming those that there are.
const AccountChain& account_chain_named(std::string_view name);
/// The kind of this purpose; without one the usual kind of the chain. Throws Error{usage} naming the purposes that the chain has.
const AccountKind& account_kind(const AccountChain& chain, std::optional<std::uint32_t> purpose);

} // namespace coffer::chains
