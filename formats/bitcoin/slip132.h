#pragma once

#include "core/base/secret.h"

#include <string>
#include <string_view>

namespace coffer::bitcoin {

/// What a prefix of SLIP-132 says about the scripts of an extended public key.
enum class Slip132Script { any, p2wpkh, p2sh_p2wpkh, p2wsh, p2sh_p2wsh };

/// An extended public key under the plain prefix (`xpub`, `tpub`), and what its own one said.
struct Slip132Key {
    std::string plain;
    Slip132Script script = Slip132Script::any;
};

/// `ypub`, `zpub`, `Ypub`, `Zpub` and their test forms become `xpub` or `tpub`; anything else comes
/// back as it is, `any`. Throws what decode_base58check() does, Error{malformed} for another length or
/// version under such a prefix, and Error{secret_source} for the prefix of a private key.
Slip132Key read_slip132(std::string_view text);

/// The same of a private key: under `xprv` or `tprv`.
struct Slip132PrivateKey {
    SecretBytes plain;
    Slip132Script script = Slip132Script::any;
};
/// `yprv`, `zprv`, `Yprv`, `Zprv` and their test forms become `xprv` or `tprv`; anything else comes back as it is, `any`.
/// Throws what decode_base58check_secret() does, and Error{malformed} for another version under such a prefix.
Slip132PrivateKey read_slip132_private(const SecretBytes& text);

} // namespace coffer::bitcoin
