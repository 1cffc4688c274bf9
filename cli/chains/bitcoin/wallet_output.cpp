#include "cli/chains/bitcoin/wallet_output.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <charconv>

namespace coffer::cli {

bool is_mature(const WalletOutput& output, std::uint64_t tip)
{
    return !output.is_coinbase || tip + 1 >= output.height + coinbase_maturity;
}

bitcoin::Outpoint parse_outpoint(std::string_view text)
{
    const auto bad = [&] {
        return Error{ErrorCode::usage, quoted(text, 100) + " is no output of a transaction", "write TXID:NUMBER, with the number of the output"};
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

} // namespace coffer::cli
