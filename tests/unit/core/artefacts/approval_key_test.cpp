#include "core/artefacts/approval_key.h"

#include "core/crypto/hash.h"
#include "core/encoding/hex.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

namespace coffer::artefacts {
namespace {

const std::string alice_text = test::approval_key_named("alice").format();

TEST(ApprovalKey, IsWrittenAndReadInOneForm)
{
    EXPECT_EQ(alice_text.size(), 8U + 64U);
    EXPECT_EQ(ApprovalKey::parse(alice_text), test::approval_key_named("alice"));
    EXPECT_NE(ApprovalKey::parse(alice_text), test::approval_key_named("bob"));
}

TEST(ApprovalKey, RefusesOtherText)
{
    const auto digits = alice_text.substr(8);
    for (const auto& text : {std::string{}, std::string{"ed25519"}, digits, "ed25519 " + digits, "ED25519:" + digits,
                             "rsa:" + digits, ":" + digits, "ed25519:" + digits.substr(1), "ed25519:x" + digits.substr(1)}) {
        SCOPED_TRACE(text);
        EXPECT_ERROR(ApprovalKey::parse(text), ErrorCode::malformed);
    }
    EXPECT_ERROR(ApprovalKey::parse("ed25519:"), ErrorCode::pubkey);
    EXPECT_ERROR(ApprovalKey::parse("ed25519:" + digits + "00"), ErrorCode::pubkey);
    EXPECT_ERROR(ApprovalKey::parse("ed25519:" + std::string(64, '0')), ErrorCode::pubkey);
}

TEST(ApprovalKey, IdIsTheFirstHalfOfTheHashOfAlgorithmAndKey)
{
    const auto key = test::approval_key_named("alice");
    // 82 (array of 2) 67 (text of 7) "ed25519" 58 20 (32 bytes)
    auto message = to_bytes(bytes_of("coffer/v1/key"));
    append(message, ByteArray<1>{0});
    append(message, ByteArray<2>{0x82, 0x67});
    append(message, bytes_of("ed25519"));
    append(message, ByteArray<2>{0x58, 0x20});
    append(message, key.ed25519().bytes());
    EXPECT_TRUE(equal(key.id().bytes(), ByteView{crypto::sha256(message)}.first(16)));
}

TEST(ApprovalKey, VerifiesItsOwnSignatureOverTheWholeMessage)
{
    const auto message = bytes_of("three words exactly");
    const auto signature = test::key_named("alice").sign(message);
    EXPECT_TRUE(test::approval_key_named("alice").verify(message, signature));
    EXPECT_FALSE(test::approval_key_named("bob").verify(message, signature));
    EXPECT_FALSE(test::approval_key_named("alice").verify(message.first(18), signature));
}

TEST(ApprovalKey, ASignatureOfAnotherLengthDoesNotVerify)
{
    const auto message = bytes_of("message");
    const auto signature = test::key_named("alice").sign(message);
    auto longer = to_bytes(signature);
    longer.push_back(0);
    EXPECT_FALSE(test::approval_key_named("alice").verify(message, longer));
    EXPECT_FALSE(test::approval_key_named("alice").verify(message, ByteView{signature}.first(63)));
    EXPECT_FALSE(test::approval_key_named("alice").verify(message, {}));
}

} // namespace
} // namespace coffer::artefacts
