#include "formats/bitcoin/inspect.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/base58.h"
#include "core/encoding/base64.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/inspect_parts.h"
#include "formats/bitcoin/psbt_map.h"

#include <algorithm>
#include <array>

namespace coffer::bitcoin {

namespace {

constexpr std::string_view psbt_base64 = "cHNidP"; // "psbt" and most of 0xff
constexpr std::string_view psbt_hex = "70736274ff";

bool begins_with_any(std::string_view text, std::span<const std::string_view> beginnings)
{
    return std::ranges::any_of(beginnings, [&](std::string_view beginning) { return text.starts_with(beginning); });
}

/// Version byte, hash and checksum under a first character that one of our networks gives.
bool looks_like_base58_address(std::string_view word)
{
    constexpr std::size_t decoded_size = 25;
    if (word.size() < 26 || word.size() > 35 || std::string_view{"13mn2"}.find(word.front()) == std::string_view::npos)
        return false;
    try {
        return encoding::decode_base58(word).size() == decoded_size;
    } catch (const Error&) {
        return false;
    }
}

bool looks_like_address(std::string_view word)
{
    constexpr std::array<std::string_view, 3> segwit = {"bc1", "tb1", "bcrt1"};
    return begins_with_any(to_lower_ascii(word.substr(0, 5)), segwit) || looks_like_base58_address(word);
}

/// The functions of BIP-380 to 390, also those that are not known here: it is said then.
bool looks_like_descriptor(std::string_view word)
{
    constexpr std::array<std::string_view, 12> functions = {"pk(",    "pkh(",  "wpkh(", "sh(",    "wsh(",   "tr(",
                                                            "rawtr(", "addr(", "raw(",  "combo(", "multi(", "sortedmulti("};
    return begins_with_any(word, functions);
}

bool looks_like_extended_key(std::string_view word)
{
    constexpr std::size_t least = 101;
    constexpr std::size_t most = 119;
    return word.size() >= least && word.size() <= most && (word.substr(1).starts_with("pub") || word.substr(1).starts_with("prv"));
}

std::string without_blanks(std::string_view text)
{
    std::string joined;
    std::ranges::copy_if(text, std::back_inserter(joined), [](char c) { return c != '\n' && c != '\r' && c != ' ' && c != '\t'; });
    return joined;
}

/// What the text spells where it begins like a PSBT, else the bytes. What is cut there throws with its offset.
Bytes psbt_bytes(ByteView bytes, std::string_view word)
{
    if (word.starts_with(psbt_base64))
        return encoding::decode_base64(without_blanks(word));
    if (to_lower_ascii(word.substr(0, psbt_hex.size())) == psbt_hex)
        return encoding::decode_hex(without_blanks(word));
    return to_bytes(bytes);
}

bool looks_like_psbt(ByteView bytes, std::string_view word)
{
    return word.starts_with(psbt_base64) || to_lower_ascii(word.substr(0, psbt_hex.size())) == psbt_hex ||
           (bytes.size() >= psbt_magic.size() && equal(bytes.first(psbt_magic.size()), psbt_magic));
}

/// Many formats begin alike, so that nothing less than a whole transaction tells.
std::optional<Document> find_transaction(ByteView bytes)
{
    try {
        const auto transaction = decode_transaction(bytes);
        if (transaction.inputs.empty() || transaction.outputs.empty())
            return std::nullopt;
        return inspect_transaction(transaction);
    } catch (const Error&) {
        return std::nullopt;
    }
}

std::optional<Document> find_out(ByteView bytes, std::string_view word)
{
    if (looks_like_extended_key(word))
        return inspect_extended_key(word);
    if (looks_like_address(word))
        return inspect_address(word);
    if (looks_like_descriptor(word))
        return inspect_descriptor(word);
    if (looks_like_psbt(bytes, word))
        return inspect_psbt(psbt_bytes(bytes, word));
    return find_transaction(bytes);
}

} // namespace

std::optional<Document> inspect(ByteView bytes, std::string_view text, std::string_view kind)
{
    const auto word = trim(text);
    if (kind.empty())
        return find_out(bytes, word);
    if (kind == "address")
        return looks_like_address(word) ? std::optional{inspect_address(word)} : std::nullopt;
    if (kind == "descriptor")
        return inspect_descriptor(word);
    if (kind == "extended_key")
        return inspect_extended_key(word);
    if (kind == "psbt")
        return inspect_psbt(psbt_bytes(bytes, word));
    if (kind == "bitcoin_transaction")
        return inspect_transaction(decode_transaction(bytes));
    return std::nullopt;
}

} // namespace coffer::bitcoin
