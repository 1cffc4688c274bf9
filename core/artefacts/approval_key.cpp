#include "core/artefacts/approval_key.h"

#include "core/artefacts/artefact.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/hash.h"
#include "core/encoding/cbor.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::artefacts {

namespace {
constexpr std::string_view algorithm = "ed25519";

KeyId id_of(const crypto::Ed25519PublicKey& key)
{
    const auto encoded = cbor::encode(cbor::Value{cbor::Value::Array{std::string{algorithm}, key.bytes()}});
    const auto hash = crypto::sha256(domain_separated("key", encoded));
    ByteArray<16> id{};
    std::ranges::copy_n(hash.begin(), id.size(), id.begin());
    return KeyId{id};
}

} // namespace

ApprovalKey::ApprovalKey(const crypto::Ed25519PublicKey& key) : m_key{key}, m_id{id_of(key)} {}

ApprovalKey ApprovalKey::parse(std::string_view text)
{
    const auto colon = text.find(':');
    if (text.substr(0, colon) != algorithm || colon == std::string_view::npos)
        throw Error{ErrorCode::malformed, "key " + quoted(text) + " is not of the form ed25519:<64 hex digits>"};
    return ApprovalKey{crypto::Ed25519PublicKey::decode(encoding::decode_hex(text.substr(colon + 1)))};
}

std::string ApprovalKey::format() const
{
    return std::string{algorithm} + ":" + encoding::encode_hex(m_key.bytes());
}

bool ApprovalKey::verify(ByteView message, ByteView signature) const
{
    if (signature.size() != 64)
        return false;
    return crypto::verify_ed25519(m_key, message, to_array<64>(signature, "signature"));
}

} // namespace coffer::artefacts
