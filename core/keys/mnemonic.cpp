#include "core/keys/mnemonic.h"

#include "core/base/constant_time.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/hash.h"
#include "core/crypto/kdf.h"
#include "core/keys/word_list.h"

#include <algorithm>

namespace coffer::keys {

namespace {

constexpr std::size_t most_words = 24;
constexpr std::size_t bits_a_word = 11;
constexpr std::uint32_t seed_iterations = 2048;

constexpr bool is_word_count(std::size_t count)
{
    return count >= 12 && count <= most_words && count % 3 == 0;
}

/// Eleven bits from position 11 * `word` on, most significant first.
unsigned word_index(ByteView bits, std::size_t word)
{
    unsigned index = 0;
    for (auto bit = word * bits_a_word; bit < (word + 1) * bits_a_word; ++bit)
        index = index << 1 | (unsigned{bits[bit / 8]} >> (7 - bit % 8) & 1U);
    return index;
}

void set_word_index(std::span<std::uint8_t> bits, std::size_t word, unsigned index)
{
    for (std::size_t i = 0; i < bits_a_word; ++i) {
        const auto bit = word * bits_a_word + i;
        const auto value = index >> (bits_a_word - 1 - i) & 1U;
        bits[bit / 8] = static_cast<std::uint8_t>(bits[bit / 8] | value << (7 - bit % 8));
    }
}

/// BIP-39, "Generating the mnemonic": one bit of the hash for every 32 bits of entropy, at most 8.
std::uint8_t checksum_of(ByteView entropy)
{
    auto digest = crypto::sha256(entropy);
    const auto bits = entropy.size() / 4;
    const auto checksum = static_cast<std::uint8_t>(digest[0] >> (8 - bits) << (8 - bits));
    wipe(digest);
    return checksum;
}

} // namespace

SecretBytes mnemonic_from_entropy(const SecretBytes& entropy)
{
    const auto word_count = entropy.size() / 4 * 3;
    require(entropy.size() % 4 == 0 && is_word_count(word_count), "entropy of another size than BIP-39 has");
    WipedArray<33> bits;
    std::ranges::copy(entropy.reveal(), bits.reveal_mutable().begin());
    bits.reveal_mutable()[entropy.size()] = checksum_of(entropy.reveal());

    WordSequence words;
    for (std::size_t i = 0; i < word_count; ++i)
        words.append(bip39_words().at(word_index(bits.reveal(), i)));
    return words.join();
}

SecretBytes entropy_from_mnemonic(const SecretBytes& words)
{
    const auto sequence = WordSequence::split(words, LetterCase::as_written, ErrorCode::mnemonic);
    const auto count = sequence.count();
    WipedArray<33> bits;
    for (std::size_t i = 0; i < std::min(count, most_words); ++i) {
        const auto match = bip39_words().find(sequence[i], Spelling::whole);
        if (!declassified(match.is_found))
            throw Error{ErrorCode::mnemonic,
                        "word " + std::to_string(i + 1) + " of the mnemonic is not on the BIP-39 English list"};
        set_word_index(bits.reveal_mutable(), i, match.index);
    }
    if (!is_word_count(count))
        throw Error{ErrorCode::mnemonic,
                    "mnemonic has " + std::to_string(count) + " words, not 12, 15, 18, 21 or 24"};
    const auto size = count / 3 * 4;
    auto entropy = SecretBytes::copy_of(bits.reveal().first(size));
    const auto difference = bits.reveal()[size] ^ checksum_of(entropy.reveal());
    if (declassified(difference) != 0)
        throw Error{ErrorCode::mnemonic, "mnemonic does not match its checksum",
                    "one of the words is wrong, or two are swapped"};
    return entropy;
}

SecretBytes seed_from_mnemonic(const SecretBytes& words, const SecretBytes& passphrase)
{
    constexpr std::string_view prefix = "mnemonic";
    const auto spelled = mnemonic_from_entropy(entropy_from_mnemonic(words));
    const auto normalized = normalize_nfkd(passphrase);
    SecretBytes salt{prefix.size() + normalized.size()};
    std::ranges::copy(bytes_of(prefix), salt.reveal_mutable().begin());
    std::ranges::copy(normalized.reveal(), salt.reveal_mutable().subspan(prefix.size()).begin());
    return crypto::pbkdf2_hmac_sha512(spelled.reveal(), salt.reveal(), seed_iterations, 64);
}

std::string fingerprint_words(ByteView digest)
{
    require(digest.size() >= 9, "a digest too short for six words");
    std::string text;
    for (std::size_t i = 0; i < 6; ++i) {
        if (i != 0)
            text += '-';
        text += mnemonic_word(word_index(digest, i));
    }
    return text;
}

} // namespace coffer::keys
