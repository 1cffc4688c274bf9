#pragma once

#include "cli/chains/bitcoin/transfer_builder.h"
#include "formats/bitcoin/payload.h"
#include "tests/unit/cli/chains/bitcoin/fixture.h"

namespace coffer::cli::test {

/// With a wallet of every form.
inline const charter::Charter& shared_charter()
{
    static const auto charter = coffer::test::bitcoin_charter();
    return charter;
}

/// A wallet and what it has been paid, each by a transaction of its own.
class Purse {
public:
    explicit Purse(std::size_t wallet = 1) : m_charter_wallet{shared_charter().wallets[wallet]}, m_wallet{shared_charter(), m_charter_wallet}
    {
        m_facts.height = 1000;
        m_facts.feerate = 5000;
        m_facts.least_feerate = 1000;
        m_facts.increment = 1000;
    }

    WalletOutput& receive(std::uint64_t amount, bitcoin::Place place = {}, bool is_coinbase = false)
    {
        const auto number = static_cast<std::uint8_t>(m_previous.size());
        const auto transaction = funding_transaction(m_wallet.script_pubkey(place), amount, number, is_coinbase);
        const auto txid = bitcoin::txid_of(transaction);
        m_previous[txid] = transaction;
        return m_facts.outputs.emplace_back(WalletOutput{{txid, 1}, amount, place, 900, is_coinbase});
    }

    chains::TransferOrder order(std::vector<payments::Payment> payments)
    {
        chains::TransferOrder order{shared_charter(), m_charter_wallet, std::move(payments), false, {}, {}};
        return order;
    }
    TransferPlan plan(const chains::TransferOrder& order) { return plan_transfer(order, m_wallet, m_facts); }
    bitcoin::Psbt build(const chains::TransferOrder& order)
    {
        return bitcoin::decode_psbt(encode_plan(plan(order), m_wallet, m_previous));
    }
    payments::SpendSlot slot(std::size_t output)
    {
        return bitcoin::outpoint_slot(m_wallet.network(), m_facts.outputs[output].outpoint);
    }
    std::string name(std::size_t output) { return format_outpoint(m_facts.outputs[output].outpoint); }

    const charter::Wallet& m_charter_wallet;
    bitcoin::DescriptorWallet m_wallet;
    BitcoinFacts m_facts;
    PreviousTransactions m_previous;
};

} // namespace coffer::cli::test
