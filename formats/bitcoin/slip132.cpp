#include "formats/bitcoin/slip132.h"

#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "core/encoding/base58.h"

#include <algorithm>
#include <array>

namespace coffer::bitcoin {

namespace {

constexpr std::size_t extended_key_size = 78;

struct Prefix {
    std::string_view name;
    Slip132Script script;
    std::uint32_t version;
    std::array<std::uint8_t, 4> plain; ///< version bytes of the prefix of BIP-32
};

constexpr std::array<std::uint8_t, 4> xpub = {0x04, 0x88, 0xb2, 0x1e};
constexpr std::array<std::uint8_t, 4> tpub = {0x04, 0x35, 0x87, 0xcf};

constexpr std::array<std::uint8_t, 4> xprv = {0x04, 0x88, 0xad, 0xe4};
constexpr std::array<std::uint8_t, 4> tprv = {0x04, 0x35, 0x83, 0x94};

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

constexpr std::array<Prefix, 8> private_prefixes = {{
    {"yprv", Slip132Script::p2sh_p2wpkh, 0x049d7878, xprv},
    {"zprv", Slip132Script::p2wpkh, 0x04b2430c, xprv},
    {"Yprv", Slip132Script::p2sh_p2wsh, 0x0295b005, xprv},
    {"Zprv", Slip132Script::p2wsh, 0x02aa7a99, xprv},
    {"uprv", Slip132Script::p2sh_p2wpkh, 0x044a4e28, tprv},
    {"vprv", Slip132Script::p2wpkh, 0x045f18bc, tprv},
    {"Uprv", Slip132Script::p2sh_p2wsh, 0x024285b5, tprv},
    {"Vprv", Slip132Script::p2wsh, 0x02575048, tprv},
}};

void require_version(ByteView payload, const Prefix& prefix)
{
    if (ByteReader{payload}.read_u32_be() != prefix.version)
        throw Error{ErrorCode::malformed, "extended key looks like " + std::string{prefix.name} + " and has another version (SLIP-132)"};
}

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
    if (payload.size() != extended_key_size)
        throw Error{ErrorCode::malformed, "extended key has " + std::to_string(payload.size()) + " bytes, not 78"};
    require_version(payload, *known);
    std::ranges::copy(known->plain, payload.begin());
    return {encoding::encode_base58check(payload), known->script};
}

Slip132PrivateKey read_slip132_private(const SecretBytes& text)
{
    const auto word = text_of(text.reveal());
    const auto known = std::ranges::find(private_prefixes, word.substr(0, 4), &Prefix::name);
    if (known == private_prefixes.end())
        return {text.clone(), Slip132Script::any};
    auto payload = encoding::decode_base58check_secret(word, extended_key_size);
    require_version(payload.reveal(), *known);
    std::ranges::copy(known->plain, payload.reveal_mutable().begin());
    return {encoding::encode_base58check_secret(payload.reveal()), known->script};
}

} // namespace coffer::bitcoin
