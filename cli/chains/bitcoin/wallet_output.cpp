#include "cli/chains/bitcoin/wallet_output.h"

#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <charconv>

namespace coffer::cli {

bool is_mature(const WalletOutput& output, std::uint64_t tip)
{
    return !output.is_coinbase || tip + 1 >= output.height + coinbase_maturity;
}

bitcoin::Outpoint parse_outpoint(std::string_view text)
{
    const auto bad = [&] {
        return Error{ErrorCode::usage, quoted(text, 100) + " is no output of a transaction", "write TXID:NUMBER, as `wallet balance` lists them"};
    };
    const auto colon = text.find(':');
    if (colon == std::string_view::npos)
        throw bad();
    const auto digits = text.substr(colon + 1);
    bitcoin::Outpoint outpoint;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), outpoint.index);
    const auto is_padded = digits.size() > 1 && digits.front() == '0';
    if (problem != std::errc{} || end != digits.data() + digits.size() || is_padded)
        throw bad();
    try {
        outpoint.txid = bitcoin::parse_txid(text.substr(0, colon));
    } catch (const Error&) {
        throw bad();
    }
    return outpoint;
}

std::string format_outpoint(const bitcoin::Outpoint& outpoint)
{
    return bitcoin::format_txid(outpoint.txid) + ":" + std::to_string(outpoint.index);
}

std::optional<bitcoin::Outpoint> outpoint_of(const payments::SpendSlot& slot, const bitcoin::Network& network)
{
    auto prefix = to_bytes(bytes_of(bitcoin::family_name));
    append(prefix, network.genesis());
    constexpr std::size_t outpoint_bytes = 36;
    if (slot.sequence || slot.owner.size() != prefix.size() + outpoint_bytes ||
        !std::equal(prefix.begin(), prefix.end(), slot.owner.begin()))
        return std::nullopt;
    ByteReader reader{ByteView{slot.owner}.subspan(prefix.size())};
    bitcoin::Outpoint outpoint;
    outpoint.txid = bitcoin::Txid{reader.read_array<32>()};
    outpoint.index = reader.read_u32_be();
    return outpoint;
}

} // namespace coffer::cli
