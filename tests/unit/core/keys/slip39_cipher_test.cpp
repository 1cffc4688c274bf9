#include "core/keys/slip39_cipher.h"

#include "tests/support/shares.h"

namespace coffer::keys {
namespace {

ShareValue value_of(const SecretBytes& bytes)
{
    ShareValue value;
    std::ranges::copy(bytes.reveal(), value.reveal_mutable().begin());
    return value;
}

TEST(Slip39Cipher, GoesRoundAndHidesEverySize)
{
    for (std::size_t size = 16; size <= 32; size += 2)
        for (const bool extendable : {false, true}) {
            ShareHeader header;
            header.identifier = 99;
            header.extendable = extendable;
            const auto plain = value_of(test::random_secret(size, size));
            const auto hidden = encrypt_master_secret(plain, size, test::secret("p"), header);
            EXPECT_FALSE(equal(hidden.reveal().first(size / 2), plain.reveal().first(size / 2)));
            EXPECT_FALSE(equal(hidden.reveal().subspan(size / 2), plain.reveal().subspan(size / 2)));
            EXPECT_TRUE(equal(hidden.reveal().subspan(size), Bytes(32 - size, 0)));
            EXPECT_TRUE(equal(decrypt_master_secret(hidden, size, test::secret("p"), header).reveal(), plain.reveal()));
        }
}

TEST(Slip39CipherDeathTest, EndsTheProcessOnSizesThatCannotBe)
{
    EXPECT_DEATH(encrypt_master_secret({}, 34, {}, {}), "size");
    EXPECT_DEATH(encrypt_master_secret({}, 17, {}, {}), "size");
}

} // namespace
} // namespace coffer::keys
