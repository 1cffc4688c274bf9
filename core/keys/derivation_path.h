#pragma once

#include "core/base/ids.h"

#include <string>
#include <string_view>
#include <vector>

namespace coffer::keys {

/// BIP-32: bit 31 of a step marks a hardened level.
constexpr std::uint32_t hardened = 0x80000000;
/// The depth of an extended key is one byte.
constexpr std::size_t most_path_steps = 255;

/// Whether a path starts at the master key, `m/44h/60h`, or at whatever key it is applied to, `0/0`.
enum class PathStart { master, here };

/// Steps of BIP-32 derivation, at most 255.
class DerivationPath {
public:
    /// `m`: no step from the master key.
    DerivationPath() = default;
    /// Throws Error{malformed} for more than 255 steps.
    explicit DerivationPath(std::vector<std::uint32_t> steps, PathStart start = PathStart::master);

    /// `m/44h/60h/0h/0/0` or `0/0`: steps below 2^31 without leading zeros, `h` or `'` for
    /// hardened. The empty text is no path. Throws Error{malformed}.
    static DerivationPath parse(std::string_view text);
    /// With `h`; the relative path without a step is empty.
    std::string format() const;

    PathStart start() const { return m_start; }
    const std::vector<std::uint32_t>& steps() const { return m_steps; }
    /// This path and one more step. Throws Error{malformed} beyond 255.
    DerivationPath child(std::uint32_t step) const;

    auto operator<=>(const DerivationPath&) const = default;

private:
    PathStart m_start = PathStart::master;
    std::vector<std::uint32_t> m_steps;
};

struct FingerprintTag { static constexpr std::string_view name = "key fingerprint"; };
/// The first 4 bytes of HASH160 of the compressed public key (BIP-32, "Key identifiers").
using Fingerprint = Identifier<FingerprintTag, 4>;

/// Where a key comes from: the master key's fingerprint and the path from there.
struct KeyOrigin {
    Fingerprint fingerprint;
    DerivationPath path;

    /// `[d34db33f/44h/60h/0h]`, as in output descriptors (BIP-380). Throws Error{malformed}.
    static KeyOrigin parse(std::string_view text);
    std::string format() const;

    auto operator<=>(const KeyOrigin&) const = default;
};

} // namespace coffer::keys
