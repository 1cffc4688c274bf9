#pragma once

#include "core/charter/charter.h"
#include "core/requests/receipt_facts.h"
#include "core/requests/request_check.h"

#include <vector>

namespace coffer::cli {

/// True for what wallets of others hand around once they have signed, and no artefact of ours is.
bool is_foreign_artefact(ByteView bytes);

/// The verified signatures in such an artefact that are of a payload of this request; empty when there are none.
/// Throws what the chain's format throws for a signature that does not verify.
std::vector<requests::ReturnedSignature> foreign_signatures(const requests::CheckedRequest& request, const charter::Charter& charter, ByteView artefact);

} // namespace coffer::cli
