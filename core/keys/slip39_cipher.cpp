#include "core/keys/slip39_cipher.h"

#include "core/base/constant_time.h"
#include "core/base/error.h"
#include "core/crypto/kdf.h"

#include <algorithm>

namespace coffer::keys {

namespace {

constexpr std::uint32_t iterations_a_round = 2500;
constexpr std::string_view salt_prefix = "shamir";

using Rounds = std::array<std::uint8_t, 4>;

void require_printable(const SecretBytes& passphrase)
{
    Mask is_other = 0;
    for (const std::uint64_t byte : passphrase.reveal())
        is_other |= mask_if_less(byte, 0x20) | ~mask_if_less(byte, 0x7f);
    if (declassified(is_other) != 0)
        throw Error{ErrorCode::malformed, "the passphrase of the shares has a character that SLIP-39 does not allow",
                    "use letters without accents, digits, blanks and punctuation only (ASCII)"};
}

/// The salt of a round is this and the right half: "shamir" and the identifier, or nothing when the set is extendable.
std::size_t write_salt_prefix(std::span<std::uint8_t> salt, const ShareHeader& header)
{
    if (header.extendable)
        return 0;
    std::ranges::copy(bytes_of(salt_prefix), salt.begin());
    salt[salt_prefix.size()] = static_cast<std::uint8_t>(header.identifier >> 8);
    salt[salt_prefix.size() + 1] = static_cast<std::uint8_t>(header.identifier);
    return salt_prefix.size() + 2;
}

ShareValue feistel(const ShareValue& value, std::size_t size, const SecretBytes& passphrase, const ShareHeader& header,
                   const Rounds& rounds)
{
    require(size % 2 == 0 && size <= most_share_bytes, "a secret of another size than SLIP-39 encrypts");
    require_printable(passphrase);
    const auto half = size / 2;
    SecretBytes password{1 + passphrase.size()};
    std::ranges::copy(passphrase.reveal(), password.reveal_mutable().subspan(1).begin());
    WipedArray<salt_prefix.size() + 2 + most_share_bytes> salt;
    const auto prefix_size = write_salt_prefix(salt.reveal_mutable(), header);

    ShareValue state = value; // L, R
    const auto left = state.reveal_mutable().first(half);
    const auto right = state.reveal_mutable().subspan(half, half);
    for (const auto round : rounds) {
        password.reveal_mutable()[0] = round;
        std::ranges::copy(right, salt.reveal_mutable().subspan(prefix_size).begin());
        const auto key = crypto::pbkdf2_hmac_sha256(password.reveal(), salt.reveal().first(prefix_size + half),
                                                    iterations_a_round << header.iteration_exponent, half);
        for (std::size_t k = 0; k < half; ++k)
            left[k] ^= key.reveal()[k];
        std::ranges::swap_ranges(left, right);
    }
    std::ranges::swap_ranges(left, right); // the result is R, L
    return state;
}

} // namespace

ShareValue encrypt_master_secret(const ShareValue& master_secret, std::size_t size, const SecretBytes& passphrase,
                                 const ShareHeader& header)
{
    return feistel(master_secret, size, passphrase, header, {0, 1, 2, 3});
}

ShareValue decrypt_master_secret(const ShareValue& encrypted, std::size_t size, const SecretBytes& passphrase,
                                 const ShareHeader& header)
{
    return feistel(encrypted, size, passphrase, header, {3, 2, 1, 0});
}

} // namespace coffer::keys
