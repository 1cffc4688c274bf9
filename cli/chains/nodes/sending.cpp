#include "cli/chains/nodes/sending.h"

#include "core/base/text.h"

#include <optional>
#include <vector>

namespace coffer::cli {

using chains::SendOutcome;

SendOutcome send_to_nodes(RpcNodes& nodes, const std::string& chain, const Handover& handover)
{
    bool may_have_arrived = false;
    std::vector<std::string> failures;
    auto code = ErrorCode::rpc;
    const auto note = [&](const TransportError& failure) {
        code = failures.empty() ? failure.code() : code;
        failures.push_back(failure.message());
    };
    for (auto& node : nodes.all()) {
        try {
            handover.require_chain(node);
        } catch (const TransportError& failure) {
            note(failure); // nothing of the transaction has left yet, whatever became of this question
            continue;
        } catch (const Error&) {
            if (may_have_arrived)
                continue;
            throw;
        }
        std::optional<RpcAnswer> answer;
        try {
            answer = handover.send(node);
        } catch (const TransportError& failure) {
            may_have_arrived = may_have_arrived || failure.delivery() == Delivery::unknown;
            note(failure);
            continue;
        }
        if (handover.is_taken(*answer))
            return SendOutcome::accepted;
        // "already known", "nonce too low" and kin prove nothing; only the transaction itself does.
        if (handover.is_known())
            return SendOutcome::already_known;
        if (answer->error() == nullptr || may_have_arrived)
            return SendOutcome::unknown;
        throw answer->refusal();
    }
    if (may_have_arrived)
        return handover.is_known() ? SendOutcome::accepted : SendOutcome::unknown;
    throw Error{code, "chain " + chain + ": " + join(failures, "; ")};
}

} // namespace coffer::cli
