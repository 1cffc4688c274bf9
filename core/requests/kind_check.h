#pragma once

#include "core/policy/facts.h"
#include "core/requests/judgement.h"

namespace coffer::requests {

/// What the payloads of a request can be under its kind. Messages and ceremonies are kinds of their own and nothing else; the other kinds need
/// payloads which no format makes yet: under another name a transfer could choose a weaker rule. Throws Error{policy_denied}.
void require_kind_fits(const OpenRequest& open, const policy::ChainWords& words);

} // namespace coffer::requests
