#include "formats/bitcoin/address.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/base58.h"
#include "core/encoding/bech32.h"
#include "formats/bitcoin/script.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

constexpr std::size_t hash_size = 20;

/// The human-readable part of what looks like a segwit address of any network; else empty.
std::string human_readable_part_of(std::string_view text)
{
    const auto separator = text.rfind('1');
    if (separator == std::string_view::npos)
        return {};
    auto part = to_lower_ascii(text.substr(0, separator));
    const auto is_known = std::ranges::any_of(networks(), [&](const Network& network) { return network.human_readable_part == part; });
    return is_known ? part : std::string{};
}

Error of_another_network(std::string_view text, const Network& network)
{
    return Error{ErrorCode::chain, "address " + coffer::quoted(text) + " is not one of " + std::string{network.name}};
}

Bytes parse_segwit(std::string_view text, const std::string& part, const Network& network)
{
    const auto program = encoding::parse_segwit_address(part, text);
    if (part != network.human_readable_part)
        throw of_another_network(text, network);
    Bytes script{static_cast<std::uint8_t>(program.version == 0 ? 0 : 0x50 + program.version)};
    append_push(script, program.program);
    return script;
}

Bytes parse_base58(std::string_view text, const Network& network)
{
    const auto payload = encoding::decode_base58check(text);
    if (payload.size() != 1 + hash_size)
        throw Error{ErrorCode::malformed, "address has " + std::to_string(payload.size()) + " bytes, not 21"}; // not quoted: it may be a private key
    const auto hash = to_array<hash_size>(ByteView{payload}.subspan(1), "hash");
    if (payload[0] == network.p2pkh_version)
        return p2pkh_script(hash);
    if (payload[0] == network.p2sh_version)
        return p2sh_script(hash);
    throw of_another_network(text, network);
}

std::string format_base58(std::uint8_t version, ByteView hash)
{
    Bytes payload{version};
    append(payload, hash);
    return encoding::encode_base58check(payload);
}

} // namespace

Bytes parse_address(std::string_view text, const Network& network)
{
    const auto part = human_readable_part_of(text);
    return part.empty() ? parse_base58(text, network) : parse_segwit(text, part, network);
}

std::optional<std::string> format_address(ByteView script, const Network& network)
{
    const auto payload = script_payload(script);
    switch (script_type(script)) {
    case ScriptType::p2pkh:
        return format_base58(network.p2pkh_version, payload);
    case ScriptType::p2sh:
        return format_base58(network.p2sh_version, payload);
    case ScriptType::p2wpkh:
    case ScriptType::p2wsh:
    case ScriptType::p2tr:
    case ScriptType::witness_unknown:
        break;
    case ScriptType::null_data:
    case ScriptType::other:
        return std::nullopt;
    }
    const auto version = *witness_version(script);
    if (version == 0 && payload.size() != 20 && payload.size() != 32)
        return std::nullopt; // BIP-141: nobody can spend it
    return encoding::format_segwit_address(network.human_readable_part, {version, to_bytes(payload)});
}

std::vector<const Network*> networks_of_address(std::string_view text)
{
    std::vector<const Network*> found;
    for (const auto& network : networks()) {
        try {
            parse_address(text, network);
            found.push_back(&network);
        } catch (const Error&) {
            continue;
        }
    }
    return found;
}

} // namespace coffer::bitcoin
