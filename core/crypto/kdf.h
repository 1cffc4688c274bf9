#pragma once

#include "core/base/secret.h"

#include <chrono>

namespace coffer::crypto {

/// Cost of Argon2id (RFC 9106) with one lane.
struct Argon2Cost {
    std::uint32_t memory_kib = 64 * 1024;
    std::uint32_t passes = 3;
    bool operator==(const Argon2Cost&) const = default;
};

constexpr Argon2Cost argon2_floor{64 * 1024, 3};
constexpr Argon2Cost argon2_ceiling{1024 * 1024, 16};

/// Most memory of a cost that is chosen by measure.
constexpr std::uint32_t most_measured_memory_kib = 256 * 1024;

/// The cost that takes about `wanted` where the floor takes `at_floor`: more memory first (RFC 9106, 4), doubled up to
/// most_measured_memory_kib, then more passes. Never below the floor or above the ceiling; the floor when `at_floor` is nothing.
Argon2Cost argon2_cost_for(std::chrono::milliseconds wanted, std::chrono::milliseconds at_floor);

/// 32 bytes. Throws Error{kdf_limit} for a cost below the floor or above the ceiling, before any
/// work, and Error{limit} when the memory cannot be had.
SecretBytes argon2id(const SecretBytes& passphrase, const ByteArray<16>& salt, Argon2Cost cost);

/// Whether Argon2id gives a known answer, at a cost of about a millisecond that no key is ever derived
/// at: 1 MiB, one pass, `password` and `somesaltsomesalt` (agreed by libsodium and another implementation).
bool argon2id_gives_known_answer();

/// PBKDF2 (RFC 8018), as BIP-39 and SLIP-39 use it. No iterations are a broken invariant.
SecretBytes pbkdf2_hmac_sha256(ByteView password, ByteView salt, std::uint32_t iterations, std::size_t size);
SecretBytes pbkdf2_hmac_sha512(ByteView password, ByteView salt, std::uint32_t iterations, std::size_t size);

/// HKDF-SHA256 (RFC 5869). Throws Error{limit} above 255 * 32 bytes.
SecretBytes hkdf_sha256(ByteView key, ByteView salt, ByteView info, std::size_t size);

} // namespace coffer::crypto
