#include "core/base/text.h"
#include "core/keys/derivation.h"
#include "core/keys/slip39.h"
#include "tests/support/vectors.h"

namespace coffer::keys {
namespace {

SecretBytes secret(std::string_view text)
{
    return SecretBytes::copy_of(bytes_of(text));
}

std::vector<Share> shares_of(const test::Vector& vector)
{
    std::vector<Share> shares;
    for (std::size_t i = 0; i < vector.count("mnemonics"); ++i)
        shares.push_back(parse_share(secret(vector.text("mnemonics." + std::to_string(i)))));
    return shares;
}

SecretBytes combine(const test::Vector& vector)
{
    return combine_shares(shares_of(vector), secret("TREZOR"));
}

SecretBytes collect(const test::Vector& vector)
{
    ShareCollector collector;
    for (auto& share : shares_of(vector))
        collector.add(std::move(share));
    EXPECT_EQ(collector.is_complete(), !vector.is_invalid());
    return combine_shares(collector.shares(), secret("TREZOR"));
}

TEST(Slip39Vectors, AreRestoredOrRefusedForWhatIsWrong)
{
    for (const auto& vector : test::load_vectors("slip39.json")) {
        SCOPED_TRACE(vector.text("case"));
        if (vector.is_invalid()) {
            EXPECT_ERROR(combine(vector), vector.error_code());
            EXPECT_ERROR(collect(vector), vector.error_code());
            continue;
        }
        const auto restored = combine(vector);
        EXPECT_TRUE(equal(restored.reveal(), vector.bytes("secret")));
        EXPECT_TRUE(collect(vector).equals(restored));
        EXPECT_EQ(text_of(ExtendedPrivateKey::from_seed(restored).format().reveal()), vector.text("master_xprv"));
    }
}

TEST(Slip39Vectors, AreWrittenAsTheyWereRead)
{
    for (const auto& vector : test::load_vectors("slip39.json"))
        for (std::size_t i = 0; !vector.is_invalid() && i < vector.count("mnemonics"); ++i) {
            const auto words = secret(vector.text("mnemonics." + std::to_string(i)));
            EXPECT_TRUE(format_share(parse_share(words)).equals(words)) << vector.text("case");
        }
}

TEST(Slip39Vectors, AreRefusedWhenCutAnywhere)
{
    for (const auto& vector : test::load_vectors("slip39.json")) {
        if (vector.is_invalid())
            continue;
        const auto words = vector.text("mnemonics.0");
        const auto enough = words.rfind(' ') + 5; // four letters of the last word
        for (std::size_t size = 0; size < words.size(); ++size) {
            if (size == enough)
                continue;
            EXPECT_THROW(parse_share(secret(words.substr(0, size))), Error) << vector.text("case") << ' ' << size;
        }
        EXPECT_THROW(parse_share(secret(words + " academic")), Error);
        EXPECT_THROW(parse_share(secret(words + "s")), Error);
    }
}

} // namespace
} // namespace coffer::keys
