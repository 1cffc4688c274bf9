#pragma once

#include "core/chains/payload_format.h"
#include "formats/bitcoin/descriptor.h"
#include "formats/bitcoin/network.h"
#include "formats/bitcoin/psbt.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace coffer::bitcoin {

/// The name of this family in charters, digests and slots.
constexpr std::string_view family_name = "bitcoin";

using chains::Branch;

/// Where an address of a wallet stands.
struct Place {
    Branch branch = Branch::receive;
    std::uint32_t index = 0;
    auto operator<=>(const Place&) const = default;
};

/// A key of a descriptor and who holds it.
struct Cosigner {
    std::string appliance; ///< empty: outside
    std::string key;       ///< its id in that appliance
    std::string outside;   ///< the outside signer's name, else empty
};

/// The network of a charter's chain. Throws Error{network} for one that is not known.
const Network& network_of(const charter::Chain& chain);

/// A wallet of the charter by its pinned descriptor: what is derived from it is ours, and nothing else.
/// Remembers what it derived; safe to share between threads.
class DescriptorWallet {
public:
    /// Throws what Descriptor::parse() throws; Error{policy_invalid} for a descriptor without one branch to receive and one
    /// for change, or whose keys are not those that the wallet names; Error{enrol_not_member} when a key of an appliance is
    /// not in the descriptor, Error{enrol_dupkey} when two of its keys are one; Error{network} for keys of another network.
    DescriptorWallet(const charter::Charter& charter, const charter::Wallet& wallet);

    const std::string& id() const { return m_id; }
    const Network& network() const { return m_network; }
    const Descriptor& descriptor() const { return m_descriptor; }
    /// Who holds each key of the descriptor, in its order. Outside keys have no order of their own: the names in the charter are
    /// given to the keys that no appliance holds as they come.
    const std::vector<Cosigner>& cosigners() const { return m_cosigners; }

    /// An index of 2^31 or above is a broken invariant.
    const DerivedScripts& derive(const Place& place) const;
    const Bytes& script_pubkey(const Place& place) const { return derive(place).script_pubkey; }

private:
    void match_keys(const charter::Charter& charter, const charter::Wallet& wallet);

    std::string m_id;
    const Network& m_network;
    Descriptor m_descriptor;
    std::vector<Descriptor> m_branches; ///< by Branch
    std::vector<Cosigner> m_cosigners;
    mutable std::mutex m_mutex;
    mutable std::map<Place, DerivedScripts> m_derived;
};

/// Remembers wallets, since a bundle may spend 1,000 inputs of one. Bounded; safe to share between threads.
class WalletCache {
public:
    /// Throws what DescriptorWallet() throws.
    std::shared_ptr<const DescriptorWallet> wallet_of(const charter::Charter& charter, const charter::Wallet& wallet) const;
    /// Looks among the first `most_searched` receive addresses of every wallet on the chain; null when none has it.
    const charter::Wallet* find_owner(const charter::Charter& charter, const charter::Chain& chain, ByteView script_pubkey) const;

private:
    struct Known {
        std::shared_ptr<const DescriptorWallet> wallet;
        std::map<Bytes, std::uint32_t> receiving; ///< the first `searched` receive scripts
        std::uint32_t searched = 0;
    };
    Known& known(const charter::Charter& charter, const charter::Wallet& wallet) const;

    mutable std::mutex m_mutex;
    mutable std::map<Bytes, Known> m_wallets;
};

/// How many receive addresses of our own wallets are recognised where they are paid to.
constexpr std::uint32_t most_searched = 1000;

} // namespace coffer::bitcoin
