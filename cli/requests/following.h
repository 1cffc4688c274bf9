#pragma once

#include "cli/home.h"
#include "core/chains/chain_client.h"
#include "core/console/command.h"
#include "core/requests/request_service.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace coffer::cli {

/// One connection a chain, made when it is first needed.
class ClientPool {
public:
    explicit ClientPool(Home& home) : m_home{home} {}
    chains::ChainClient& of(const charter::Chain& chain);

private:
    Home& m_home;
    std::map<std::string, std::unique_ptr<chains::ChainClient>> m_clients;
};

/// What `broadcast` and `track` say about one request: {id, status, txid, confirmations, required,
/// payloads[], error}. The transaction is that of the least advanced payload.
Document describe_progress(const requests::CheckedRequest& checked, const std::optional<Error>& error);
std::string progress_in_words(const requests::CheckedRequest& checked, const std::optional<Error>& error);

/// The requests that the arguments name, each once.
std::vector<RequestId> named_requests(const console::Invocation& invocation, requests::RequestService& service);
/// The same, or all of `otherwise` where none is named.
std::vector<RequestId> requests_of(const console::Invocation& invocation, requests::RequestService& service,
                                   const std::vector<RequestId>& otherwise);

} // namespace coffer::cli
