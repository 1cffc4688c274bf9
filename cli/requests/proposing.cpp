#include "cli/requests/proposing.h"

#include "cli/chains/clients.h"
#include "cli/files/config.h"
#include "cli/officer_key.h"
#include "cli/requests/home_books.h"
#include "cli/requests/refusals.h"
#include "cli/requests/request_document.h"
#include "cli/standing_orders.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/request_review.h"
#include "core/console/streams.h"
#include "core/requests/ceremony.h"
#include "core/requests/recipient.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using charter::Charter;
using charter::Wallet;
using requests::RequestService;

constexpr int most_rebuilds = 5;
constexpr std::size_t most_inputs_bytes = 8 * 1024 * 1024;
constexpr Duration usual_life = hours(24);

Bytes parse_destination(const std::string& to, const Charter& charter, const Wallet& wallet)
{
    const auto& chain = charter.chain(wallet.chain);
    if (is_identifier(to)) {
        const auto entry = std::ranges::find_if(charter.destinations, [&](const auto& one) { return one.id == to && one.chain == chain.id; });
        if (entry != charter.destinations.end())
            return entry->address;
        if (const auto* own = charter.find_wallet(to); own != nullptr && own->chain == chain.id)
            return chains::format_of(chain).derive_address(charter, *own, chains::Branch::receive, 0);
        if (std::ranges::find(charter.destinations, to, &charter::Destination::id) != charter.destinations.end() ||
            charter.find_wallet(to) != nullptr)
            throw Error{ErrorCode::dest_chain, coffer::quoted(to) + " is not on " + chain.id + ", where wallet " + wallet.id + " is"};
    }
    return chains::format_of(chain).parse_address(to, chain);
}

AssetId parse_asset(const std::string& symbol, const Charter& charter, const Wallet& wallet)
{
    const auto& chain = charter.chain(wallet.chain);
    if (symbol.empty() || symbol == chain.symbol)
        return chain.native();
    if (const auto* token = charter.find_token({chain.id, symbol}))
        return token->asset();
    std::vector<std::string> known{chain.symbol};
    for (const auto& token : charter.tokens)
        if (token.chain == chain.id)
            known.push_back(token.id);
    throw Error{ErrorCode::token_unknown, "asset " + coffer::quoted(symbol) + " is not known on " + chain.id, "known there: " + join(known, ", ")};
}

/// The life of the request: what was asked for, else as long as usual and as every deciding rule, and its standing order, allows.
Duration life_of(const console::Invocation& invocation, const policy::Decision& decision, const charter::StandingOrder* order, UtcTime now)
{
    if (invocation.has("expires"))
        return invocation.duration("expires");
    auto life = order != nullptr && now < order->last ? std::min(usual_life, order->last - now) : usual_life;
    for (const auto* rule : decision.rules())
        life = std::min(life, rule->expires);
    return life;
}

std::optional<Uint256> max_fee_of(const console::Invocation& invocation, const charter::Chain& chain)
{
    const auto text = invocation.find("max-fee");
    return text ? std::optional{parse_decimal(*text, chain.decimals)} : std::nullopt;
}

Room room_of(const console::Invocation& invocation, RequestService& service, const Wallet& wallet, const charter::Chain& chain)
{
    return {.reserved = service.held_slots(), .next_change = service.next_change(wallet.id), .max_fee = max_fee_of(invocation, chain)};
}

/// Of many payments in one payload.
std::string joined(const std::vector<std::string>& memos)
{
    std::vector<std::string> distinct;
    for (const auto& memo : memos)
        if (!memo.empty() && std::ranges::find(distinct, memo) == distinct.end())
            distinct.push_back(memo);
    return join(distinct, "; ");
}

struct Draft {
    requests::Request request;
    std::vector<Bytes> payloads;
};

/// What the request will be, judged as far as it can be without its signature.
Draft draft(const console::Invocation& invocation, const charter::PolicyChain& chain, const Wallet& wallet, const Purpose& purpose,
            BuiltPayloads built, const std::optional<Uint256>& max_fee, const std::string& requester, UtcTime now)
{
    const auto& charter = chain.charter();
    Draft draft{.request = {.header = charter.header,
                            .position = chain.position(),
                            .id = make_request_id(now, invocation.environment().random.array<10>()),
                            .kind = purpose.kind,
                            .wallet = wallet.id,
                            .payloads = {},
                            .payment = {},
                            .replaces = purpose.replaces,
                            .height = built.height,
                            .requester = requester,
                            .created = now,
                            .expires = now},
                .payloads = std::move(built.payloads)};
    requests::Payloads decoded;
    for (const auto& bytes : draft.payloads) {
        auto payload = requests::decode_payload(bytes, {charter, wallet});
        payload->require_timely(built.height);
        draft.request.payloads.push_back(payload->digest());
        decoded.push_back(std::move(payload));
    }
    const auto description = requests::describe(decoded, requests::require_ladder_or_apart(decoded));
    draft.request.payment = payments::payment_digest(description);
    const auto& fee = description.fee.maximum;
    if (max_fee && *max_fee < fee.base_units())
        throw Error{ErrorCode::fee_cap, "the fee is up to " + console::format_amount(fee, charter) + ", over --max-fee " +
                                            console::format_amount({fee.asset(), *max_fee}, charter)};
    policy::Facts facts{.kind = draft.request.kind, .wallet = &wallet, .description = &description, .created = now, .expires = now,
                        .known_for = {}, .words = requests::words_of(charter, wallet)};
    const auto decision = requests::select_rules_of(charter, requests::deciding_wallets(charter, wallet, *decoded.front()), facts);
    const charter::StandingOrder* order = nullptr;
    if (purpose.order) {
        draft.request.order = find_order(chain, *purpose.order);
        order = &chain.find_order(*draft.request.order)->order;
    }
    facts.expires = draft.request.expires = now + life_of(invocation, decision, order, now);
    if (facts.expires <= now)
        throw Error{ErrorCode::usage, "--expires must be longer than nothing"};
    policy::require_restrictions(charter, facts, decision);
    if (const auto* ceremony = decoded.front()->ceremony())
        requests::require_share_limits(charter, *ceremony);
    if (order != nullptr)
        require_votes(requests::require_covered(chain, draft.request, description, decision, {}));
    return draft;
}

/// Builds and opens; another proposal that took the same slot meanwhile makes it build again.
requests::CheckedRequest build_and_open(console::Invocation& invocation, Home& home, RequestService& service, const std::string& wallet_id,
                                        const Purpose& purpose, const std::vector<std::string>& memos, const Builder& build)
{
    const auto officer = officer_id(invocation, &home.config());
    std::optional<OfficerKey> key;
    for (int attempt = 1;; ++attempt) {
        const auto& chain = home.chain();
        const auto& wallet = chain.charter().wallet(wallet_id);
        const auto room = room_of(invocation, service, wallet, chain.charter().chain(wallet.chain));
        auto [request, payloads] = draft(invocation, chain, wallet, purpose, build(room), room.max_fee, officer, home.now());
        if (!key)
            key.emplace(OfficerKey::open(invocation, officer_key_file(invocation, &home.config())));
        static_cast<void>(key->require_officer(chain.charter(), officer));
        auto artefact = encode(request);
        key->sign(artefact);
        const auto notes = payloads.size() == 1 && memos.size() > 1 ? std::vector{joined(memos)} : memos;
        try {
            return service.open({.request = artefact.encode(), .payloads = std::move(payloads), .votes = {}, .predecessors = purpose.predecessors},
                                notes);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::nonce_used || attempt == most_rebuilds)
                throw;
        }
    }
}

/// Over the network or from --offline-inputs.
std::unique_ptr<chains::ChainClient> client_for_building(const console::Invocation& invocation, const Config& config,
                                                         const charter::Chain& chain)
{
    if (invocation.has("offline-inputs")) {
        const auto bytes = console::read_input(invocation, invocation.path("offline-inputs"), most_inputs_bytes);
        return offline_client(chain, std::string{text_of(bytes)});
    }
    return connect_client(chain, config.endpoints(chain.id));
}

std::vector<Uint256> chosen_ladder(const console::Invocation& invocation, const charter::Chain& chain)
{
    std::vector<Uint256> steps;
    if (invocation.has("ladder"))
        for (const auto& rate : invocation.all("ladder"))
            steps.push_back(chains::format_of(chain).parse_feerate(rate));
    return steps;
}

} // namespace

std::vector<console::OptionSpec> proposing_options()
{
    std::vector<console::OptionSpec> options{
        {.name = "expires", .metavar = "SPAN", .help = "how long officers have, at most what the rule allows (default: 24h, or what it allows)"},
        {.name = "max-fee", .metavar = "AMOUNT", .help = "refuse a higher fee, in the chain's native unit"},
    };
    for (auto& option : officer_options())
        options.push_back(std::move(option));
    return options;
}

console::OptionSpec wallet_option()
{
    return {.name = "wallet", .metavar = "W", .help = "the wallet that pays", .letter = 'w', .presence = console::Presence::required};
}

console::OptionSpec feerate_option()
{
    return {.name = "feerate", .metavar = "RATE", .help = "`12.5 sat/vB`, `50 gwei` (default: as the node advises)"};
}

std::optional<Uint256> chosen_feerate(const console::Invocation& invocation, const charter::Chain& chain)
{
    const auto feerate = invocation.find("feerate");
    return feerate ? std::optional{chains::format_of(chain).parse_feerate(*feerate)} : std::nullopt;
}

console::OptionSpec ladder_option()
{
    return {.name = "ladder",
            .metavar = "RATE",
            .help = "a further, higher step of the fee, approved and signed now, sent by `coffer bump`",
            .occurs = console::Occurs::repeatedly};
}

console::OptionSpec order_option()
{
    return {.name = "order", .metavar = "ID", .help = "pay under this standing order, without votes"};
}

console::OptionSpec utxo_option()
{
    return {.name = "utxo", .metavar = "TXID:VOUT", .help = "spend exactly these (Bitcoin)", .occurs = console::Occurs::repeatedly};
}

console::OptionSpec offline_option()
{
    return {.name = "offline-inputs",
            .metavar = "FILE",
            .help = "JSON with what a node would be asked, instead of a network",
            .completes = console::Completes::file};
}

payments::Payment parse_spend_all(const PaymentText& text, const Charter& charter, const Wallet& wallet)
{
    return {parse_destination(text.to, charter, wallet), Amount{parse_asset(text.asset, charter, wallet), 0}};
}

payments::Payment parse_payment(const PaymentText& text, const Charter& charter, const Wallet& wallet)
{
    auto payment = parse_spend_all(text, charter, wallet);
    const auto& asset = payment.amount.asset();
    payment.amount = Amount{asset, parse_decimal(text.amount, charter.decimals(asset))};
    if (payment.amount.base_units().is_zero())
        throw Error{ErrorCode::amount_range, "amount " + coffer::quoted(text.amount) + " is nothing"};
    return payment;
}

console::CommandResult propose(console::Invocation& invocation, Home& home, const Wallet& wallet, const Purpose& purpose,
                               const std::vector<std::string>& memos, const Builder& build)
{
    HomeBooks books{home};
    RequestService service{books};
    service.expire_overdue();
    const auto opened = recording_refusals(home, invocation.command().name, std::nullopt, [&, wallet_id = wallet.id] {
        return build_and_open(invocation, home, service, wallet_id, purpose, memos, build);
    });
    const auto& charter = home.chain().charter();
    const auto id = short_id(service, opened.id());
    console::CommandResult result;
    result.document = describe_request(opened, charter);
    result.text = {"Request " + format_uuid(opened.id()) + " opened.  " + requests::fingerprint(opened.judgement.open.digest), ""};
    for (auto& line : request_in_words(opened, charter))
        result.text.push_back(std::move(line));
    result.text.push_back("");
    result.text.push_back(approvals_in_words(opened));
    result.next = {opened.judgement.approvals.reached ? "coffer export " + id + " --out FILE" : "coffer approve " + id};
    return result;
}

console::CommandResult propose_payout(console::Invocation& invocation, Home& home, const Wallet& wallet, const Payout& payout)
{
    const auto client = client_for_building(invocation, home.config(), home.chain().charter().chain(wallet.chain));
    return propose(invocation, home, wallet, {.order = invocation.find("order")}, payout.memos, [&, wallet_id = wallet.id](const Room& room) {
        const auto& charter = home.chain().charter();
        const auto& chain = charter.chain(charter.wallet(wallet_id).chain);
        auto built = client->build({.charter = charter,
                                    .wallet = charter.wallet(wallet_id),
                                    .payments = payout.payments,
                                    .spend_all = payout.spend_all,
                                    .max_fee = room.max_fee,
                                    .reserved = room.reserved,
                                    .inputs = invocation.has("utxo") ? invocation.all("utxo") : std::vector<std::string>{},
                                    .feerate = chosen_feerate(invocation, chain),
                                    .next_change = room.next_change,
                                    .ladder = chosen_ladder(invocation, chain)});
        return BuiltPayloads{std::move(built.payloads), built.height};
    });
}

} // namespace coffer::cli
