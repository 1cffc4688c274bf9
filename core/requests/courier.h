#pragma once

#include "core/requests/request_service.h"

#include <optional>
#include <string>
#include <vector>

namespace coffer::requests {

/// Sends what is signed to its chain, and follows it there.
///
/// One courier at a time sends: whoever starts one holds the home's lease.
class Courier {
public:
    Courier(RequestService& service, chains::ChainClient& client) : m_service{service}, m_client{client} {}

    /// Sends what waits, always the same bytes. A transaction that an earlier run may have sent is looked up by its
    /// own id first. Answers what kept one from being sent or leaves its arrival unknown: it stays
    /// `broadcast`, not seen, and the next run finds out. Errors: those of begin_broadcast().
    std::optional<Error> send(const RequestId& id);
    /// The same with the next step of a fee ladder. Where an earlier run broke off, its step is sent again instead, unless the nodes
    /// refuse it. Errors: those of begin_next_step().
    std::optional<Error> send_next_step(const RequestId& id);

    /// Asks where every transaction of the request is and records it. Errors: those of the client,
    /// and of RequestService.
    CheckedRequest follow(const RequestId& id);

private:
    std::optional<Error> send(const RequestId& id, std::span<const Sending> sendings);
    bool is_known(const Sending& sending);
    bool is_nowhere(const Sending& sending);
    Observation observe(std::uint32_t payload, const payments::SignedTransaction& transaction,
                        const std::vector<payments::SpendSlot>& slots, std::uint64_t since, std::uint64_t required);

    RequestService& m_service;
    chains::ChainClient& m_client;
};

} // namespace coffer::requests
