#pragma once

#include "cli/home.h"
#include "core/chains/chain_client.h"
#include "core/console/command.h"
#include "core/requests/request_service.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace coffer::cli {

/// The options that every proposal has: --expires, --max-fee and the officer's.
std::vector<console::OptionSpec> proposing_options();
/// --wallet W
console::OptionSpec wallet_option();
/// --feerate RATE
console::OptionSpec feerate_option();
/// Its value, if it was given. Throws Error{malformed}.
std::optional<Uint256> chosen_feerate(const console::Invocation& invocation, const charter::Chain& chain);
/// --ladder RATE, once for each further step
console::OptionSpec ladder_option();
/// --order ID
console::OptionSpec order_option();
/// --utxo OUTPOINT, as often as one likes
console::OptionSpec utxo_option();
/// --offline-inputs FILE.
console::OptionSpec offline_option();

/// One line of a transfer or a batch, as it was typed.
struct PaymentText {
    std::string to;     ///< an address, or the id of an address book entry or wallet
    std::string amount; ///< decimal, in the asset's unit
    std::string asset;  ///< empty: the native one
};

/// Reads the texts against the charter. Errors: `malformed`, `addr_checksum`, `dest_chain`,
/// `token_unknown`, `amount_range`.
payments::Payment parse_payment(const PaymentText& text, const charter::Charter& charter, const charter::Wallet& wallet);
/// The same without its amount, for `max`.
payments::Payment parse_spend_all(const PaymentText& text, const charter::Charter& charter, const charter::Wallet& wallet);

/// What goes into a request: built against what is free at the time.
struct BuiltPayloads {
    std::vector<Bytes> payloads;
    std::optional<std::uint64_t> height;
};
struct Room {
    std::vector<payments::SpendSlot> reserved; ///< by open requests
    std::uint32_t next_change = 0;             ///< the first change index that no request has used
    std::optional<Uint256> max_fee;            ///< the proposer's ceiling
};
using Builder = std::function<BuiltPayloads(const Room& room)>;

/// What a request is, beside its payloads.
struct Purpose {
    charter::RequestKind kind = charter::RequestKind::transfer;
    std::optional<RequestDigest> replaces{};
    std::vector<requests::Predecessor> predecessors{}; ///< of a bump or void
    std::optional<std::string> order{}; ///< the standing order that it is paid under
};

/// Builds, holds against rule and fee ceiling before anybody is asked, signs as the requester, opens.
/// Another proposal that took the same slot meanwhile makes it build again.
/// `memos`: a note for each payload.
console::CommandResult propose(console::Invocation& invocation, Home& home, const charter::Wallet& wallet, const Purpose& purpose,
                               const std::vector<std::string>& memos, const Builder& build);

/// What one request pays, with a note for each payment.
struct Payout {
    std::vector<payments::Payment> payments;
    bool spend_all = false; ///< the one payment takes everything, whatever amount it names
    std::vector<std::string> memos;
};

/// propose() with the transactions that a node, or --offline-inputs, makes of the payments.
console::CommandResult propose_payout(console::Invocation& invocation, Home& home, const charter::Wallet& wallet, const Payout& payout);

} // namespace coffer::cli
