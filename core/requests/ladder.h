#pragma once

#include "core/payments/payload.h"

#include <memory>
#include <vector>

namespace coffer::requests {

using Payloads = std::vector<std::unique_ptr<const payments::Payload>>;

constexpr std::size_t most_ladder_steps = 10;

/// True when the payloads of a request are the steps of a fee ladder (PROTOCOL 6): each uses exactly what the others use, so that one
/// of them at most can be mined, and they differ in fee and change only, each fee above the one before. False when they use nothing in
/// common, so that all of them are paid.
///
/// Throws Error{replaces} when only some of them exclude each other, Error{rbf_output} for a step that pays something else or has no higher
/// fee than the one before, Error{limit} over most_ladder_steps.
bool require_ladder_or_apart(const Payloads& payloads);

/// What a request does: all its payloads together; of a ladder its last step, which has the highest fee.
payments::Description describe(const Payloads& payloads, bool is_ladder);

/// Throws Error{rbf_output} unless `payload` pays what `lower` pays for a higher fee (ATTACKS A16). `name` is the payload's in the message.
void require_only_fee_grows(const payments::Payload& payload, const payments::Payload& lower, const std::string& name);

} // namespace coffer::requests
