// Usage: bare_hashing COUNT SIZE...
//
// SHA-256 by libcrypto of so many messages of each size, one after the other: what verifying as many records cannot do without.

#include <cstdio>
#include <memory>
#include <openssl/evp.h>
#include <string>
#include <vector>

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fputs("usage: bare_hashing COUNT SIZE...\n", stderr);
        return 2;
    }
    const auto count = std::stoull(argv[1]);
    std::vector<std::vector<unsigned char>> messages;
    for (int i = 2; i < argc; ++i)
        messages.emplace_back(std::stoul(argv[i]));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    const auto* sha256 = EVP_sha256();
    unsigned char digest[32];
    for (unsigned long long number = 0; number < count; ++number)
        for (auto& message : messages) {
            if (EVP_DigestInit_ex(context.get(), sha256, nullptr) != 1 ||
                EVP_DigestUpdate(context.get(), message.data(), message.size()) != 1 ||
                EVP_DigestFinal_ex(context.get(), digest, nullptr) != 1)
                return 1;
            message.front() = digest[0];
        }
    return 0;
}
