#pragma once

#include "formats/bundle/bundle.h"

#include <optional>
#include <string>
#include <vector>

namespace coffer::bundle {

enum class Outcome { signed_, refused, declined };

std::string_view name_of(Outcome outcome);

/// What became of one request in the vault.
struct Result {
    RequestDigest request;
    Outcome outcome = Outcome::refused;
    std::string code; ///< error code, empty when signed
    std::vector<CarriedSignature> signatures;
};

/// RFC 9162 consistency of the appliance's log from a head that the bundle showed to the head of the receipt.
struct Consistency {
    std::uint64_t from_size = 0;
    std::vector<Hash256> path;
};

/// What crosses back (PROTOCOL 8), signed by the appliance's identity key.
struct Receipt {
    artefacts::BodyHeader header;
    BundleDigest bundle;
    std::string appliance;
    UtcTime time;
    std::vector<Result> results;
    charter::Position position;
    std::vector<std::string> findings; ///< what the guard wants known: a clock that was set
    std::uint64_t log_size = 0;
    Hash256 log_root;
    std::optional<Consistency> consistency;
    /// The same size and root as a `coffer-head` that the appliance signed, since votes and later
    /// bundles carry heads and not receipts; empty when there is none.
    Bytes head;
};

artefacts::Artefact encode(const Receipt& receipt);
Receipt decode_receipt(const artefacts::Artefact& artefact);

} // namespace coffer::bundle
