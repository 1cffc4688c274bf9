#include "core/charter/officer.h"

#include <algorithm>

namespace coffer::charter {

bool Officer::has_role(const std::string& role) const
{
    return std::ranges::find(roles, role) != roles.end();
}

} // namespace coffer::charter
