#include "core/crypto/kdf.h"

#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

namespace coffer::crypto {
namespace {

TEST(Kdf, Pbkdf2HmacSha512FollowsWycheproof)
{
    for (const auto& vector : test::load_vectors("wycheproof_pbkdf2_hmacsha512.json")) {
        SCOPED_TRACE(vector.name());
        const auto key = pbkdf2_hmac_sha512(vector.bytes("password"), vector.bytes("salt"),
                                            static_cast<std::uint32_t>(vector.number("iterationCount")),
                                            vector.number("dkLen"));
        EXPECT_TRUE(equal(key.reveal(), vector.bytes("dk")));
    }
}

TEST(Kdf, Pbkdf2HmacSha256GivesThePublishedKeys)
{
    for (const auto& vector : test::load_vectors("pbkdf2_hmac_sha256.json")) {
        SCOPED_TRACE(vector.name());
        const auto key = pbkdf2_hmac_sha256(vector.bytes("password"), vector.bytes("salt"),
                                            static_cast<std::uint32_t>(vector.number("iterationCount")),
                                            vector.number("dkLen"));
        EXPECT_TRUE(equal(key.reveal(), vector.bytes("dk")));
    }
}

TEST(Kdf, HkdfSha256FollowsWycheproof)
{
    for (const auto& vector : test::load_vectors("wycheproof_hkdf_sha256.json")) {
        SCOPED_TRACE(vector.name());
        const auto derive = [&] {
            return hkdf_sha256(vector.bytes("ikm"), vector.bytes("salt"), vector.bytes("info"), vector.number("size"));
        };
        if (vector.is_invalid())
            EXPECT_ERROR(derive(), vector.error_code());
        else
            EXPECT_TRUE(equal(derive().reveal(), vector.bytes("okm")));
    }
}

TEST(Kdf, Argon2idGivesTheKnownAnswerOfTheSelfTest)
{
    EXPECT_TRUE(argon2id_gives_known_answer());
}

TEST(Kdf, Argon2idGivesTheReferencesKeys)
{
    for (const auto& vector : test::load_vectors("argon2id.json")) {
        SCOPED_TRACE(vector.name());
        const auto password = vector.text("password_utf8");
        const Argon2Cost cost{static_cast<std::uint32_t>(vector.number("memory_kib")),
                              static_cast<std::uint32_t>(vector.number("passes"))};
        const auto derive = [&] {
            return argon2id(SecretBytes::copy_of(bytes_of(password)),
                            to_array<16>(vector.bytes("salt"), "salt"), cost);
        };
        if (vector.is_invalid())
            EXPECT_ERROR(derive(), vector.error_code());
        else
            EXPECT_TRUE(equal(derive().reveal(), vector.bytes("output")));
    }
}

} // namespace
} // namespace coffer::crypto
