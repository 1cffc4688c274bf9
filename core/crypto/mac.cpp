#include "core/crypto/mac.h"

#include "core/crypto/digest.h"

namespace coffer::crypto {

ByteArray<32> hmac_sha256(ByteView key, ByteView message)
{
    ByteArray<32> out;
    Hmac<Sha256Algorithm>{key}.compute(message, out);
    return out;
}

WipedArray<64> hmac_sha512(ByteView key, ByteView message)
{
    WipedArray<64> out;
    Hmac<Sha512Algorithm>{key}.compute(message, out.reveal_mutable());
    return out;
}

} // namespace coffer::crypto
