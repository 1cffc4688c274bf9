#pragma once

#include "appliance/guard/examination.h"
#include "core/console/command.h"
#include "formats/bundle/receipt.h"

namespace coffer::appliance {

/// The JSON of CLI.md for `verify` and `sign`: bundle_digest, requests[] {id, request_digest,
/// outcome, error {code, message}}.
Document describe_verdict(const Verdict& verdict, std::string_view outcome, const std::optional<Error>& refusal);

/// True when delays begin with this run if a person confirms the date. Says so where none can be asked.
bool begins_delay_here(const console::Invocation& invocation, const Examination& examination);

/// "request 0191f3c2-…".
std::string request_name(const Verdict& verdict);
/// The same in front of what went wrong.
Error in_request(const Verdict& verdict, const Error& error);

} // namespace coffer::appliance
