#include "core/crypto/mac.h"

#include "core/base/error.h"
#include "core/crypto/digest.h"

#include <algorithm>

namespace coffer::crypto {

namespace {

/// RFC 2104, 2: H(K xor opad, H(K xor ipad, text)). Every copy of the key is wiped.
template <std::size_t Block, std::size_t Size>
void hmac(DigestAlgorithm algorithm, ByteView key, ByteView message, std::span<std::uint8_t, Size> out)
{
    WipedArray<Block> pad; // the key, filled up with zeros
    if (key.size() > Block)
        Digest{algorithm}.update(key).finish(pad.reveal_mutable().template first<Size>());
    else
        std::ranges::copy(key, pad.reveal_mutable().begin());

    for (auto& byte : pad.reveal_mutable())
        byte ^= 0x36;
    WipedArray<Size> inner;
    Digest{algorithm}.update(pad.reveal()).update(message).finish(inner.reveal_mutable());

    for (auto& byte : pad.reveal_mutable())
        byte ^= 0x36 ^ 0x5c;
    Digest{algorithm}.update(pad.reveal()).update(inner.reveal()).finish(out);
}

} // namespace

ByteArray<32> hmac_sha256(ByteView key, ByteView message)
{
    ByteArray<32> out;
    hmac<64>(DigestAlgorithm::sha256, key, message, std::span{out});
    return out;
}

WipedArray<64> hmac_sha512(ByteView key, ByteView message)
{
    WipedArray<64> out;
    hmac<128>(DigestAlgorithm::sha512, key, message, out.reveal_mutable());
    return out;
}

} // namespace coffer::crypto
