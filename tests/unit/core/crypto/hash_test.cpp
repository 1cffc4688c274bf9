#include "core/crypto/hash.h"

#include "core/encoding/hex.h"

#include <gtest/gtest.h>

namespace coffer::crypto {
namespace {

using encoding::decode_hex;
using encoding::encode_hex;

// FIPS 180-4 examples; RIPEMD-160 of the designers' page.
TEST(Hash, GivesPublishedDigests)
{
    EXPECT_EQ(encode_hex(sha256(bytes_of("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(encode_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(encode_hex(sha512(bytes_of("abc"))),
              "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
              "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    EXPECT_EQ(encode_hex(ripemd160(bytes_of("abc"))), "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc");
    EXPECT_EQ(encode_hex(ripemd160({})), "9c1185a5c5e9fc54612808977ee8f548b2258d31");
    EXPECT_EQ(encode_hex(sha256d(bytes_of("hello"))), "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50");
    // The key of private key 1 (BIP-173 examples).
    EXPECT_EQ(encode_hex(hash160(decode_hex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"))),
              "751e76e8199196d454941c45d1b3a323f1433bd6");
}

TEST(Sha256, IsTheSameInPieces)
{
    Bytes message(1000);
    for (std::size_t i = 0; i < message.size(); ++i)
        message[i] = static_cast<std::uint8_t>(i);
    for (const std::size_t piece : {1U, 7U, 63U, 64U, 65U, 1000U}) {
        Sha256 hash;
        for (ByteView rest{message}; !rest.empty(); rest = rest.subspan(std::min(piece, rest.size())))
            hash.update(rest.first(std::min(piece, rest.size())));
        EXPECT_EQ(hash.finish(), sha256(message)) << piece;
    }
}

TEST(Sha256, CopiesGoTheirOwnWays)
{
    Sha256 first;
    first.update(bytes_of("ab"));
    auto second = first;
    EXPECT_EQ(first.update(bytes_of("c")).finish(), sha256(bytes_of("abc")));
    EXPECT_EQ(second.update(bytes_of("d")).finish(), sha256(bytes_of("abd")));
}

TEST(Sha256DeathTest, EndsTheProcessWhenFedAfterTheEnd)
{
    Sha256 hash;
    hash.finish();
    EXPECT_DEATH(hash.update(bytes_of("a")), "finished hash");
    EXPECT_DEATH(hash.finish(), "finished twice");
}

} // namespace
} // namespace coffer::crypto
