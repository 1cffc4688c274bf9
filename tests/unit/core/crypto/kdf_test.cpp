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

TEST(Kdf, Argon2CostGrowsWithTheMachine)
{
    using std::chrono::milliseconds;
    const auto cost = [](int at_floor) { return argon2_cost_for(milliseconds{1000}, milliseconds{at_floor}); };
    EXPECT_EQ(cost(100'000), argon2_floor) << "a slow machine takes the floor";
    EXPECT_EQ(cost(501), (Argon2Cost{64 * 1024, 5}));
    EXPECT_EQ(cost(500), (Argon2Cost{128 * 1024, 3}));
    EXPECT_EQ(cost(250), (Argon2Cost{256 * 1024, 3}));
    EXPECT_EQ(cost(100), (Argon2Cost{most_measured_memory_kib, 7}));
    EXPECT_EQ(cost(1), (Argon2Cost{most_measured_memory_kib, argon2_ceiling.passes}));
    EXPECT_EQ(cost(0), argon2_floor) << "what was not measured";
    EXPECT_EQ(cost(-5), argon2_floor) << "what went backwards";
    for (int at_floor = 1; at_floor <= 1000; ++at_floor) {
        const auto chosen = cost(at_floor);
        const auto expected = at_floor * static_cast<double>(chosen.memory_kib) / argon2_floor.memory_kib * chosen.passes / argon2_floor.passes;
        EXPECT_LE(expected, 1000);
        if (chosen.passes != argon2_ceiling.passes)
            EXPECT_GT(expected, 740) << at_floor;
    }
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
