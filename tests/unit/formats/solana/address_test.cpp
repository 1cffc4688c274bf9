#include "formats/solana/address.h"

#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

namespace coffer::solana {
namespace {

TEST(SolanaAddress, FollowsTheVectors)
{
    for (const auto& vector : test::load_vectors("sol_address.json")) {
        SCOPED_TRACE(vector.name() + " " + vector.text("address"));
        if (vector.is_invalid()) {
            EXPECT_ERROR(parse_address(vector.text("address")), vector.error_code());
            continue;
        }
        const auto address = parse_address(vector.text("address"));
        EXPECT_EQ(format_address(address), vector.text("address"));
        if (vector.kind() == "key") {
            const crypto::Ed25519PrivateKey key{SecretBytes::copy_of(vector.bytes("seed"))};
            EXPECT_EQ(address_of(key.public_key()), address);
            EXPECT_EQ(encoding::encode_hex(address.bytes()), vector.text("public_key"));
        }
    }
}

TEST(SolanaAddress, HasFrom32To44Characters)
{
    EXPECT_EQ(format_address(Address{}), "11111111111111111111111111111111");
    ByteArray<32> highest;
    highest.fill(0xff);
    EXPECT_EQ(format_address(Address{highest}).size(), 44U);
    EXPECT_EQ(parse_address(format_address(Address{highest})), Address{highest});
    EXPECT_ERROR(parse_address("JEKNVnkbo3jma5nREBBJCDoXFVeKkD56V3xKrvRmWxFH"), ErrorCode::malformed); // 2^256
}

} // namespace
} // namespace coffer::solana
