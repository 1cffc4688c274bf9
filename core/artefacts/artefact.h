#pragma once

#include "core/artefacts/approval_key.h"
#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/encoding/cbor.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::artefacts {

/// What an artefact is; the envelope's field 0 is `coffer-` and this name.
enum class Kind { export_, charter, entry, request, vote, review, bundle, receipt, head, transcript };

std::string_view name_of(Kind kind);

enum class Environment { production, test, rehearsal };

std::string_view name_of(Environment environment);
/// Throws Error{malformed}.
Environment parse_environment(std::string_view name);

/// "coffer/v1/KIND" 00 `body`: what is hashed and signed (PROTOCOL 1).
Bytes domain_separated(std::string_view kind, ByteView body);

struct Signature {
    KeyId key;
    Bytes signature;
    bool operator==(const Signature&) const = default;
};

/// The envelope `{0: type, 1: version, 2: body, 3: [[key id, signature], …]}` of every artefact of
/// our own (PROTOCOL 1). The body is kept as the bytes that were received: signatures and the hash
/// are over those, and adding a signature never changes the hash.
class Artefact {
public:
    Artefact(Kind kind, Bytes body) : m_kind{kind}, m_body{std::move(body)} {}

    /// Errors: those of cbor::decode; `type` for another kind; `canon` unless encoding again gives
    /// the same bytes; `limit` above 64 MiB for bundles and reviews, 1 MiB for everything else.
    static Artefact decode(ByteView bytes, Kind expected);
    /// Any kind; for `inspect`.
    static Artefact decode_any(ByteView bytes);
    /// True when the bytes begin like an envelope of ours.
    static bool looks_like_one(ByteView bytes);

    /// Throws Error{limit} for what decode() would refuse as too large.
    Bytes encode() const;

    Kind kind() const { return m_kind; }
    const Bytes& body() const { return m_body; }
    const std::vector<Signature>& signatures() const { return m_signatures; }

    /// SHA-256 over domain and body.
    ByteArray<32> hash() const;
    /// What a signature of this artefact is over.
    Bytes signed_message() const;

    /// Adds or replaces this key's signature; keeps the list sorted by key id.
    void add_signature(Signature signature);
    void sign(const crypto::Ed25519PrivateKey& key);
    /// The signature of this key when there is one and it verifies.
    bool is_signed_by(const ApprovalKey& key) const;

private:
    Kind m_kind;
    Bytes m_body;
    std::vector<Signature> m_signatures;
};

/// Fields 0 and 1 of every body.
struct BodyHeader {
    Environment environment = Environment::test;
    TreasuryId treasury;
    bool operator==(const BodyHeader&) const = default;
};

/// Opens a body and reads its header; the caller takes the other fields and finishes.
/// Errors: `type` for another kind; those of cbor::decode; `canon` for text that is not in Normalization Form C; `malformed`
/// for a treasury id of zero in anything but an export or a transcript.
class BodyReader {
public:
    BodyReader(const Artefact& artefact, Kind expected);
    BodyReader(const BodyReader&) = delete;
    BodyReader& operator=(const BodyReader&) = delete;

    const BodyHeader& header() const { return m_header; }
    const cbor::Value& take(std::uint64_t key, std::string_view name) { return m_reader.take(key, name); }
    const cbor::Value* take_optional(std::uint64_t key) { return m_reader.take_optional(key); }
    void finish() const { m_reader.finish(); }

private:
    cbor::Value m_body;
    cbor::MapReader m_reader;
    BodyHeader m_header;
};

/// Seconds since 1970, at most those of the year 9999. Throws Error{malformed}.
UtcTime read_time(const cbor::Value& value, std::string_view what);

/// A body with its header in place.
Bytes encode_body(const BodyHeader& header, cbor::Value::Map fields);

/// Throws Error{env} unless environment and treasury are the expected ones.
void require_header(const BodyHeader& found, const BodyHeader& expected, std::string_view what);

} // namespace coffer::artefacts
