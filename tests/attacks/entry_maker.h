#pragma once

#include "core/charter/policy_chain.h"
#include "tests/attacks/json.h"

#include <optional>

namespace coffer::test::attacks {

/// An entry other than amendments and cancels: {"freeze": [wallets], "officer", "for"}, {"unfreeze": wallet that is frozen, or
/// the freeze's entry hash as hex}, {"suspend": officer}, {"add": id, "on": chain, "address"}, {"remove": id, "officer"}, {"enrol": appliance,
/// "key"} or {"retire": appliance, "key"}, where a key is a name; each with "reason", "signers" and "age". None for anything else.
std::optional<artefacts::Artefact> make_entry(const charter::PolicyChain& chain, const Json& entry, UtcTime now);

} // namespace coffer::test::attacks
