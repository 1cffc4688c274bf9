#include "core/console/wallet_text.h"

#include "core/base/text.h"

namespace coffer::console {

std::string format_holder(const chains::HeldKey& key)
{
    const auto& [holder, origin, extended_public] = key;
    const auto shown = escaped(origin.empty() ? extended_public : origin);
    if (!holder.outside.empty())
        return "outside, " + escaped(holder.outside) + "  " + shown;
    return holder.appliance + " " + holder.key + (holder.path.empty() ? "" : "/" + holder.path) + "  " + shown;
}

} // namespace coffer::console
