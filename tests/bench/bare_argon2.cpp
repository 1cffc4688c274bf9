// Usage: bare_argon2 MEMORY_KIB PASSES
//
// What a passphrase costs and nothing else, straight on libsodium: one Argon2id with one lane. What a command that opens a
// home takes beyond this is the rest of the home.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sodium.h>

int main(int count, char** arguments)
{
    if (count != 3) {
        std::fputs("usage: bare_argon2 MEMORY_KIB PASSES\n", stderr);
        return 2;
    }
    const auto memory = std::size_t{1024} * std::strtoul(arguments[1], nullptr, 10);
    const auto passes = std::strtoul(arguments[2], nullptr, 10);
    constexpr const char* passphrase = "correct horse battery staple";
    constexpr std::array<unsigned char, crypto_pwhash_SALTBYTES> salt{};
    std::array<unsigned char, 32> key{};
    if (sodium_init() < 0 || crypto_pwhash(key.data(), key.size(), passphrase, std::strlen(passphrase), salt.data(), passes, memory,
                                           crypto_pwhash_ALG_ARGON2ID13) != 0) {
        std::fputs("bare_argon2: Argon2id gives no key\n", stderr);
        return 1;
    }
    return 0;
}
