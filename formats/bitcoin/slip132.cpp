#include "formats/bitcoin/slip132.h"

#include "core/base/error.h"
#include "core/encoding/base58.h"

#include <algorithm>
#include <array>

namespace coffer::bitcoin {

namespace {

struct Prefix {
    std::string_view name;
    Slip132Script script;
    std::array<std::uint8_t, 4> plain; ///< version bytes of xpub or tpub
};

constexpr std::array<std::uint8_t, 4> xpub = {0x04, 0x88, 0xb2, 0x1e};
constexpr std::array<std::uint8_t, 4> tpub = {0x04, 0x35, 0x87, 0xcf};

constexpr std::array<Prefix, 8> prefixes = {{
    {"ypub", Slip132Script::p2sh_p2wpkh, xpub},
    {"zpub", Slip132Script::p2wpkh, xpub},
    {"Ypub", Slip132Script::p2sh_p2wsh, xpub},
    {"Zpub", Slip132Script::p2wsh, xpub},
    {"upub", Slip132Script::p2sh_p2wpkh, tpub},
    {"vpub", Slip132Script::p2wpkh, tpub},
    {"Upub", Slip132Script::p2sh_p2wsh, tpub},
    {"Vpub", Slip132Script::p2wsh, tpub},
}};

} // namespace

Slip132Key read_slip132(std::string_view text)
{
    const auto prefix = text.substr(0, 4);
    if (prefix.size() == 4 && prefix.substr(1) == "prv")
        throw Error{ErrorCode::secret_source, "an extended private key stands where a public one belongs",
                    "whoever sees this text can spend: treat the key as lost, and export its public key"};
    const auto known = std::ranges::find(prefixes, prefix, &Prefix::name);
    if (known == prefixes.end())
        return {std::string{text}, Slip132Script::any};
    auto payload = encoding::decode_base58check(text);
    if (payload.size() != 78)
        throw Error{ErrorCode::malformed, "extended key has " + std::to_string(payload.size()) + " bytes, not 78"};
    std::ranges::copy(known->plain, payload.begin());
    return {encoding::encode_base58check(payload), known->script};
}

} // namespace coffer::bitcoin
