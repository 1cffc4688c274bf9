#pragma once

#include "cli/home.h"
#include "core/audit/merkle.h"
#include "core/base/error.h"
#include "core/console/command.h"

#include <filesystem>
#include <vector>

namespace coffer::cli {

/// A head of this home's log that was kept elsewhere. Throws Error{type} for a file that holds none.
///
/// The file is a `coffer-head` of the online log, a bundle that shows one, or what `audit export`
/// wrote, whose records are checked, too. Heads count when the charter's audit key (`keys`) signed
/// them: Error{sig_verify}.
std::vector<audit::Head> load_anchors(const console::Invocation& invocation, const std::filesystem::path& file,
                                      const std::vector<artefacts::ApprovalKey>& keys);

/// What verify_home() went through.
struct AuditCount {
    audit::Head head;
    std::uint64_t links = 0;
    std::uint64_t requests = 0;
    std::uint64_t votes = 0;
    std::uint64_t receipts = 0;
};

/// Everything that contradicts something else in a home, in the order of discovery.
struct AuditReport {
    AuditCount count;
    std::vector<Error> findings;
};

/// Computes the log again and holds it against `anchors`; verifies every stored signed artefact;
/// holds every row against the log and every column against the signed bytes.
///
/// Findings: `log_chain`, `log_truncated`, `db_tamper` naming table and row, `db_rollback` for a
/// bundle that a vault has answered and this home does not know, `ledger_rollback` for the log of an appliance.
AuditReport verify_home(Home& home, const std::vector<audit::Head>& anchors);

} // namespace coffer::cli
