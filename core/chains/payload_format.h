#pragma once

#include "core/base/document.h"
#include "core/base/error.h"
#include "core/chains/account.h"
#include "core/charter/charter.h"
#include "core/keys/derivation.h"
#include "core/payments/payload.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::chains {

/// The frame in which payload bytes are read: the charter in force and the wallet that should pay.
struct PayloadContext {
    const charter::Charter& charter;
    const charter::Wallet& wallet;

    const charter::Chain& chain() const { return charter.chain(wallet.chain); }
};

/// Which of a wallet's addresses: those that are handed out, or those that change comes back to.
enum class Branch { receive, change };

/// A key of a wallet, and who holds it.
struct HeldKey {
    charter::WalletKey holder;
    std::string origin;          ///< `[d34db33f/48h/0h/0h/2h]`; may be empty for an outside key
    std::string extended_public; ///< at that origin
};

/// A key for a wallet that no charter names yet.
struct DraftKey {
    std::string name; ///< by which a policy speaks of it
    HeldKey held;     ///< the path of its holder empty for the usual one
};

/// An address of a descriptor, and the steps to it from the descriptor's first key; `0/5`, empty for a bare key.
struct DescribedAddress {
    std::string path;
    Bytes address;
};

/// The offline half of a chain: pure functions over bytes. One object a family, in formats/chains.cpp.
class PayloadFormat {
public:
    virtual ~PayloadFormat() = default;

    virtual std::string_view family() const = 0;

    /// Reads an unsigned transaction strictly and whole: what it cannot explain completely it
    /// refuses, with a code that says what. The description of what comes back is derived from
    /// these bytes and the charter's tokens alone.
    virtual std::unique_ptr<const payments::Payload> decode(ByteView payload, const PayloadContext& context) const = 0;

    /// Raw address bytes from text. Throws Error{addr_checksum}, Error{malformed}.
    virtual Bytes parse_address(std::string_view text, const charter::Chain& chain) const = 0;
    /// The one way in which addresses are shown.
    virtual std::string format_address(ByteView address, const charter::Chain& chain) const = 0;
    /// An address of a wallet at an index; account chains have the receive address of index 0 only (Error{malformed}).
    virtual Bytes derive_address(const charter::Charter& charter, const charter::Wallet& wallet, Branch branch,
                                 std::uint32_t index) const = 0;
    /// The payload by which an address of the wallet, the receive address of this index, signs a text (payments::Message). Throws
    /// Error{usage} for a family whose addresses sign none; decode() judges the text.
    virtual Bytes make_message(ByteView /*text*/, const PayloadContext& /*context*/, std::uint32_t /*index*/) const
    {
        throw Error{ErrorCode::usage, "wallets of the family " + std::string{family()} + " sign no messages"};
    }
    /// The wallet of the charter on this chain that receives at an address; null when there is none.
    virtual const charter::Wallet* find_owner(const charter::Charter& charter, const charter::Chain& chain, ByteView address) const
    {
        return charter.find_wallet_at(chain.id, address);
    }

    /// All keys of a wallet of the charter, in the order in which its scripts are made. Throws what derive_address() does.
    virtual std::vector<HeldKey> keys_of(const charter::Charter& charter, const charter::Wallet& wallet) const = 0;

    /// How many keys of a wallet of the charter have to sign. Throws what derive_address() does.
    virtual std::size_t signers_needed(const charter::Charter& /*charter*/, const charter::Wallet& /*wallet*/) const { return 1; }

    // Without a charter, for keys that are not in one yet.

    /// The chain of a well-known name: `evm`; `bitcoin`, `testnet`, … None for a name of another family.
    virtual std::optional<charter::Chain> chain_named(std::string_view name) const = 0;
    /// Such names, the usual one first.
    virtual std::vector<std::string_view> chain_names() const = 0;
    /// The address of a bare extended public key at a relative path.
    virtual Bytes derive_address(const charter::Chain& chain, std::string_view extended_public, std::string_view path) const = 0;
    /// What the account at an origin is for, where its path tells; else alone.
    virtual AccountUse use_of(const keys::KeyOrigin& /*origin*/) const { return AccountUse::alone; }
    /// The usual chain of an extended key: of several with the same version bytes, the first.
    virtual charter::Chain usual_chain(std::string_view extended_public) const = 0;
    /// What a chain decides of a wallet: address or descriptor, keys in their order, confirmations. `policy` is a descriptor with
    /// names for keys, `wsh(sortedmulti(2,a,b,c))`; empty for the usual wallet of one key. Throws Error{usage} where policy and keys do
    /// not fit, Error{enrol_dupkey}, Error{network}, Error{secret_source}, Error{malformed}, Error{pubkey}; it does not see what
    /// check_charter() finds.
    virtual charter::Wallet draft_wallet(const charter::Chain& chain, std::string_view policy, std::span<const DraftKey> keys) const = 0;
    /// The usual chain of an output descriptor, by its keys or address. None for a family without descriptors.
    virtual std::optional<charter::Chain> chain_of_descriptor(std::string_view /*descriptor*/) const { return std::nullopt; }
    /// `count` addresses from `start` on; a descriptor without a range has one. Throws Error{usage} for a branch or an index that the
    /// descriptor has not, Error{network} when it is not of this chain.
    virtual std::vector<DescribedAddress> derive_described(const charter::Chain& chain, std::string_view /*descriptor*/, Branch /*branch*/,
                                                           std::uint32_t /*start*/, std::uint32_t /*count*/) const
    {
        throw Error{ErrorCode::usage, "chains of the family " + chain.family + " have no descriptors"};
    }
    /// Which version bytes extended keys of the chain have (BIP-32).
    virtual keys::KeyNetwork key_network(const charter::Chain& /*chain*/) const { return keys::KeyNetwork::main; }
    /// What an artefact that was made elsewhere (a PSBT of another wallet) is as a payload: without signatures and what
    /// only lets it change further. Throws what decoding does.
    virtual Bytes adopt(ByteView foreign) const { return to_bytes(foreign); }
    /// True for what other wallets of the family hand around with their signatures in it (a PSBT).
    virtual bool is_foreign_artefact(ByteView /*bytes*/) const { return false; }
    /// The signatures of a payload in such an artefact, each verified; none when it is of another payload.
    virtual std::optional<std::vector<payments::TaskSignature>> find_signatures(ByteView /*foreign*/, const payments::Payload& /*payload*/) const
    {
        return std::nullopt;
    }
    /// A payload as other wallets take it, with the signatures that are there. `kind`: `psbt`, `psbt-base64`. Throws Error{usage} for a kind
    /// that the family does not have.
    virtual Bytes export_foreign(std::string_view kind, const payments::Payload& /*payload*/,
                                 std::span<const payments::TaskSignature> /*signatures*/) const
    {
        throw Error{ErrorCode::usage, "payloads of the family " + std::string{family()} + " are not handed out as " + std::string{kind}};
    }

    /// `50 gwei`, `100 sat/vB`. Throws Error{malformed}.
    virtual Uint256 parse_feerate(std::string_view text) const = 0;
    virtual std::string format_feerate(const Uint256& rate) const = 0;

    /// The chain's part of a charter: chain parameters, tokens, wallets that match their keys.
    virtual std::vector<charter::Problem> check_charter(const charter::Charter& charter) const = 0;
    /// What the chain has besides its own name: default symbol and decimals.
    virtual std::string_view native_symbol() const = 0;
    virtual unsigned native_decimals() const = 0;

    /// Says what an artefact of this chain is, or none when it is not one. `kind` is what the user
    /// named with --as, else empty. Bytes are raw; `text` is the same input as text where it was text.
    virtual std::optional<Document> inspect(ByteView bytes, std::string_view text, std::string_view kind) const = 0;
};

/// The chain of a well-known name, and its format.
struct NamedChain {
    const PayloadFormat& format;
    charter::Chain chain;
};
/// Throws Error{usage} naming those that are built in.
NamedChain chain_named(std::string_view name);

/// Null when no format of this family is built in.
const PayloadFormat* find_format(std::string_view family);
/// Throws Error{chain}.
const PayloadFormat& format_of(const charter::Chain& chain);
std::vector<const PayloadFormat*> all_formats();

} // namespace coffer::chains
