// Usage: bare_key_derivation EXPONENT TIMES
//
// What SLIP-39 demands for a secret of 32 bytes and nothing else, straight on libcrypto, so many times: four rounds of
// PBKDF2-HMAC-SHA256 for 16 bytes each, 2500 * 2^EXPONENT iterations.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <openssl/evp.h>

int main(int count, char** arguments)
{
    if (count != 3) {
        std::fputs("usage: bare_key_derivation EXPONENT TIMES\n", stderr);
        return 2;
    }
    const int iterations = 2500 << std::atoi(arguments[1]);
    const int times = std::atoi(arguments[2]);
    std::array<unsigned char, 16> half{};
    for (int i = 0; i < 4 * times; ++i) {
        const char round = static_cast<char>(i % 4);
        const auto salt = half;
        if (PKCS5_PBKDF2_HMAC(&round, 1, salt.data(), static_cast<int>(salt.size()), iterations, EVP_sha256(),
                              static_cast<int>(half.size()), half.data()) != 1)
            return 1;
    }
    return 0;
}
