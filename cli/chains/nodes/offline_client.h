#pragma once

#include "core/chains/chain_client.h"

#include <string>

namespace coffer::cli {

/// Builds from given facts, without a network; everything else is Error{rpc}.
class OfflineClient : public chains::ChainClient {
public:
    /// `inputs`: the JSON of `--offline-inputs`, read when something is built.
    explicit OfflineClient(std::string inputs) : m_inputs{std::move(inputs)} {}

    chains::BuiltTransfer replace(const chains::ReplacementOrder& order) final;
    std::vector<Amount> balances(const charter::Charter& charter, const charter::Wallet& wallet) final;
    std::uint64_t height() final;
    chains::SendOutcome send(const payments::SignedTransaction& transaction) final;
    chains::Sighting look_up(const payments::SignedTransaction& transaction, std::uint64_t since) final;
    bool is_spent(const payments::SpendSlot& slot, std::uint64_t depth) final;

protected:
    const std::string& inputs() const { return m_inputs; }

private:
    std::string m_inputs;
};

} // namespace coffer::cli
