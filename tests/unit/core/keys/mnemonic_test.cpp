#include "core/keys/mnemonic.h"

#include "core/base/text.h"
#include "core/crypto/hash.h"
#include "core/encoding/hex.h"
#include "core/keys/derivation.h"
#include "tests/support/vectors.h"

namespace coffer::keys {
namespace {

SecretBytes secret(std::string_view text)
{
    return SecretBytes::copy_of(bytes_of(text));
}

void check_mnemonic(const test::Vector& vector)
{
    const auto words = secret(vector.text("mnemonic"));
    if (vector.is_invalid()) {
        EXPECT_ERROR(entropy_from_mnemonic(words), vector.error_code());
        EXPECT_ERROR(seed_from_mnemonic(words, {}), vector.error_code());
        return;
    }
    if (vector.has("entropy")) {
        const auto entropy = vector.bytes("entropy");
        EXPECT_TRUE(equal(entropy_from_mnemonic(words).reveal(), entropy));
        EXPECT_TRUE(mnemonic_from_entropy(SecretBytes::copy_of(entropy)).equals(words));
    }
    const auto passphrase = vector.text("passphrase");
    const auto seed = seed_from_mnemonic(words, secret(passphrase));
    EXPECT_TRUE(equal(seed.reveal(), vector.bytes("seed")));
    if (vector.has("passphrase_nfkd_hex"))
        EXPECT_TRUE(equal(normalize_nfkd(secret(passphrase)).reveal(), vector.bytes("passphrase_nfkd_hex")));
    if (vector.has("master_xprv"))
        EXPECT_EQ(text_of(ExtendedPrivateKey::from_seed(seed).format().reveal()), vector.text("master_xprv"));
}

TEST(Mnemonic, FollowsBip39)
{
    for (const auto* file : {"bip39.json", "bip39_extra.json"})
        for (const auto& vector : test::load_vectors(file)) {
            SCOPED_TRACE(vector.name());
            check_mnemonic(vector);
        }
}

constexpr std::string_view good = "legal winner thank year wave sausage worth useful legal winner thank yellow";

TEST(Mnemonic, RefusesEveryCutAndEveryOtherWord)
{
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_ERROR(entropy_from_mnemonic(secret(good.substr(0, size))), ErrorCode::mnemonic);
    EXPECT_ERROR(entropy_from_mnemonic(secret(std::string{good} + " legal")), ErrorCode::mnemonic);
    EXPECT_ERROR(entropy_from_mnemonic(secret(std::string{good} + "s")), ErrorCode::mnemonic);
    std::string many{good};
    for (int i = 0; i < 1000; ++i)
        many += " legal";
    EXPECT_ERROR(entropy_from_mnemonic(secret(many)), ErrorCode::mnemonic);
    EXPECT_ERROR(entropy_from_mnemonic(secret("Legal" + std::string{good.substr(5)})), ErrorCode::mnemonic);
}

TEST(Mnemonic, NeverQuotesAWord)
{
    try {
        entropy_from_mnemonic(secret("legal winnerr thank"));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.message().find("winner"), std::string::npos);
        EXPECT_NE(error.message().find("word 2"), std::string::npos);
    }
}

TEST(Mnemonic, TakesAnyBlanksAndGivesTheSameSeed)
{
    const auto seed = seed_from_mnemonic(secret(good), secret("p"));
    const auto spread = "  legal winner\tthank year\n\nwave sausage worth useful\r\nlegal winner thank yellow\n";
    EXPECT_TRUE(seed_from_mnemonic(secret(spread), secret("p")).equals(seed));
    EXPECT_FALSE(seed_from_mnemonic(secret(good), secret("p ")).equals(seed));
}

TEST(Mnemonic, RefusesAPassphraseThatIsNotUtf8)
{
    EXPECT_ERROR(seed_from_mnemonic(secret(good), secret("\xff")), ErrorCode::malformed);
}

TEST(FingerprintWords, AreTheFirst66Bits)
{
    EXPECT_EQ(fingerprint_words(Bytes(32, 0)), "abandon-abandon-abandon-abandon-abandon-abandon");
    EXPECT_EQ(fingerprint_words(Bytes(32, 0xff)), "zoo-zoo-zoo-zoo-zoo-zoo");
    // Bits of a mnemonic's entropy are its words: the first six of the second vector of BIP-39.
    EXPECT_EQ(fingerprint_words(Bytes(16, 0x7f)), "legal-winner-thank-year-wave-sausage");
    Bytes digest(32, 0);
    digest[8] = 0x3f; // beyond 66 bits
    EXPECT_EQ(fingerprint_words(digest), fingerprint_words(Bytes(32, 0)));
    digest[8] = 0x40;
    EXPECT_EQ(fingerprint_words(digest), "abandon-abandon-abandon-abandon-abandon-ability");
}

TEST(MnemonicDeathTest, EndsTheProcessOnSizesThatCannotBe)
{
    EXPECT_DEATH(mnemonic_from_entropy(SecretBytes{15}), "entropy");
    EXPECT_DEATH(mnemonic_from_entropy(SecretBytes{36}), "entropy");
    EXPECT_DEATH(mnemonic_word(2048), "beyond the list");
    EXPECT_DEATH(fingerprint_words(Bytes(8)), "six words");
}

} // namespace
} // namespace coffer::keys
