#include "core/keys/slip10.h"

#include "core/base/error.h"
#include "core/crypto/mac.h"

#include <algorithm>

namespace coffer::keys {

namespace {

/// Private key ‖ chain code, on the stack while a path is walked.
using Node = WipedArray<64>;

void require_hardened(const DerivationPath& path)
{
    if (path.start() != PathStart::master)
        throw Error{ErrorCode::malformed, "path " + path.format() + " does not start at the master key", "write the whole path, like m/44h/501h/0h"};
    for (const auto step : path.steps())
        if ((step & hardened) == 0)
            throw Error{ErrorCode::pubkey, "path " + path.format() + " has step " + std::to_string(step) +
                                               ", which is not hardened: an Ed25519 key has no such children",
                        "write it as " + std::to_string(step) + "h"};
}

/// CKDpriv (SLIP-10): HMAC-SHA512(chain code, 00 ‖ private key ‖ step).
void walk(Node& node, std::uint32_t step)
{
    WipedArray<37> data;
    const auto bytes = data.reveal_mutable();
    std::ranges::copy(node.reveal().first(32), bytes.subspan(1).begin());
    for (std::size_t i = 0; i < 4; ++i)
        bytes[33 + i] = static_cast<std::uint8_t>(step >> (24 - 8 * i));
    node = crypto::hmac_sha512(node.reveal().last(32), data.reveal());
}

} // namespace

Slip10Key Slip10Key::derive(const SecretBytes& seed, const DerivationPath& path)
{
    if (seed.size() < 16 || seed.size() > 64)
        throw Error{ErrorCode::malformed, "SLIP-10 seed has " + std::to_string(seed.size()) + " bytes, not 16 to 64"};
    require_hardened(path);
    Node node = crypto::hmac_sha512(bytes_of("ed25519 seed"), seed.reveal());
    for (const auto step : path.steps())
        walk(node, step);
    return Slip10Key{SecretBytes::copy_of(node.reveal())};
}

crypto::Ed25519PrivateKey Slip10Key::key() const
{
    return crypto::Ed25519PrivateKey{m_secret.first(32)};
}

} // namespace coffer::keys
