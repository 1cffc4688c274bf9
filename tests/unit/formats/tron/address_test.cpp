#include "formats/tron/address.h"

#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

namespace coffer::tron {
namespace {

TEST(TronAddress, FollowsTheVectors)
{
    for (const auto& vector : test::load_vectors("tron_address.json")) {
        SCOPED_TRACE(vector.name() + " " + vector.text("address"));
        if (vector.is_invalid()) {
            EXPECT_ERROR(parse_address(vector.text("address")), vector.error_code());
            continue;
        }
        const auto address = parse_address(vector.text("address"));
        EXPECT_EQ("41" + encoding::encode_hex(address.bytes()), vector.text("address_hex"));
        EXPECT_EQ(format_address(address), vector.text("address"));
        if (vector.has("private_key")) {
            const crypto::Secp256k1PrivateKey key{SecretBytes::copy_of(vector.bytes("private_key"))};
            EXPECT_EQ(address_of(key.public_key()), address);
            EXPECT_EQ(address_of(crypto::Secp256k1PublicKey::decode(vector.bytes("public_key"))), address);
        }
    }
}

TEST(TronAddress, RefusesEveryCutAndEveryChangedCharacter)
{
    const std::string address = "TUEZSdKsoDHQMeZwihtdoBiN46zxhGWYdH";
    for (std::size_t size = 0; size < address.size(); ++size)
        EXPECT_ERROR(parse_address(address.substr(0, size)), ErrorCode::malformed);
    EXPECT_ERROR(parse_address(address + "1"), ErrorCode::malformed);
    for (std::size_t i = 0; i < address.size(); ++i) {
        auto changed = address;
        changed[i] = changed[i] == '2' ? '3' : '2';
        EXPECT_THROW(parse_address(changed), Error);
    }
}

} // namespace
} // namespace coffer::tron
