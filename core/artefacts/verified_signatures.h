#pragma once

#include "core/artefacts/artefact.h"

#include <set>

namespace coffer::artefacts {

/// Signatures that have verified, so that whoever judges the same bytes several times pays for each once.
///
/// Remembers SHA-256 over key, signature and message, and nothing of what did not verify: other bytes, or
/// another key, are verified like new ones. Bounded; one thread uses it.
class VerifiedSignatures {
public:
    /// What `artefact.is_signed_by(key)` says.
    bool is_signed_by(const Artefact& artefact, const ApprovalKey& key);

private:
    std::set<ByteArray<32>> m_verified;
};

} // namespace coffer::artefacts
