#pragma once

#include "core/console/command.h"
#include "core/keys/slip39.h"

#include <vector>

namespace coffer::console {

/// Into which shares a key is split.
struct ShareShape {
    unsigned group_threshold = 1;
    std::vector<keys::GroupShape> groups;
};

/// --threshold T --count N, or --groups 2of3,3of5 --group-threshold G.
std::vector<OptionSpec> share_shape_options();
/// True when any of them is given.
bool names_share_shape(const Invocation& invocation);
/// Throws Error{usage} for anything but one of both forms, and numbers beyond 1 to 16; whether the shape makes sense is for its reader.
ShareShape read_share_shape(const Invocation& invocation);

} // namespace coffer::console
