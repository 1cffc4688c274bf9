#pragma once

#include "formats/bitcoin/key_expression.h"

#include <string>
#include <string_view>
#include <vector>

namespace coffer::bitcoin {

enum class DescriptorType {
    pkh,
    wpkh,
    sh_wpkh,
    sh_multi,
    wsh_multi,
    sh_wsh_multi,
    tr, ///< key path only (BIP-86)
    addr,
    raw,
};

/// What a descriptor gives at one place: scripts, and whose keys are in them.
struct DerivedScripts {
    Bytes script_pubkey;
    Bytes redeem_script;  ///< of P2SH, else empty
    Bytes witness_script; ///< of P2WSH, else empty
    /// In the order in which the script has them: sorted by BIP-67 for `sortedmulti`. 33 or 65 bytes; of `tr` the
    /// internal key, 32 or 33.
    struct Key {
        std::size_t expression = 0; ///< which of the descriptor's keys
        Bytes public_key;
    };
    std::vector<Key> keys;
};

enum class DescriptorChecksum { required, optional };

constexpr std::size_t most_descriptor_characters = 10'000;

/// An output descriptor (BIP-380 to 386, 389): `pkh`, `wpkh`, `sh(wpkh)`, `tr` with a key, `multi` and
/// `sortedmulti` in `sh`, `wsh` and `sh(wsh)`, `addr`, `raw`.
class Descriptor {
public:
    /// Throws Error{malformed} for syntax, nesting, thresholds, counts, keys of two networks and another checksum, and for
    /// functions that are not in the list above; what KeyExpression::parse() throws; Error{limit} above most_descriptor_characters.
    static Descriptor parse(std::string_view text, DescriptorChecksum checksum = DescriptorChecksum::optional);
    /// One text for all spellings: `h`, plain prefixes, with the checksum.
    std::string canonical() const;

    DescriptorType type() const { return m_type; }
    unsigned threshold() const { return m_threshold; }
    bool is_sorted() const { return m_is_sorted; }
    const std::vector<KeyExpression>& keys() const { return m_keys; }
    /// Of `addr`, else empty.
    const std::string& address() const { return m_address; }
    bool is_ranged() const;
    /// How many it stands for; by custom 0 is for receiving and 1 for change (BIP-389).
    std::size_t branches() const;

    /// The descriptor of one branch, whose keys have no step left but the index: it derives the same scripts on its branch 0,
    /// in a third of the time where they are many. A branch that is not there is a broken invariant.
    Descriptor branch(std::size_t branch) const;
    /// An index that is not 0 is a broken invariant where the descriptor is not ranged.
    DerivedScripts derive(std::size_t branch, std::uint32_t index) const;

private:
    friend class DescriptorParser;
    Descriptor() = default;
    std::string body() const;

    DescriptorType m_type = DescriptorType::raw;
    unsigned m_threshold = 0;
    bool m_is_sorted = false;
    std::vector<KeyExpression> m_keys;
    std::string m_address; ///< of `addr`
    Bytes m_script;        ///< of `addr` and `raw`
};

} // namespace coffer::bitcoin
