#include "core/artefacts/artefact.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/hash.h"
#include "core/encoding/hex.h"

#include <algorithm>
#include <array>

namespace coffer::artefacts {

namespace {

constexpr std::array kinds = {Kind::export_, Kind::charter, Kind::entry,   Kind::request, Kind::vote,
                              Kind::review,  Kind::bundle,  Kind::receipt, Kind::head,    Kind::transcript};
constexpr std::uint64_t envelope_version = 1;
constexpr std::size_t most_large_bytes = 64 * 1024 * 1024;
constexpr std::size_t most_bytes = 1024 * 1024;
constexpr std::size_t most_signatures = 1024;
constexpr std::string_view type_prefix = "coffer-";

bool is_large(Kind kind)
{
    return kind == Kind::bundle || kind == Kind::review;
}

std::size_t most_bytes_of(Kind kind)
{
    return is_large(kind) ? most_large_bytes : most_bytes;
}

void require_size(Kind kind, std::size_t size)
{
    if (size > most_bytes_of(kind))
        throw Error{ErrorCode::limit, std::string{name_of(kind)} + " has " + std::to_string(size) +
                                          " bytes, over the limit of " + std::to_string(most_bytes_of(kind))};
}

void require_kind(Kind found, Kind expected)
{
    if (found != expected)
        throw Error{ErrorCode::type, "this is a coffer-" + std::string{name_of(found)} + ", not a coffer-" +
                                         std::string{name_of(expected)}};
}

/// Exports and transcripts are made before a pin, too (PROTOCOL 1).
bool may_lack_treasury(Kind kind)
{
    return kind == Kind::export_ || kind == Kind::transcript;
}

/// All text is in Normalization Form C (PROTOCOL 1): two spellings of one name would be two byte strings.
void require_nfc(const cbor::Value& value)
{
    if (value.is_text()) {
        if (!is_nfc(value.text("text")))
            throw Error{ErrorCode::canon, "text " + quoted(value.text("text")) + " is not in Unicode normal form C"};
    } else if (value.is_array()) {
        for (const auto& item : value.array("array"))
            require_nfc(item);
    } else if (value.is_map()) {
        for (const auto& [key, item] : value.map_entries("map"))
            require_nfc(item);
    }
}

cbor::Limits body_limits(Kind kind)
{
    return {.most_bytes = most_bytes_of(kind), .most_depth = 8};
}

cbor::Value decode_body(const Artefact& artefact, Kind expected)
{
    require_kind(artefact.kind(), expected);
    return cbor::decode(artefact.body(), body_limits(expected));
}

std::optional<Kind> find_kind(std::string_view type)
{
    if (!type.starts_with(type_prefix))
        return std::nullopt;
    for (const auto kind : kinds)
        if (name_of(kind) == type.substr(type_prefix.size()))
            return kind;
    return std::nullopt;
}

} // namespace

std::string_view name_of(Kind kind)
{
    switch (kind) {
    case Kind::export_: return "export";
    case Kind::charter: return "charter";
    case Kind::entry: return "entry";
    case Kind::request: return "request";
    case Kind::vote: return "vote";
    case Kind::review: return "review";
    case Kind::bundle: return "bundle";
    case Kind::receipt: return "receipt";
    case Kind::head: return "head";
    case Kind::transcript: return "transcript";
    }
    fatal("artefact kind without a name");
}

std::string_view name_of(Environment environment)
{
    switch (environment) {
    case Environment::production: return "production";
    case Environment::test: return "test";
    case Environment::rehearsal: return "rehearsal";
    }
    fatal("environment without a name");
}

Environment parse_environment(std::string_view name)
{
    for (const auto environment : {Environment::production, Environment::test, Environment::rehearsal})
        if (name_of(environment) == name)
            return environment;
    throw Error{ErrorCode::malformed, "environment " + quoted(name) + " is none of production, test, rehearsal"};
}

Bytes domain_separated(std::string_view kind, ByteView body)
{
    Bytes message;
    message.reserve(body.size() + 32);
    append(message, bytes_of("coffer/v1/"));
    append(message, bytes_of(kind));
    message.push_back(0);
    append(message, body);
    return message;
}

Artefact Artefact::decode(ByteView bytes, Kind expected)
{
    require_size(expected, bytes.size());
    auto artefact = decode_any(bytes);
    require_kind(artefact.kind(), expected);
    return artefact;
}

Artefact Artefact::decode_any(ByteView bytes)
{
    const auto value = cbor::decode(bytes, {.most_bytes = most_large_bytes, .most_depth = 8});
    cbor::MapReader reader{value, "artefact"};
    const auto& type = reader.take(0, "type").text("type");
    const auto kind = find_kind(type);
    if (!kind)
        throw Error{ErrorCode::type, "artefact type " + quoted(type) + " is unknown"};
    const auto version = reader.take(1, "version").number("version");
    if (version != envelope_version)
        throw Error{ErrorCode::type, "version " + std::to_string(version) + " of " + type + " is unknown",
                    "a newer program made it; this one understands version 1"};
    Artefact artefact{*kind, reader.take(2, "body").bytes("body")};
    const auto& signatures = reader.take(3, "signatures").array("signatures");
    reader.finish();
    require_size(*kind, bytes.size());
    if (signatures.size() > most_signatures)
        throw Error{ErrorCode::limit, type + " carries " + std::to_string(signatures.size()) + " signatures"};
    for (const auto& item : signatures) {
        const auto& pair = item.array("signature");
        if (pair.size() != 2)
            throw Error{ErrorCode::malformed, "signature has " + std::to_string(pair.size()) + " parts, not 2"};
        Signature signature{KeyId{pair[0].array_of<16>("key id")}, pair[1].bytes("signature")};
        if (!artefact.m_signatures.empty() && artefact.m_signatures.back().key >= signature.key)
            throw Error{ErrorCode::canon, "signatures are not sorted by key id, one entry a key"};
        artefact.m_signatures.push_back(std::move(signature));
    }
    if (!equal(artefact.encode(), bytes))
        throw Error{ErrorCode::canon, type + " is not in its one encoding"};
    return artefact;
}

bool Artefact::looks_like_one(ByteView bytes)
{
    // a4 (map of 4) 00 (key 0) 6x|78 (text)
    return bytes.size() > 16 && bytes[0] == 0xa4 && bytes[1] == 0x00 && (bytes[2] & 0xe0) == 0x60 &&
           text_of(bytes.subspan(3, type_prefix.size())) == type_prefix;
}

Bytes Artefact::encode() const
{
    cbor::Value::Array signatures;
    for (const auto& signature : m_signatures)
        signatures.push_back(cbor::Value::Array{signature.key.bytes(), signature.signature});
    auto bytes = cbor::encode(cbor::Value::map({{0, std::string{type_prefix} + std::string{name_of(m_kind)}},
                                                {1, envelope_version},
                                                {2, m_body},
                                                {3, std::move(signatures)}}));
    require_size(m_kind, bytes.size());
    return bytes;
}

ByteArray<32> Artefact::hash() const
{
    return crypto::sha256(signed_message());
}

Bytes Artefact::signed_message() const
{
    return domain_separated(name_of(m_kind), m_body);
}

void Artefact::add_signature(Signature signature)
{
    const auto place = std::ranges::lower_bound(m_signatures, signature.key, {}, &Signature::key);
    if (place != m_signatures.end() && place->key == signature.key)
        *place = std::move(signature);
    else
        m_signatures.insert(place, std::move(signature));
}

void Artefact::sign(const crypto::Ed25519PrivateKey& key)
{
    const auto signature = key.sign(signed_message());
    add_signature({ApprovalKey{key.public_key()}.id(), {signature.begin(), signature.end()}});
}

bool Artefact::is_signed_by(const ApprovalKey& key) const
{
    const auto place = std::ranges::lower_bound(m_signatures, key.id(), {}, &Signature::key);
    return place != m_signatures.end() && place->key == key.id() && key.verify(signed_message(), place->signature);
}

BodyReader::BodyReader(const Artefact& artefact, Kind expected)
    : m_body{decode_body(artefact, expected)}, m_reader{m_body, name_of(expected)}
{
    m_header.environment = parse_environment(m_reader.take(0, "environment").text("environment"));
    m_header.treasury = TreasuryId{m_reader.take(1, "treasury id").array_of<32>("treasury id")};
    if (m_header.treasury.is_zero() && !may_lack_treasury(artefact.kind()))
        throw Error{ErrorCode::malformed, std::string{name_of(artefact.kind())} + " is of no treasury: its id is zero"};
    require_nfc(m_body);
}

UtcTime read_time(const cbor::Value& value, std::string_view what)
{
    constexpr std::uint64_t latest_second = 253402300799; // 9999-12-31T23:59:59Z
    const auto seconds = value.number(what);
    if (seconds > latest_second)
        throw Error{ErrorCode::malformed, std::string{what} + " " + std::to_string(seconds) + " is after the year 9999"};
    return {static_cast<std::int64_t>(seconds)};
}

Bytes encode_body(const BodyHeader& header, cbor::Value::Map fields)
{
    fields.emplace_back(0, std::string{name_of(header.environment)});
    fields.emplace_back(1, header.treasury.bytes());
    return cbor::encode(cbor::Value::map(std::move(fields)));
}

void require_header(const BodyHeader& found, const BodyHeader& expected, std::string_view what)
{
    if (found.environment != expected.environment)
        throw Error{ErrorCode::env, std::string{what} + " is of environment " + std::string{name_of(found.environment)} +
                                        ", this is " + std::string{name_of(expected.environment)}};
    if (found.treasury != expected.treasury)
        throw Error{ErrorCode::env, std::string{what} + " is of treasury " + encoding::encode_hex(found.treasury.bytes()) +
                                        ", this is " + encoding::encode_hex(expected.treasury.bytes())};
}

} // namespace coffer::artefacts
