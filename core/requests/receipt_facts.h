#pragma once

#include "core/artefacts/artefact.h"
#include "core/audit/merkle.h"
#include "core/charter/entry.h"
#include "core/payments/payload.h"

#include <optional>
#include <string>
#include <vector>

namespace coffer::requests {

/// A signature that came back from a vault.
struct ReturnedSignature {
    std::uint32_t payload = 0;
    payments::TaskSignature signature;
};

/// What became of one request there; without signatures it was refused or declined.
struct ReturnedResult {
    RequestDigest request;
    std::string outcome; ///< `signed`, `refused`, `declined`
    std::string code;    ///< error code, empty when signed
    std::vector<ReturnedSignature> signatures;
};

/// A decoded receipt (formats/bundle) in the terms of this floor; nothing of it is verified yet.
struct ReceiptFacts {
    artefacts::Artefact artefact;
    artefacts::BodyHeader header;
    BundleDigest bundle;
    std::string appliance;
    UtcTime time;
    std::vector<ReturnedResult> results;
    charter::Position position;
    audit::Head log;
    std::optional<std::uint64_t> continues; ///< the size of the log that the consistency proof starts from
    std::vector<Hash256> proof;
    Bytes head; ///< `coffer-head` of `log`, or empty
};

} // namespace coffer::requests
