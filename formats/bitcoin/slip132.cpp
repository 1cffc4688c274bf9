#include "formats/bitcoin/slip132.h"

#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "core/encoding/base58.h"

#include <algorithm>
#include <array>

namespace coffer::bitcoin {

namespace {

struct Prefix {
    std::string_view name;
    Slip132Script script;
    std::uint32_t version;
    std::array<std::uint8_t, 4> plain; ///< version bytes of xpub or tpub
};

constexpr std::array<std::uint8_t, 4> xpub = {0x04, 0x88, 0xb2, 0x1e};
constexpr std::array<std::uint8_t, 4> tpub = {0x04, 0x35, 0x87, 0xcf};

constexpr std::array<Prefix, 8> prefixes = {{
    {"ypub", Slip132Script::p2sh_p2wpkh, 0x049d7cb2, xpub},
    {"zpub", Slip132Script::p2wpkh, 0x04b24746, xpub},
    {"Ypub", Slip132Script::p2sh_p2wsh, 0x0295b43f, xpub},
    {"Zpub", Slip132Script::p2wsh, 0x02aa7ed3, xpub},
    {"upub", Slip132Script::p2sh_p2wpkh, 0x044a5262, tpub},
    {"vpub", Slip132Script::p2wpkh, 0x045f1cf6, tpub},
    {"Upub", Slip132Script::p2sh_p2wsh, 0x024289ef, tpub},
    {"Vpub", Slip132Script::p2wsh, 0x02575483, tpub},
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
    if (ByteReader{payload}.read_u32_be() != known->version)
        throw Error{ErrorCode::malformed, "extended key looks like " + std::string{prefix} + " and has another version (SLIP-132)"};
    std::ranges::copy(known->plain, payload.begin());
    return {encoding::encode_base58check(payload), known->script};
}

} // namespace coffer::bitcoin
