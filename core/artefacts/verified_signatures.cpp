#include "core/artefacts/verified_signatures.h"

#include "core/crypto/hash.h"

#include <algorithm>

namespace coffer::artefacts {

namespace {

constexpr std::size_t most_remembered = 10'000;

} // namespace

bool VerifiedSignatures::is_signed_by(const Artefact& artefact, const ApprovalKey& key)
{
    const auto signature = std::ranges::find(artefact.signatures(), key.id(), &Signature::key);
    if (signature == artefact.signatures().end())
        return false;
    const auto message = artefact.signed_message();
    // Only 64 bytes verify, so that no two triples have the same bytes.
    auto triple = to_bytes(key.ed25519().bytes());
    append(triple, signature->signature);
    append(triple, message);
    const auto digest = crypto::sha256(triple);
    if (signature->signature.size() == 64 && m_verified.contains(digest))
        return true;
    if (!key.verify(message, signature->signature))
        return false;
    if (m_verified.size() >= most_remembered)
        m_verified.clear();
    m_verified.insert(digest);
    return true;
}

} // namespace coffer::artefacts
