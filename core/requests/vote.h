#pragma once

#include "core/artefacts/artefact.h"
#include "core/charter/position.h"

#include <optional>
#include <string>
#include <vector>

namespace coffer::requests {

enum class VoteDecision { approve, reject };

std::string_view name_of(VoteDecision decision);

/// An officer's signed yes or no to a request (PROTOCOL 3).
struct Vote {
    artefacts::BodyHeader header;
    RequestDigest request;
    VoteDecision decision = VoteDecision::approve;
    std::string officer;
    UtcTime time;
    std::optional<Hash256> comment; ///< SHA-256("coffer/v1/comment" 00 text)
    CharterHash charter;            ///< that the officer's side judged by
    charter::Position position;     ///< of the policy chain there
    std::vector<Bytes> heads;       ///< `coffer-head` artefacts of appliances that the officer verified
    bool operator==(const Vote&) const = default;
};

artefacts::Artefact encode(const Vote& vote);
Vote decode_vote(const artefacts::Artefact& artefact);
Hash256 hash_comment(std::string_view comment);

} // namespace coffer::requests
