#pragma once

#include "appliance/guard/examination.h"
#include "appliance/session.h"
#include "core/console/environment.h"
#include "core/console/review.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace coffer::appliance {

/// Shows the date and asks whether it is right. Throws Error{clock} when the person says no.
void require_date(console::Terminal& terminal, UtcTime now, std::string_view context = {});

/// The first seconds of a session with people in the room: date, charter and paper log are shown
/// and confirmed. Throws Error{clock} or Error{ledger_rollback} when they do not agree, since
/// then nothing may be signed.
void begin_ceremony(console::Terminal& terminal, const Session& session, const Examination& examination);

/// Shows the review of each request that asks a person, to its end, and asks its challenge.
/// Returns what was declined. Throws Error{interrupted} when the terminal goes away.
std::set<RequestDigest> ask_person(console::Environment& environment, const requests::VaultLedger& ledger,
                                   const Examination& examination);

/// The review of one request, as the person at the vault and `verify` see it.
console::Review review_of(const Examination& examination, const requests::VaultLedger& ledger, const Verdict& verdict,
                          std::string title);

/// Whoever makes this appliance trust a charter knows its whole hash: named beforehand (`given`), or typed.
/// Throws Error{binding} for another hash, Error{declined}.
void require_charter_hash(console::Terminal& terminal, const std::optional<std::string>& given, const CharterHash& hash);

/// `8c1f-02de`: the head of a log as people write it on paper.
std::string short_head(const audit::Head& head);

} // namespace coffer::appliance
