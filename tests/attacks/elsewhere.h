#pragma once

#include "tests/attacks/json.h"

#include <string>

namespace coffer::test::attacks {

/// A row that other tests prove, one for the hostile side and one for the twin.
struct Elsewhere {
    std::string folder;  ///< of a GoogleTest binary: `formats/evm` of tests/unit, or `integration/http_client`
    std::string wrapper; ///< of tests/integration, which starts the peer that the binary needs; or empty
    std::string script;  ///< or a script of tests/integration: `e2e/payments`
    std::string hostile; ///< `Suite.Name` of the binary, `case_…` of the script
    std::string twin;
};

/// {"folder", "with", "hostile", "twin"} or {"script", "hostile", "twin"}. Throws std::runtime_error when there is no
/// such script, or when the twin is missing or the hostile test itself.
Elsewhere parse_elsewhere(const Json& test);

/// Fails the running test unless one of that name is there, runs and passes; skips it where the peer is not
/// installed.
void run_elsewhere(const Elsewhere& elsewhere, const std::string& name);

} // namespace coffer::test::attacks
