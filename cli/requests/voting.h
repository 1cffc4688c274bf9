#pragma once

#include "core/console/command.h"
#include "core/requests/vote.h"

#include <string>

namespace coffer::cli {

/// The options that `approve` and `reject` share.
std::vector<console::OptionSpec> voting_options();

/// One officer's vote on a request of this home, or on a review file on their own machine, where
/// it goes to --out: verify the policy chain from the officer's anchor, judge, show, ask, sign.
/// The same vote again does nothing. Errors: those of RequestService::record() and OfficerKey.
console::CommandResult cast_vote(console::Invocation& invocation, requests::VoteDecision decision, const std::string& comment);

} // namespace coffer::cli
