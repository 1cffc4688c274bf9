#pragma once

#include "core/requests/head.h"
#include "core/requests/judgement.h"
#include "formats/evm/builder.h"
#include "formats/evm/encode.h"
#include "tests/support/described.h"
#include "tests/support/treasury.h"

#include <functional>

/// Requests and votes of the example treasury, with every field open to a hostile hand.
namespace coffer::test {

constexpr UtcTime working_day = founding_day + days(1);

/// One EVM payload.
struct Transfer {
    std::string to = "exchange"; ///< whose address: address_named(to), or a wallet's id
    Uint256 amount = ether(5);
    std::string token{}; ///< `USDC`; empty for the coin
    std::uint64_t nonce = 0;
    std::uint64_t chain_id = 1;
    Uint256 fee_per_gas = 20'000'000'000;
    std::uint64_t gas = 60'000;
};

inline Bytes payload_of(const Transfer& transfer, const charter::Charter& charter)
{
    const auto* wallet = charter.find_wallet(transfer.to);
    const auto recipient = wallet != nullptr ? wallet->address : address_named(transfer.to);
    return evm::encode_unsigned(evm::build_transfer(
        {.chain_id = transfer.chain_id,
         .nonce = transfer.nonce,
         .gas_limit = transfer.gas,
         .max_fee_per_gas = transfer.fee_per_gas,
         .max_priority_fee_per_gas = Uint256{1'000'000'000},
         .recipient = evm::Address::from(recipient),
         .amount = transfer.amount,
         .token = transfer.token.empty() ? std::nullopt : std::optional{evm::Address::from(address_named(transfer.token))}}));
}

/// A request before it is signed, and who signs it.
struct Draft {
    std::string requester = "alice";
    std::string wallet = "eth-cold";
    std::vector<Transfer> transfers = {Transfer{}};
    UtcTime created = working_day;
    Duration life = hours(24);
    std::string signer{}; ///< the requester unless named
    std::function<void(requests::Request&)> edit = [](requests::Request&) {};
};

inline requests::Submission submission(const charter::PolicyChain& chain, const Draft& draft = {})
{
    const auto& charter = chain.charter();
    const auto& wallet = charter.wallet(draft.wallet);
    requests::Request request{.header = charter.header,
                              .position = chain.position(),
                              .id = make_request_id(draft.created, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}),
                              .kind = charter::RequestKind::transfer,
                              .wallet = draft.wallet,
                              .payloads = {},
                              .payment = {},
                              .replaces = std::nullopt,
                              .height = 19'000'000,
                              .requester = draft.requester,
                              .created = draft.created,
                              .expires = draft.created + draft.life};
    requests::Submission result;
    requests::Payloads payloads;
    for (const auto& transfer : draft.transfers) {
        result.payloads.push_back(payload_of(transfer, charter));
        auto payload = chains::format_of(charter.chain(wallet.chain)).decode(result.payloads.back(), {charter, wallet});
        request.payloads.push_back(payload->digest());
        payloads.push_back(std::move(payload));
    }
    request.payment = payments::payment_digest(described(payloads));
    draft.edit(request);
    auto artefact = encode(request);
    artefact.sign(key_named(draft.signer.empty() ? draft.requester : draft.signer));
    result.request = artefact.encode();
    return result;
}

inline RequestDigest digest_of(const requests::Submission& submission)
{
    return requests::digest_of(artefacts::Artefact::decode(submission.request, artefacts::Kind::request));
}

/// A vote before it is signed, and who signs it.
struct Ballot {
    std::string officer;
    requests::VoteDecision decision = requests::VoteDecision::approve;
    UtcTime time = working_day + minutes(5);
    std::string signer{}; ///< the officer unless named
    std::function<void(requests::Vote&)> edit = [](requests::Vote&) {};
};

inline artefacts::Artefact vote(const charter::PolicyChain& chain, const RequestDigest& request, const Ballot& ballot)
{
    requests::Vote vote{.header = chain.charter().header,
                        .request = request,
                        .decision = ballot.decision,
                        .officer = ballot.officer,
                        .time = ballot.time,
                        .comment = std::nullopt,
                        .charter = chain.charter_hash(),
                        .position = chain.position(),
                        .heads = {}};
    ballot.edit(vote);
    auto artefact = encode(vote);
    artefact.sign(key_named(ballot.signer.empty() ? ballot.officer : ballot.signer));
    return artefact;
}

inline void add_votes(requests::Submission& submission, const charter::PolicyChain& chain, const std::vector<Ballot>& ballots)
{
    for (const auto& ballot : ballots)
        submission.votes.push_back(vote(chain, digest_of(submission), ballot).encode());
}

inline requests::Submission voted(const charter::PolicyChain& chain, const Draft& draft, const std::vector<Ballot>& ballots)
{
    auto result = submission(chain, draft);
    add_votes(result, chain, ballots);
    return result;
}

inline requests::Circumstances circumstances(UtcTime now = working_day + hours(1))
{
    return {.clock = now, .latest = now, .known_for = hours(24), .earlier_rejections = {}};
}

} // namespace coffer::test
