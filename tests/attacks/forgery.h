#pragma once

#include "core/artefacts/artefact.h"
#include "tests/attacks/json.h"

namespace coffer::test::attacks {

/// The signatures of one body over another: the body edited after it was signed.
artefacts::Artefact with_body(const artefacts::Artefact& artefact, const Json& edits);
/// Ed25519 signatures with S + L instead of S: the same point, another encoding (RFC 8032, 5.1.7 forbids it).
artefacts::Artefact malleated(artefacts::Artefact artefact);

} // namespace coffer::test::attacks
