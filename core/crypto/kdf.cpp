#include "core/crypto/kdf.h"

#include "core/base/error.h"
#include "core/crypto/digest.h"

#include <algorithm>
#include <sodium.h>

namespace coffer::crypto {

namespace {

void require_within_limits(Argon2Cost cost)
{
    if (cost.memory_kib < argon2_floor.memory_kib || cost.memory_kib > argon2_ceiling.memory_kib)
        throw Error{ErrorCode::kdf_limit, "Argon2 memory of " + std::to_string(cost.memory_kib) + " KiB is not in " +
                                              std::to_string(argon2_floor.memory_kib) + " to " +
                                              std::to_string(argon2_ceiling.memory_kib)};
    if (cost.passes < argon2_floor.passes || cost.passes > argon2_ceiling.passes)
        throw Error{ErrorCode::kdf_limit, std::to_string(cost.passes) + " Argon2 passes are not in " +
                                              std::to_string(argon2_floor.passes) + " to " +
                                              std::to_string(argon2_ceiling.passes)};
}

SecretBytes run_argon2id(const SecretBytes& passphrase, const ByteArray<16>& salt, Argon2Cost cost)
{
    static_assert(crypto_pwhash_SALTBYTES == 16);
    const auto text = passphrase.empty() ? std::string_view{""} : text_of(passphrase.reveal()); // never a null pointer
    SecretBytes key{32};
    if (crypto_pwhash(key.reveal_mutable().data(), key.size(), text.data(), text.size(), salt.data(), cost.passes,
                      std::size_t{cost.memory_kib} * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw Error{ErrorCode::limit,
                    "the " + std::to_string(cost.memory_kib) + " KiB of memory that Argon2 needs cannot be had"};
    return key;
}

template <typename Algorithm>
SecretBytes pbkdf2(ByteView password, ByteView salt, std::uint32_t iterations, std::size_t size)
{
    require(iterations > 0, "PBKDF2 without an iteration");
    constexpr auto hash_size = Algorithm::size;
    const Hmac<Algorithm> hmac{password};
    SecretBytes message{salt.size() + 4}; // salt ‖ INT(i)
    std::ranges::copy(salt, message.reveal_mutable().begin());
    SecretBytes out{size};
    // RFC 8018, 5.2: T_i = U_1 xor … xor U_c, with U_1 = PRF(password, salt ‖ INT(i)), U_j = PRF(password, U_j-1).
    for (std::size_t done = 0, i = 1; done < size; done += hash_size, ++i) {
        for (std::size_t byte = 0; byte < 4; ++byte)
            message.reveal_mutable()[salt.size() + byte] = static_cast<std::uint8_t>(i >> (24 - 8 * byte));
        WipedArray<hash_size> u;
        hmac.compute(message.reveal(), u.reveal_mutable());
        auto t = u;
        for (std::uint32_t j = 1; j < iterations; ++j) {
            hmac.compute(u.reveal(), u.reveal_mutable());
            for (std::size_t k = 0; k < hash_size; ++k)
                t.reveal_mutable()[k] ^= u.reveal()[k];
        }
        std::ranges::copy(t.reveal().first(std::min(hash_size, size - done)),
                          out.reveal_mutable().subspan(done).begin());
    }
    return out;
}

} // namespace

Argon2Cost argon2_cost_for(std::chrono::milliseconds wanted, std::chrono::milliseconds at_floor)
{
    if (at_floor.count() <= 0)
        return argon2_floor;
    auto cost = argon2_floor;
    auto expected = at_floor; // time is proportional to memory times passes
    for (; 2 * expected <= wanted && 2 * cost.memory_kib <= most_measured_memory_kib; expected *= 2)
        cost.memory_kib *= 2;
    const auto passes = cost.passes * wanted.count() / expected.count();
    cost.passes = static_cast<std::uint32_t>(std::clamp<std::int64_t>(passes, argon2_floor.passes, argon2_ceiling.passes));
    return cost;
}

SecretBytes argon2id(const SecretBytes& passphrase, const ByteArray<16>& salt, Argon2Cost cost)
{
    require_within_limits(cost);
    return run_argon2id(passphrase, salt, cost);
}

bool argon2id_gives_known_answer()
{
    constexpr Argon2Cost cost{.memory_kib = 1024, .passes = 1};
    constexpr ByteArray<32> answer{0x16, 0x25, 0x3e, 0x23, 0xa2, 0x9b, 0x20, 0xd7, 0xc7, 0xa0, 0xc0, 0x5f, 0x91, 0x50, 0xe7, 0x4b,
                                   0xaa, 0xa6, 0xcf, 0x18, 0x32, 0xed, 0xc8, 0x38, 0xd4, 0x84, 0xfc, 0x25, 0x0a, 0x02, 0xbe, 0xf9};
    const auto key = run_argon2id(SecretBytes::copy_of(bytes_of("password")), to_array<16>(bytes_of("somesaltsomesalt"), "salt"), cost);
    return equal(key.reveal(), answer);
}

SecretBytes pbkdf2_hmac_sha256(ByteView password, ByteView salt, std::uint32_t iterations, std::size_t size)
{
    return pbkdf2<Sha256Algorithm>(password, salt, iterations, size);
}

SecretBytes pbkdf2_hmac_sha512(ByteView password, ByteView salt, std::uint32_t iterations, std::size_t size)
{
    return pbkdf2<Sha512Algorithm>(password, salt, iterations, size);
}

SecretBytes hkdf_sha256(ByteView key, ByteView salt, ByteView info, std::size_t size)
{
    constexpr auto hash_size = Sha256Algorithm::size;
    if (size > 255 * hash_size)
        throw Error{ErrorCode::limit, "HKDF gives at most 8160 bytes, not " + std::to_string(size)};
    // RFC 5869, 2.2: PRK = HMAC(salt, IKM); an empty salt pads to the same zeros as the default one.
    WipedArray<hash_size> pseudorandom_key;
    Hmac<Sha256Algorithm>{salt}.compute(key, pseudorandom_key.reveal_mutable());
    const Hmac<Sha256Algorithm> hmac{pseudorandom_key.reveal()};
    // 2.3: T(i) = HMAC(PRK, T(i-1) ‖ info ‖ i), in one buffer whose front is empty for i = 1.
    SecretBytes message{hash_size + info.size() + 1};
    const auto buffer = message.reveal_mutable();
    std::ranges::copy(info, buffer.begin() + hash_size);
    SecretBytes out{size};
    for (std::size_t done = 0, i = 1; done < size; done += hash_size, ++i) {
        buffer.back() = static_cast<std::uint8_t>(i);
        hmac.compute(i == 1 ? message.reveal().subspan(hash_size) : message.reveal(), buffer.first<hash_size>());
        std::ranges::copy(buffer.first(std::min(hash_size, size - done)), out.reveal_mutable().subspan(done).begin());
    }
    return out;
}

} // namespace coffer::crypto
