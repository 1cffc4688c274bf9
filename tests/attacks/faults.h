#pragma once

#include "appliance/guard/signing.h"
#include "tests/attacks/json.h"

#include <filesystem>
#include <memory>
#include <string>

namespace coffer::test::attacks {

/// The real signers behind one that counts what it is asked, and meddles with the answer: `high_s`, `other_key`,
/// `other_public_key`, `other_digest`, `garbage`, `zero`, `short`; empty leaves it as it is.
appliance::SignerFactory counting_signers(std::shared_ptr<int> asked, std::string fault);

/// What somebody with the disk in their hands does, in order: {"sql": [statement…]}, {"flip": 100}, {"truncate": 100},
/// {"zero": [from, count]}, {"chmod": "0755"}, {"remove": true}, {"empty": true}, {"replace_by": FILE}, each on "file"
/// (ledger.db without).
void tamper(const std::filesystem::path& home, const Json& operations);

} // namespace coffer::test::attacks
