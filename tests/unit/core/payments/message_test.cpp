#include "core/payments/message.h"

#include "core/artefacts/artefact.h"
#include "core/crypto/hash.h"
#include "core/encoding/cbor.h"
#include "tests/support/decoding.h"
#include "tests/support/vectors.h"

namespace coffer::payments {
namespace {

Message made(std::string_view text, std::optional<MessagePlace> place = {})
{
    return {.standard = "eip191", .address = Bytes(20, 0x11), .text = to_bytes(bytes_of(text)), .place = place};
}

TEST(Message, ComesBackAsItWas)
{
    for (const auto& message : {made("hello"), made("two\nlines"), made("€ 100", MessagePlace{1, 7})}) {
        const auto bytes = encode_message(message);
        EXPECT_TRUE(is_message(bytes));
        EXPECT_EQ(decode_message(bytes), message);
        coffer::test::expect_refuses_cut_and_trailing(bytes, decode_message);
    }
}

TEST(Message, BeginsLikeNoTransaction)
{
    EXPECT_FALSE(is_message({}));
    EXPECT_FALSE(is_message(bytes_of("coffer/v1/message")));
    EXPECT_FALSE(is_message(bytes_of("psbt\xff")));
    EXPECT_ERROR(decode_message(bytes_of("coffer/v1/payload")), ErrorCode::malformed);
}

TEST(Message, HasOneShape)
{
    const auto of = [](cbor::Value::Array items) { return artefacts::domain_separated("message", cbor::encode(cbor::Value{std::move(items)})); };
    const auto text = to_bytes(bytes_of("hello"));
    EXPECT_NO_THROW(decode_message(of({"eip191", Bytes(20), text})));
    EXPECT_ERROR(decode_message(of({"eip191", Bytes(20), text, 0})), ErrorCode::malformed);
    EXPECT_ERROR(decode_message(of({"eip191", Bytes(20), text, 0, 0, 0})), ErrorCode::malformed);
    EXPECT_ERROR(decode_message(of({"eip191", Bytes(20), "hello"})), ErrorCode::malformed);
    EXPECT_ERROR(decode_message(of({"eip191", Bytes(20), text, 0, std::uint64_t{0x1'0000'0000}})), ErrorCode::malformed);
}

TEST(Message, IsTextThatAPersonCanReadWhole)
{
    for (const std::string_view good : {"a", " ", "line\nline\n", "Grüße, 世界", "\xc2\xa0"})
        EXPECT_NO_THROW(require_readable(bytes_of(good))) << good;
    EXPECT_NO_THROW(require_readable(bytes_of("exactly thirty-two bytes of text")));
    EXPECT_NO_THROW(require_readable(Bytes(most_message_bytes, 'a')));

    EXPECT_ERROR(require_readable({}), ErrorCode::malformed);
    EXPECT_ERROR(require_readable(Bytes(most_message_bytes + 1, 'a')), ErrorCode::limit);
    EXPECT_ERROR(require_readable(Bytes(32, 0xab)), ErrorCode::blind); // B18
    for (const std::string_view bad : {"tab\tbed", "\r\n", "\x1b[2J", "\x7f", "\xc2\x80", "\xc2\x9f", "\xff", "\xc3"})
        EXPECT_ERROR(require_readable(bytes_of(bad)), ErrorCode::blind);
    EXPECT_ERROR(require_readable(Bytes{'a', 0, 'b'}), ErrorCode::blind);
}

TEST(Message, DigestBindsStandardChainAddressAndText)
{
    const auto message = made("hello");
    const cbor::Value value{cbor::Value::Array{"message", "eip191", 1, Bytes(20, 0x11), to_bytes(bytes_of("hello"))}};
    const auto digest = message_digest(message, 1);
    EXPECT_EQ(digest, PayloadDigest{crypto::sha256(artefacts::domain_separated("payload", cbor::encode(value)))});
    EXPECT_EQ(message_digest(made("hello", MessagePlace{0, 3}), 1), digest); // the address proves the place
    EXPECT_NE(message_digest(message, 10), digest);
    EXPECT_NE(message_digest(message, ByteArray<32>{1}), digest);
    EXPECT_NE(message_digest(made("hello "), 1), digest);
    auto other = message;
    other.standard = "eip712";
    EXPECT_NE(message_digest(other, 1), digest);
    other = message;
    other.address.back() ^= 1;
    EXPECT_NE(message_digest(other, 1), digest);
}

TEST(Message, ShowsEveryCharacterAndNumbersItsLines)
{
    const auto one = message_details(made("pay\u202e `x` "), "0xabc");
    ASSERT_EQ(one.size(), 2U);
    EXPECT_EQ(one[0].label, "message");
    EXPECT_EQ(one[0].value, R"(`pay\u202e \x60x\x60 `)");
    EXPECT_EQ(one[1].label, "signs as");
    EXPECT_EQ(one[1].value, "0xabc");
    const auto long_one = made(std::string(most_message_bytes, 'a'));
    EXPECT_EQ(message_details(long_one, "").front().value.size(), most_message_bytes + 2);

    const auto several = message_details(made("fee  0\n\nend"), "0xabc");
    ASSERT_EQ(several.size(), 4U);
    EXPECT_EQ(several[0].label, "line 1 of 3");
    EXPECT_EQ(several[1].value, "``");
    EXPECT_EQ(several[2].label, "line 3 of 3");
}

} // namespace
} // namespace coffer::payments
