#include "core/artefacts/key_export.h"

#include "core/base/error.h"
#include "core/base/text.h"

namespace coffer::artefacts {

namespace {

constexpr std::size_t most_text_bytes = 512;

std::string take_text(BodyReader& reader, std::uint64_t field, std::string_view name)
{
    const auto& text = reader.take(field, name).text(name);
    if (text.empty() || text.size() > most_text_bytes || escaped(text) != text)
        throw Error{ErrorCode::malformed, "export: " + std::string{name} + " " + quoted(text) +
                                              " is empty, over 512 bytes, or has control characters"};
    return text;
}

} // namespace

Artefact encode(const KeyExport& key_export)
{
    return {Kind::export_, encode_body(key_export.header, {{2, key_export.appliance.format()},
                                                           {3, key_export.key},
                                                           {4, key_export.origin},
                                                           {5, key_export.public_key},
                                                           {6, key_export.family}})};
}

KeyExport decode_key_export(const Artefact& artefact)
{
    BodyReader reader{artefact, Kind::export_};
    KeyExport key_export{.header = reader.header(),
                         .appliance = ApprovalKey::parse(take_text(reader, 2, "appliance key")),
                         .key = take_text(reader, 3, "key id"),
                         .origin = take_text(reader, 4, "origin"),
                         .public_key = take_text(reader, 5, "public key"),
                         .family = take_text(reader, 6, "chain family")};
    reader.finish();
    if (!is_identifier(key_export.key))
        throw Error{ErrorCode::malformed, "export: key id " + quoted(key_export.key) + " is not an id"};
    // One spelling of the key, so that two exports of one key never differ.
    if (encode(key_export).body() != artefact.body())
        throw Error{ErrorCode::canon, "export: the body is not in its one encoding"};
    return key_export;
}

KeyExport verify_key_export(const Artefact& artefact)
{
    auto key_export = decode_key_export(artefact);
    if (!artefact.is_signed_by(key_export.appliance))
        throw Error{ErrorCode::sig_verify, "export of key " + key_export.key + ": appliance key " +
                                               key_export.appliance.format() + " did not sign it"};
    return key_export;
}

} // namespace coffer::artefacts
