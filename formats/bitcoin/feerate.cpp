#include "formats/bitcoin/feerate.h"

#include "core/base/error.h"
#include "core/base/text.h"

namespace coffer::bitcoin {

namespace {

constexpr unsigned rate_decimals = 3; // a thousandth of 1 sat/vB is 1 sat/kvB

} // namespace

Uint256 parse_feerate(std::string_view text)
{
    const auto blank = text.find(' ');
    const auto number = text.substr(0, blank);
    const auto unit = blank == std::string_view::npos ? std::string_view{} : text.substr(blank + 1);
    if (unit == "sat/vB")
        return parse_decimal(number, rate_decimals);
    if (unit == "sat/kvB")
        return parse_decimal(number, 0);
    throw Error{ErrorCode::malformed, "fee rate " + quoted(text) + " is not in sat/vB or sat/kvB", "write it like `12.5 sat/vB`"};
}

std::string format_feerate(const Uint256& rate)
{
    return format_decimal(rate, rate_decimals) + " sat/vB";
}

} // namespace coffer::bitcoin
