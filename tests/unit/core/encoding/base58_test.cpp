#include "core/encoding/base58.h"

#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

namespace coffer::encoding {
namespace {

/// Whether a payload is an address or a WIF key of Bitcoin's networks, by version and size.
bool is_address_or_wif(ByteView payload)
{
    if (payload.empty())
        return false;
    const auto version = payload[0];
    if (version == 0x00 || version == 0x05 || version == 0x6f || version == 0xc4)
        return payload.size() == 21;
    if (version == 0x80 || version == 0xef)
        return payload.size() == 33 || (payload.size() == 34 && payload.back() == 0x01);
    return false;
}

Bytes expected_payload(const test::Vector& vector)
{
    const bool testnet = vector.text("testnet") == "true";
    const bool is_key = vector.kind() == "privkey";
    const bool is_script = !is_key && vector.text("type") == "script";
    const auto version = is_key ? (testnet ? "ef" : "80") : is_script ? (testnet ? "c4" : "05") : testnet ? "6f" : "00";
    auto payload = decode_hex(version);
    append(payload, vector.bytes("payload"));
    if (is_key && vector.text("compressed") == "true")
        payload.push_back(0x01);
    return payload;
}

TEST(Base58, FollowsBitcoinCoresVectors)
{
    for (const auto& vector : test::load_vectors("base58check.json")) {
        const auto text = vector.text("string");
        SCOPED_TRACE(vector.name() + " " + text);
        if (vector.kind() == "base58_raw" && vector.is_invalid()) {
            EXPECT_ERROR(decode_base58(text), ErrorCode::malformed);
        } else if (vector.kind() == "base58_raw") {
            EXPECT_EQ(decode_base58(text), vector.bytes("hex"));
            EXPECT_EQ(encode_base58(vector.bytes("hex")), text);
        } else if (vector.is_invalid()) {
            try {
                EXPECT_FALSE(is_address_or_wif(decode_base58check(text)));
            } catch (const Error& error) {
                EXPECT_TRUE(error.code() == ErrorCode::malformed || error.code() == ErrorCode::addr_checksum);
            }
        } else {
            const auto payload = expected_payload(vector);
            EXPECT_EQ(decode_base58check(text), payload);
            EXPECT_EQ(encode_base58check(payload), text);
            EXPECT_TRUE(equal(decode_base58check_secret(text, payload.size()).reveal(), payload));
            EXPECT_EQ(text_of(encode_base58check_secret(payload).reveal()), text);
        }
    }
}

TEST(Base58, KeepsLeadingZeros)
{
    EXPECT_EQ(encode_base58({}), "");
    EXPECT_EQ(decode_base58(""), Bytes{});
    for (std::size_t zeros = 1; zeros < 40; ++zeros) {
        const Bytes bytes(zeros, 0);
        EXPECT_EQ(encode_base58(bytes), std::string(zeros, '1'));
        EXPECT_EQ(decode_base58(std::string(zeros, '1')), bytes);
        auto more = bytes;
        more.push_back(0xff);
        EXPECT_EQ(decode_base58(encode_base58(more)), more);
    }
    for (std::size_t size = 1; size < 200; ++size)
        EXPECT_EQ(decode_base58(encode_base58(Bytes(size, 0xff))), Bytes(size, 0xff));
}

TEST(Base58, IsBounded)
{
    EXPECT_NO_THROW(decode_base58(std::string(most_base58_characters, 'z')));
    EXPECT_ERROR(decode_base58(std::string(most_base58_characters + 1, 'z')), ErrorCode::malformed);
    EXPECT_LE(encode_base58(Bytes(1232, 0xff)).size(), most_base58_characters);
}

TEST(Base58, SaysWhere)
{
    try {
        decode_base58("abc0");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.offset(), 3U);
    }
}

TEST(Base58Check, RefusesEveryCutAndEveryChangedCharacter)
{
    const std::string good = "1AGNa15ZQXAZUgFiqJ2i7Z2DPU2J6hW62i";
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_THROW(decode_base58check(good.substr(0, size)), Error) << size;
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto changed = good;
        changed[i] = good[i] == 'z' ? 'y' : 'z';
        EXPECT_ERROR(decode_base58check(changed), ErrorCode::addr_checksum);
    }
    EXPECT_ERROR(decode_base58check(good + "1"), ErrorCode::addr_checksum);
    EXPECT_ERROR(decode_base58check("1" + good), ErrorCode::addr_checksum);
    EXPECT_ERROR(decode_base58check("111"), ErrorCode::malformed);
    EXPECT_ERROR(decode_base58check(good + " "), ErrorCode::malformed);
}

TEST(Base58Check, TakesSecretsOfOneSizeOnly)
{
    const auto text = encode_base58check(Bytes(78, 0x5a));
    EXPECT_EQ(decode_base58check_secret(text, 78).size(), 78U);
    EXPECT_ERROR(decode_base58check_secret(text, 77), ErrorCode::malformed);
    EXPECT_ERROR(decode_base58check_secret(text, 79), ErrorCode::malformed);
    EXPECT_ERROR(decode_base58check_secret(std::string(500, 'z'), 78), ErrorCode::malformed);
    auto changed = text;
    changed.back() = changed.back() == 'z' ? 'y' : 'z';
    EXPECT_ERROR(decode_base58check_secret(changed, 78), ErrorCode::addr_checksum);
}

} // namespace
} // namespace coffer::encoding
