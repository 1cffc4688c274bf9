#include "core/encoding/bech32.h"

#include "core/base/text.h"
#include "tests/support/vectors.h"

namespace coffer::encoding {
namespace {

std::string text_of_vector(const test::Vector& vector)
{
    return vector.has("string_hex") ? std::string{text_of(vector.bytes("string_hex"))} : vector.text("string");
}

TEST(Bech32, FollowsThePublishedVectors)
{
    for (const auto& vector : test::load_vectors("bech32.json")) {
        if (vector.kind() != "string")
            continue;
        const auto text = text_of_vector(vector);
        SCOPED_TRACE(vector.name() + " " + escaped(text));
        const auto variant = vector.text("encoding") == "bech32" ? Bech32Variant::bech32 : Bech32Variant::bech32m;
        if (vector.is_invalid()) {
            EXPECT_ERROR(decode_bech32(text), vector.error_code());
            continue;
        }
        const auto decoded = decode_bech32(text);
        EXPECT_EQ(decoded.variant, variant);
        EXPECT_EQ(encode_bech32(decoded), to_lower_ascii(text));
    }
}

TEST(Bech32, RefusesEveryCutAndEveryChangedCharacter)
{
    const std::string good = "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx";
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_THROW(decode_bech32(good.substr(0, size)), Error);
    for (const char extra : {'q', 'p', '1', 'Q', ' '})
        EXPECT_THROW(decode_bech32(good + extra), Error);
    for (std::size_t i = 0; i < good.size(); ++i)
        for (const char c : std::string_view{"qpzry9x8gf2tvdw0s3jn54khce6mua7l1bioQ "}) {
            auto changed = good;
            changed[i] = c;
            if (changed == good)
                continue;
            EXPECT_THROW(decode_bech32(changed), Error) << changed;
        }
}

TEST(Bech32DeathTest, EndsTheProcessOnWhatCannotBeWritten)
{
    EXPECT_DEATH(encode_bech32({Bech32Variant::bech32, "", {}}), "bech32");
    EXPECT_DEATH(encode_bech32({Bech32Variant::bech32, "A", {}}), "bech32");
    EXPECT_DEATH(encode_bech32({Bech32Variant::bech32, "a", {32}}), "bech32");
    EXPECT_DEATH(encode_bech32({Bech32Variant::bech32, "a", Bytes(83, 0)}), "bech32");
}

} // namespace
} // namespace coffer::encoding
