#include "core/charter/limit.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <array>

namespace coffer::charter {

std::string_view name_of(LimitPer per)
{
    switch (per) {
    case LimitPer::wallet: return "wallet";
    case LimitPer::destination: return "destination";
    case LimitPer::requester: return "requester";
    }
    fatal("limit per something without a name");
}

LimitPer parse_limit_per(std::string_view name)
{
    for (const auto per : {LimitPer::wallet, LimitPer::destination, LimitPer::requester})
        if (name_of(per) == name)
            return per;
    throw Error{ErrorCode::malformed, quoted(name, 40) + " is none of wallet, destination, requester"};
}

Uint256 greatest_limit_amount()
{
    std::array<std::uint8_t, 24> most{};
    most.fill(0xff);
    return Uint256::from_big_endian(most);
}

} // namespace coffer::charter
