#include "core/artefacts/key_export.h"

#include "tests/support/decoding.h"
#include "tests/support/vectors.h"

namespace coffer::artefacts {
namespace {

crypto::Ed25519PrivateKey identity(std::uint8_t seed)
{
    return crypto::Ed25519PrivateKey{SecretBytes::copy_of(Bytes(32, seed))};
}

KeyExport example()
{
    return {.header = {Environment::test, TreasuryId{}},
            .appliance = ApprovalKey{identity(7).public_key()},
            .key = "k1",
            .origin = "[d34db33f/44h/60h/0h]",
            .public_key = "xpub-as-text",
            .family = "evm"};
}

Artefact signed_example()
{
    auto artefact = encode(example());
    artefact.sign(identity(7));
    return artefact;
}

TEST(KeyExport, ComesBackAsItWasEncoded)
{
    const auto artefact = Artefact::decode(signed_example().encode(), Kind::export_);
    EXPECT_EQ(verify_key_export(artefact), example());
}

TEST(KeyExport, RefusesCutAndTrailing)
{
    test::expect_refuses_cut_and_trailing(signed_example().encode(), [](ByteView bytes) {
        return verify_key_export(Artefact::decode(bytes, Kind::export_));
    });
}

TEST(KeyExport, RefusesAnotherKeysSignatureAndNone)
{
    auto artefact = encode(example());
    EXPECT_ERROR(verify_key_export(artefact), ErrorCode::sig_verify);
    artefact.sign(identity(8));
    EXPECT_ERROR(verify_key_export(artefact), ErrorCode::sig_verify);
}

TEST(KeyExport, RefusesABodyThatWasChangedAfterSigning)
{
    const auto good = signed_example();
    auto changed = example();
    changed.public_key = "xpub-of-a-thief";
    auto forged = encode(changed);
    forged.add_signature(good.signatures().front());
    EXPECT_ERROR(verify_key_export(forged), ErrorCode::sig_verify);
}

TEST(KeyExport, RefusesFieldsThatAreNone)
{
    auto control = example();
    control.origin = "[\x1b[2J]";
    EXPECT_ERROR(decode_key_export(encode(control)), ErrorCode::malformed);
    auto no_id = example();
    no_id.key = "K 1";
    EXPECT_ERROR(decode_key_export(encode(no_id)), ErrorCode::malformed);
    auto empty = example();
    empty.family.clear();
    EXPECT_ERROR(decode_key_export(encode(empty)), ErrorCode::malformed);
}

TEST(KeyExport, RefusesUnknownFieldsAndAnotherSpellingOfTheKey)
{
    const auto& own = example();
    const cbor::Value::Map fields{{2, own.appliance.format()}, {3, own.key}, {4, own.origin},
                                  {5, own.public_key},    {6, own.family}};
    auto unknown = fields;
    unknown.emplace_back(7, 1);
    EXPECT_ERROR(decode_key_export({Kind::export_, encode_body(own.header, unknown)}), ErrorCode::malformed);
    auto spelled = fields;
    auto upper = own.appliance.format();
    for (auto& c : std::span{upper}.subspan(8))
        c = static_cast<char>(c >= 'a' ? c - 32 : c);
    spelled[0].second = upper;
    EXPECT_ERROR(decode_key_export({Kind::export_, encode_body(own.header, spelled)}), ErrorCode::canon);
    EXPECT_ERROR(decode_key_export({Kind::head, encode_body(own.header, fields)}), ErrorCode::type);
}

} // namespace
} // namespace coffer::artefacts
