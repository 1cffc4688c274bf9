// Usage: bare_key_derivation blocks|function EXPONENT TIMES
//
// What SLIP-39 demands for a secret of 32 bytes and nothing else, so many times: four rounds of PBKDF2-HMAC-SHA256 for 16 bytes
// each, 2500 * 2^EXPONENT iterations. `function` is libcrypto's own PKCS5_PBKDF2_HMAC; `blocks` is nothing but libcrypto's
// SHA-256 of two blocks an iteration, the least that it can be (RFC 8018, 5.2; RFC 2104, 4). Both hash the same blocks.

#define OPENSSL_SUPPRESS_DEPRECATED // EVP has no single block

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace {

using Half = std::array<std::uint8_t, 16>;
using Block = std::array<std::uint8_t, SHA256_CBLOCK>;

void must(bool holds)
{
    if (!holds)
        std::abort();
}

/// The state after a block of the key and a pad.
SHA256_CTX padded(std::uint8_t key, std::uint8_t pad)
{
    Block block;
    block.fill(pad);
    block[0] ^= key;
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Transform(&state, block.data());
    return state;
}

/// A last block after one other: a message that ends at `size`, its end and its length.
Block last_block(std::size_t size)
{
    Block block{};
    block[size] = 0x80;
    const auto bits = 8 * (SHA256_CBLOCK + size);
    block[62] = static_cast<std::uint8_t>(bits >> 8);
    block[63] = static_cast<std::uint8_t>(bits);
    return block;
}

void write_digest(const SHA256_CTX& state, Block& block)
{
    for (std::size_t i = 0; i < SHA256_DIGEST_LENGTH; ++i)
        block[i] = static_cast<std::uint8_t>(state.h[i / 4] >> (24 - 8 * (i % 4)));
}

Half pbkdf2_by_blocks(std::uint8_t password, const Half& salt, int iterations)
{
    const auto inner = padded(password, 0x36);
    const auto outer = padded(password, 0x5c);
    auto first = last_block(salt.size() + 4); // salt ‖ INT(1)
    std::copy(salt.begin(), salt.end(), first.begin());
    first[salt.size() + 3] = 1;
    auto u = last_block(SHA256_DIGEST_LENGTH);
    Half t{};
    for (int j = 0; j < iterations; ++j) {
        auto state = inner;
        SHA256_Transform(&state, j == 0 ? first.data() : u.data());
        write_digest(state, u);
        state = outer;
        SHA256_Transform(&state, u.data());
        write_digest(state, u);
        for (std::size_t k = 0; k < t.size(); ++k)
            t[k] ^= u[k];
    }
    return t;
}

Half pbkdf2_by_function(std::uint8_t password, const Half& salt, int iterations)
{
    const auto text = static_cast<char>(password);
    Half key{};
    must(PKCS5_PBKDF2_HMAC(&text, 1, salt.data(), static_cast<int>(salt.size()), iterations, EVP_sha256(), static_cast<int>(key.size()),
                           key.data()) == 1);
    return key;
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 4) {
        std::fputs("usage: bare_key_derivation blocks|function EXPONENT TIMES\n", stderr);
        return 2;
    }
    const auto pbkdf2 = std::strcmp(arguments[1], "blocks") == 0 ? pbkdf2_by_blocks : pbkdf2_by_function;
    const int iterations = 2500 << std::atoi(arguments[2]);
    const int times = std::atoi(arguments[3]);
    Half half{};
    for (int i = 0; i < 4 * times; ++i)
        half = pbkdf2(static_cast<std::uint8_t>(i % 4), half, iterations);
    must(pbkdf2_by_blocks(3, half, 2) == pbkdf2_by_function(3, half, 2));
    return 0;
}
