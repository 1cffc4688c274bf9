#pragma once

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

} // namespace coffer::bitcoin
