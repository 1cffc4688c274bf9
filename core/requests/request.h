#pragma once

#include "core/artefacts/artefact.h"
#include "core/charter/position.h"
#include "core/charter/rule.h"

#include <optional>
#include <string>
#include <vector>

namespace coffer::requests {

/// One decision with one to many payloads in order (PROTOCOL 3).
struct Request {
    artefacts::BodyHeader header;
    charter::Position position; ///< of the policy chain when it was proposed
    RequestId id;
    charter::RequestKind kind = charter::RequestKind::transfer;
    std::string wallet;
    std::vector<PayloadDigest> payloads;
    PaymentDigest payment;
    std::optional<RequestDigest> replaces;
    std::optional<std::uint64_t> height; ///< chain height or slot seen
    std::optional<EntryHash> order{};    ///< the standing order that it is paid under, instead of votes
    std::string requester;               ///< officer id
    UtcTime created;
    UtcTime expires;
    bool operator==(const Request&) const = default;
};

constexpr std::size_t most_payloads = 1000;

/// Unsigned; the requester signs it.
artefacts::Artefact encode(const Request& request);
/// Errors: those of Artefact; `malformed` for fields, an id that is no UUIDv7 and a payload named twice; `limit` over 1000 payloads.
Request decode_request(const artefacts::Artefact& artefact);
/// The request's hash.
RequestDigest digest_of(const artefacts::Artefact& request);

/// Six words from the first 66 bits of the digest: `apple-river-seven-candle-north-violin`.
std::string fingerprint(const RequestDigest& digest);

} // namespace coffer::requests
