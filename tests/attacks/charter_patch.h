#pragma once

#include "core/charter/charter.h"
#include "tests/attacks/json.h"

namespace coffer::test::attacks {

/// Changes a charter: {"rules": {"small": {"approvals": "1 of finance"}}, "officers": {"mallory": {…}}, …}. What is
/// named and not there is added, what is "removed" is taken out. `rules_first` puts new rules before the others.
/// A chain with a "network" is one of Bitcoin; a wallet there has a "descriptor" as in bitcoin_keys.h, and destinations are names as in
/// bitcoin_maker.h.
void patch(charter::Charter& charter, const Json& changes);

/// Twenty bytes: `0x…`; `wallet:ID` or `token:ID` of the charter; `like:NAME`, which begins and ends like NAME; else
/// the address of treasury.h with that name.
Bytes address_in(const charter::Charter& charter, const std::string& text);

} // namespace coffer::test::attacks
