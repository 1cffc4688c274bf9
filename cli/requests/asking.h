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

/// Since when, by the time that its signers wrote, an entry put a destination into the address book, by its id.
std::map<std::string, UtcTime> added_since(const charter::PolicyChain& chain);

/// Which version of the charter brought each entry of the address book: a charter says no more of its time, and what
/// the database says of it nobody signed.
std::map<std::string, std::uint64_t> address_book_versions(const charter::PolicyChain& chain);

} // namespace coffer::cli
