#pragma once

#include "cli/home.h"
#include "core/console/request_review.h"

namespace coffer::cli {

/// --confirm REQUEST_DIGEST
console::OptionSpec confirm_option();

/// Shows the review and asks the challenge (PROTOCOL 9); comes back only when the person at the
/// terminal agreed. Without a terminal --confirm must name this request: Error{presence}, and
/// Error{appr_binding} when it names another one. `purpose`: "to approve".
void require_person(const console::Invocation& invocation, const requests::Judgement& judgement, const charter::Charter& charter,
                    const console::RequestReviewFacts& facts, std::string_view purpose);

/// Since when each entry of the address book stands in the charters of this home.
std::map<std::string, UtcTime> address_book_since(Home& home);

} // namespace coffer::cli
