#pragma once

#include "appliance/guard/signing.h"
#include "tests/attacks/json.h"

#include <filesystem>
#include <memory>
#include <string>

namespace coffer::test::attacks {

/// The real signers behind one that counts what it is asked, and meddles with the answer: `high_s`, `other_key`,
/// `other_public_key`, `other_digest`, `other_s`, `garbage`, `zero`, `short`; empty leaves it as it is.
appliance::SignerFactory counting_signers(std::shared_ptr<int> asked, std::string fault);

/// What somebody with the disk in their hands does, in order, each on "file" of the home (ledger.db without):
///
///     {"flip": 100}, {"truncate": 100}, {"zero": [from, count]}, {"empty": true}, {"remove": true}, {"chmod": "0755"}
///     {"write": TEXT}, {"replace_by": FILE of the same home}
///     {"of_another_home": FILE}   of a home that somebody else made
///     {"of_treasury": NAME}       the same file of this home, had it been pinned for another treasury
///     {"sql": [statement…]}, {"record": {"sequence": 2, "edit": […]}}
void tamper(const std::filesystem::path& home, const Json& operations);

} // namespace coffer::test::attacks
