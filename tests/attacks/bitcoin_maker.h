#pragma once

#include "core/charter/charter.h"
#include "formats/bitcoin/descriptor.h"
#include "tests/attacks/json.h"

#include <string>

namespace coffer::test::attacks {

/// A PSBT, however wrong, for a wallet with a descriptor:
///
///     {"inputs": {"1": {"coin": NAME, "amount": 100000000, "at": "0/0", "sequence": 4294967293, "count": 1}, …},
///      "outputs": {"1": {"to": NAME, "amount": 30000000, "count": 1}, "2": {"at": "1/0", "amount": 69998000}, …},
///      "lock_time": 100, "transaction_version": 2, "version": 0, "faults": […], "edit": […]}
///
/// What an input spends is output 1 of a transaction that the name of the coin makes up. `at` is a branch and an index
/// of the payer; of another "wallet", or of any "descriptor" of bitcoin_keys.h. Instead an output may have a "script"
/// in hex. "hints" say where scripts and keys pretend to be: another such place, or "none". "reverse" reads inputs or
/// outputs from the last to the first. `faults`: bitcoin_faults.h; `edit`: of the bytes.
Bytes make_psbt(const Json& payload, const charter::Charter& charter, const charter::Wallet& wallet);

/// The script of a name: `wallet:ID` is the wallet's first address to receive at; `p2pkh:NAME`, `p2sh:NAME`,
/// `p2wsh:NAME`, `p2tr:NAME` pay to a hash that nobody knows the key of, and NAME alone is P2WPKH.
Bytes bitcoin_script(const charter::Charter& charter, const std::string& name);

/// Where a wallet's address is, or pretends to be.
struct DescriptorPlace {
    bitcoin::Descriptor descriptor;
    std::size_t branch = 0;
    std::uint32_t index = 0;
};
DescriptorPlace find_place(const Json& place, const charter::Charter& charter, const charter::Wallet& wallet);

} // namespace coffer::test::attacks
