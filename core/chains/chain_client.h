#pragma once

#include "core/charter/charter.h"
#include "core/payments/payload.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coffer::chains {

/// What a proposal wants built.
struct TransferOrder {
    const charter::Charter& charter;
    const charter::Wallet& wallet;
    std::vector<payments::Payment> payments;
    /// Send everything: the one payment's amount is found by the builder.
    bool spend_all = false;
    /// The proposer's ceiling over the whole request, base units of the native asset.
    std::optional<Uint256> max_fee;
    /// Slots that open requests hold.
    std::vector<payments::SpendSlot> reserved;
    /// Coin control, in the chain's words (`txid:vout`): exactly these are spent. Empty: the builder chooses.
    std::vector<std::string> inputs{};
    /// In the chain's unit; none: as the node advises.
    std::optional<Uint256> feerate{};
    /// The first change index that no request of the wallet has used.
    std::uint32_t next_change = 0;
    /// Further steps of a fee ladder, rising, in the chain's unit: each is a payload of its own that excludes the others.
    std::vector<Uint256> ladder{};
};

/// What a replacement wants built: something that excludes a payload which was signed.
struct ReplacementOrder {
    enum class Purpose {
        bump,    ///< the same payments for a higher fee
        make_void, ///< nothing but the same slot, back to the wallet
    };
    const charter::Charter& charter;
    const charter::Wallet& wallet;
    /// What it replaces, of one request in its order.
    std::vector<const payments::Payload*> replaced;
    Purpose purpose = Purpose::bump;
    std::optional<Uint256> max_fee{};
    std::vector<payments::SpendSlot> reserved{};
    std::optional<Uint256> feerate{};
    std::uint32_t next_change = 0;
};

struct BuiltTransfer {
    std::vector<Bytes> payloads; ///< one or more unsigned transactions; the steps of a ladder in their order
    std::uint64_t height = 0;    ///< block seen while building
};

/// What a node said about a transaction that was sent.
enum class SendOutcome {
    accepted,
    already_known, ///< looked up and found
    unknown,       ///< no answer in time: it may or may not have arrived
};

/// Where a transaction is now.
struct Sighting {
    enum class Place { nowhere, mempool, block };
    Place place = Place::nowhere;
    std::uint64_t block_number = 0;
    Bytes block_hash;
    std::uint64_t confirmations = 0; ///< the block itself counts as one
    bool succeeded = false;          ///< executed without reverting; meaningful in a block
};

/// The online half of a chain. Every connection checks first that the node is on the charter's
/// chain (Error{chain}). Errors: `rpc` when no endpoint answers or a node refuses, `rpc_limit` for
/// an answer over the limits.
class ChainClient {
public:
    virtual ~ChainClient() = default;

    virtual BuiltTransfer build(const TransferOrder& order) = 0;
    /// One payload for each that it replaces. Throws Error{fee_cap} where the ceiling leaves no room for a higher fee; what build() throws.
    virtual BuiltTransfer replace(const ReplacementOrder& order) = 0;
    virtual std::vector<Amount> balances(const charter::Charter& charter, const charter::Wallet& wallet) = 0;
    virtual std::uint64_t height() = 0;

    /// Sends exactly these bytes. Throws Error{rpc} with the node's words when they are refused.
    virtual SendOutcome send(const payments::SignedTransaction& transaction) = 0;
    /// `since`: a height before which it cannot stand in a block.
    virtual Sighting look_up(const payments::SignedTransaction& transaction, std::uint64_t since) = 0;
    /// True when something else on the chain, at least `depth` blocks deep, has used the slot.
    virtual bool is_spent(const payments::SpendSlot& slot, std::uint64_t depth) = 0;
};

} // namespace coffer::chains
