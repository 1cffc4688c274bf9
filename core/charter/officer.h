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
    /// Keys that an entry suspended: they count nothing. Never part of a sealed charter.
    std::vector<artefacts::ApprovalKey> suspended{};
    bool operator==(const Officer&) const = default;

    /// True when no key is left that counts.
    bool is_suspended() const { return keys.empty(); }
    bool has_role(const std::string& role) const;
};

} // namespace coffer::charter
