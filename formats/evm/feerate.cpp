#include "formats/evm/feerate.h"

#include "core/base/error.h"
#include "core/base/text.h"

namespace coffer::evm {

namespace {

constexpr unsigned gwei_decimals = 9;
constexpr std::uint64_t least_shown_in_gwei = 1000;

} // namespace

Uint256 parse_feerate(std::string_view text)
{
    const auto blank = text.find(' ');
    const auto number = text.substr(0, blank);
    const auto unit = blank == std::string_view::npos ? std::string_view{} : text.substr(blank + 1);
    if (unit == "gwei")
        return parse_decimal(number, gwei_decimals);
    if (unit == "wei")
        return parse_decimal(number, 0);
    throw Error{ErrorCode::malformed, "fee rate " + quoted(text) + " is not in gwei or wei", "write it like `50 gwei`"};
}

std::string format_feerate(const Uint256& wei)
{
    if (wei < Uint256{least_shown_in_gwei} && !wei.is_zero())
        return wei.decimal() + " wei";
    return format_decimal(wei, gwei_decimals) + " gwei";
}

} // namespace coffer::evm
