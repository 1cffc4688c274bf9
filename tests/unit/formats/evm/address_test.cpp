#include "formats/evm/address.h"

#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

namespace coffer::evm {
namespace {

constexpr std::string_view good = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
constexpr std::string_view lower = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";

TEST(EvmAddress, FollowsThePublishedVectors)
{
    for (const auto& vector : test::load_vectors("eip55.json")) {
        const auto text = vector.text("address");
        SCOPED_TRACE(vector.name() + " " + text);
        if (vector.is_invalid()) {
            EXPECT_ERROR(parse_address(text, Checksum::required), vector.error_code());
            EXPECT_ERROR(parse_address(text, Checksum::optional), vector.error_code());
            continue;
        }
        const auto address = parse_address(text, Checksum::optional);
        EXPECT_EQ(to_bytes(address.bytes()), vector.bytes("bytes"));
        if (vector.kind() == "checksummed") {
            EXPECT_EQ(format_address(address), text);
            EXPECT_EQ(parse_address(text, Checksum::required), address);
        } else {
            EXPECT_ERROR(parse_address(text, Checksum::required), ErrorCode::addr_checksum);
        }
    }
}

TEST(EvmAddress, ShowsTheChecksumOfAnAddressWithoutOne)
{
    try {
        parse_address(lower, Checksum::required);
        FAIL() << "parsed";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::addr_checksum);
        EXPECT_NE(error.hint().find(good), std::string::npos);
    }
}

TEST(EvmAddress, DoesNotMendAWrongChecksum)
{
    auto text = std::string{good};
    text[10] = text[10] == '1' ? '2' : '1'; // a wrong digit, not a wrong case
    try {
        parse_address(text, Checksum::optional);
        FAIL() << "parsed";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::addr_checksum);
        EXPECT_EQ(error.hint().find("0x"), std::string::npos);
    }
}

TEST(EvmAddress, RefusesLookalikeCharacters)
{
    auto text = std::string{good};
    text.replace(text.find('a'), 1, "\u0430"); // Cyrillic
    EXPECT_ERROR(parse_address(text, Checksum::optional), ErrorCode::addr_checksum);
    EXPECT_ERROR(parse_address("\u202e" + std::string{good}, Checksum::optional), ErrorCode::addr_checksum);
}

TEST(EvmAddress, SaysWhichCharacterIsWrong)
{
    auto text = std::string{good};
    text[7] = 'g';
    try {
        parse_address(text, Checksum::optional);
        FAIL() << "parsed";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::malformed);
        EXPECT_EQ(error.offset(), 7U);
    }
}

TEST(EvmAddress, RefusesEveryOtherLength)
{
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_ERROR(parse_address(good.substr(0, size), Checksum::optional), ErrorCode::malformed);
    try {
        parse_address(std::string{good} + "00", Checksum::optional);
        FAIL() << "parsed";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::malformed);
        EXPECT_NE(error.message().find("42 digits, not 40"), std::string::npos);
    }
    EXPECT_ERROR(parse_address(" " + std::string{good}, Checksum::optional), ErrorCode::malformed);
}

TEST(EvmAddress, ComesFromAPublicKey)
{
    // m/44'/60'/0'/0/0 of the mnemonic "abandon … about" (hd_accounts)
    const auto key = crypto::Secp256k1PublicKey::decode(
        encoding::decode_hex("0237b0bb7a8288d38ed49a524b5dc98cff3eb5ca824c9f9dc0dfdb3d9cd600f299"));
    EXPECT_EQ(format_address(address_of(key)), "0x9858EfFD232B4033E47d90003D41EC34EcaEda94");
}

} // namespace
} // namespace coffer::evm
