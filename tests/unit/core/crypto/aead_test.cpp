#include "core/crypto/aead.h"

#include "tests/support/vectors.h"

namespace coffer::crypto {
namespace {

TEST(XChaCha20Poly1305, FollowsWycheproof)
{
    for (const auto& vector : test::load_vectors("wycheproof_xchacha20_poly1305.json")) {
        SCOPED_TRACE(vector.name());
        if (vector.number("iv_size") != 192)
            continue; // other nonce sizes cannot be expressed
        const auto key = SecretBytes::copy_of(vector.bytes("key"));
        const auto nonce = to_array<24>(vector.bytes("iv"), "nonce");
        const auto associated_data = vector.bytes("aad");
        auto ciphertext = vector.bytes("ct");
        append(ciphertext, vector.bytes("tag"));

        const auto opened = xchacha20_poly1305_open(key, nonce, associated_data, ciphertext);
        ASSERT_EQ(opened.has_value(), !vector.is_invalid());
        if (!opened)
            continue;
        EXPECT_TRUE(equal(opened->reveal(), vector.bytes("msg")));
        EXPECT_EQ(xchacha20_poly1305_seal(key, nonce, associated_data, *opened), ciphertext);
    }
}

TEST(XChaCha20Poly1305, OpensNothingThatWasCutOrChanged)
{
    const auto key = SecretBytes::copy_of(Bytes(32, 7));
    const ByteArray<24> nonce{1, 2, 3};
    const auto sealed = xchacha20_poly1305_seal(key, nonce, bytes_of("context"), SecretBytes::copy_of(bytes_of("text")));
    for (std::size_t size = 0; size < sealed.size(); ++size)
        EXPECT_FALSE(xchacha20_poly1305_open(key, nonce, bytes_of("context"), ByteView{sealed}.first(size)));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] ^= 1;
        EXPECT_FALSE(xchacha20_poly1305_open(key, nonce, bytes_of("context"), changed));
    }
    EXPECT_FALSE(xchacha20_poly1305_open(key, nonce, bytes_of("contexT"), sealed));
    EXPECT_FALSE(xchacha20_poly1305_open(SecretBytes::copy_of(Bytes(32, 8)), nonce, bytes_of("context"), sealed));
}

} // namespace
} // namespace coffer::crypto
