#pragma once

#include "core/charter/entry.h"
#include "core/payments/payload.h"
#include "core/requests/judgement.h"

#include <string>
#include <vector>

namespace coffer::bundle {

/// A signature of another appliance or an outside signer that travels along.
struct CarriedSignature {
    std::uint32_t payload = 0;
    payments::TaskSignature signature;
    bool operator==(const CarriedSignature&) const = default;

    cbor::Value encode() const;
    static CarriedSignature decode(const cbor::Value& value);
};

struct CarriedRequest {
    requests::Submission submission;
    std::vector<CarriedSignature> signatures;
};

/// What crosses to the vault (PROTOCOL 8). It is unsigned: nothing in it is trusted.
struct Bundle {
    artefacts::BodyHeader header;
    std::vector<charter::Link> links; ///< of the policy chain, those that the appliance may lack
    Bytes online_head;                ///< `coffer-head` of the online log, or empty
    std::vector<Bytes> heads;         ///< the newest known `coffer-head` of each appliance
    std::vector<Bytes> pool;          ///< previous transactions
    std::vector<CarriedRequest> requests;
};

/// So that the receipt of every bundle fits into its 1 MiB.
constexpr std::size_t most_requests = 4'000;
constexpr std::size_t most_payloads = 4'000;
/// Signatures of others over all requests: each costs a verification.
constexpr std::size_t most_carried_signatures = 10'000;

artefacts::Artefact encode(const Bundle& bundle);
Bundle decode_bundle(const artefacts::Artefact& artefact);

/// What an officer's own machine votes on: one request of a home, with the whole policy chain.
struct Review {
    artefacts::BodyHeader header;
    std::vector<charter::Link> links; ///< from link 0 on
    std::vector<Bytes> heads;
    CarriedRequest request;
};

artefacts::Artefact encode(const Review& review);
Review decode_review(const artefacts::Artefact& artefact);

} // namespace coffer::bundle
