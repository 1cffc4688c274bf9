// The published vectors of coffer-protocol(5), read by the decoders; tests/tools makes the files.

#include "core/base/text.h"
#include "core/crypto/hash.h"
#include "core/requests/head.h"
#include "formats/bundle/receipt.h"
#include "tests/support/vectors.h"

namespace coffer::bundle {
namespace {

using artefacts::Artefact;
using artefacts::Kind;

Kind kind_named(std::string_view name)
{
    for (const auto kind : {Kind::charter, Kind::entry, Kind::request, Kind::vote, Kind::head, Kind::bundle, Kind::review, Kind::receipt})
        if (name_of(kind) == name)
            return kind;
    throw Error{ErrorCode::internal, "vector of kind " + quoted(name)};
}

/// Decodes whole, and gives what encoding again makes of it, without signatures.
Artefact again(const Artefact& artefact)
{
    switch (artefact.kind()) {
    case Kind::charter: return seal(charter::open(artefact));
    case Kind::entry: return encode_cancel(charter::decode_cancel(artefact));
    case Kind::request: return encode(requests::decode_request(artefact));
    case Kind::vote: return encode(requests::decode_vote(artefact));
    case Kind::head: return encode(requests::decode_head(artefact));
    case Kind::bundle: return encode(decode_bundle(artefact));
    case Kind::review: return encode(decode_review(artefact));
    case Kind::receipt: return encode(decode_receipt(artefact));
    case Kind::export_:
    case Kind::transcript: break;
    }
    throw Error{ErrorCode::internal, "artefact without a decoder"};
}

TEST(ProtocolVectors, AreWhatTheDecodersRead)
{
    for (const auto* set : {"charter", "request", "vote", "head", "cancel", "bundle", "review", "receipt"})
        for (const auto& vector : test::load_vectors("protocol/" + std::string{set} + ".json")) {
            SCOPED_TRACE(vector.name());
            const auto artefact = Artefact::decode(vector.bytes("artefact"), kind_named(vector.kind()));
            EXPECT_EQ(artefact.body(), vector.bytes("body"));
            EXPECT_EQ(to_bytes(artefact.hash()), vector.bytes("hash"));
            EXPECT_EQ(again(artefact).body(), artefact.body());
            EXPECT_EQ(artefact.signatures().size(), vector.count("seeds"));
            for (std::size_t i = 0; i < vector.count("seeds"); ++i) {
                const crypto::Ed25519PrivateKey key{SecretBytes::copy_of(vector.bytes("seeds." + std::to_string(i)))};
                EXPECT_TRUE(artefact.is_signed_by(artefacts::ApprovalKey{key.public_key()}));
            }
        }
}

TEST(ProtocolVectors, OfRefusedArtefactsAreRefusedWithTheirCode)
{
    for (const auto& vector : test::load_vectors("protocol/refused.json")) {
        SCOPED_TRACE(vector.text("case"));
        EXPECT_TRUE(vector.is_invalid());
        EXPECT_ERROR(again(Artefact::decode(vector.bytes("artefact"), kind_named(vector.kind()))), vector.error_code());
    }
}

} // namespace
} // namespace coffer::bundle
