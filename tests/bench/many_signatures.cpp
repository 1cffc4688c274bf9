// Usage: many_signatures ecdsa|schnorr|ed25519 KEY COUNT
//
// Signs SHA-256 of 0, 1, 2, … (8 bytes, big-endian) with one private key of 64 hex digits, as wallets sign. The first line is
// the public key, the others are the signatures, in hex.

#include "core/base/error.h"
#include "core/crypto/ed25519.h"
#include "core/crypto/hash.h"
#include "core/crypto/schnorr.h"
#include "core/encoding/hex.h"

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>

namespace {

using namespace coffer;

struct Backend {
    Bytes public_key;
    std::function<ByteArray<64>(const ByteArray<32>&)> sign;
};

Backend backend_of(std::string_view kind, const SecretBytes& key)
{
    if (kind == "ed25519") {
        const auto own = std::make_shared<crypto::Ed25519PrivateKey>(key);
        return {to_bytes(own->public_key().bytes()), [own](const ByteArray<32>& digest) { return own->sign(digest); }};
    }
    const auto own = std::make_shared<crypto::Secp256k1PrivateKey>(key.clone());
    const auto public_key = to_bytes(own->public_key().compressed());
    if (kind == "ecdsa")
        return {public_key, [own](const ByteArray<32>& digest) { return own->sign(digest).compact; }};
    require(kind == "schnorr", "no such kind of signature");
    return {public_key, [own](const ByteArray<32>& digest) { return crypto::sign_schnorr(*own, digest); }};
}

ByteArray<32> digest_of(std::uint64_t number)
{
    ByteArray<8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
    return crypto::sha256(bytes);
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 4) {
        std::fputs("usage: many_signatures ecdsa|schnorr|ed25519 KEY COUNT\n", stderr);
        return 2;
    }
    const auto backend = backend_of(arguments[1], SecretBytes::copy_of(encoding::decode_hex(arguments[2])));
    const auto signatures = std::strtoull(arguments[3], nullptr, 10);
    std::cout << encoding::encode_hex(backend.public_key) << "\n";
    for (std::uint64_t i = 0; i < signatures; ++i)
        std::cout << encoding::encode_hex(backend.sign(digest_of(i))) << "\n";
    return 0;
}
