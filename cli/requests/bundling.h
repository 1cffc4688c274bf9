#pragma once

#include "cli/home.h"
#include "core/requests/request_service.h"
#include "formats/bundle/bundle.h"
#include "formats/bundle/receipt.h"

#include <map>
#include <vector>

namespace coffer::cli {

enum class Links { since_known, all };

/// The bundle of these requests: chain links that an active appliance may lack (`since_known`: after the position
/// of the newest receipt of each), the online log's head, the newest head of each appliance.
bundle::Bundle make_bundle(Home& home, requests::RequestService& service, const std::vector<requests::CheckedRequest>& requests,
                           Links links);
/// The size of each appliance's log that the bundle shows.
std::map<std::string, std::uint64_t> heads_shown(const bundle::Bundle& bundle);

/// One request with the whole policy chain, for an officer's own machine.
bundle::Review make_review(Home& home, requests::RequestService& service, const requests::CheckedRequest& request);

/// A receipt in the terms of core/requests.
requests::ReceiptFacts facts_of(const artefacts::Artefact& artefact);

} // namespace coffer::cli
