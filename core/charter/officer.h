#pragma once

#include "core/artefacts/approval_key.h"

#include <string>
#include <vector>

namespace coffer::charter {

struct Role {
    std::string id;
    /// A rejection by one officer of this role ends the request.
    bool veto = false;
    bool operator==(const Role&) const = default;
};

struct Officer {
    std::string id;
    std::vector<std::string> roles;
    std::vector<artefacts::ApprovalKey> keys;
    bool operator==(const Officer&) const = default;

    bool has_role(const std::string& role) const;
};

} // namespace coffer::charter
