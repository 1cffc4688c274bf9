#include "cli/chains/bitcoin/coin_selection.h"

#include "formats/bitcoin/script.h"
#include "tests/support/vectors.h"
#include "tests/support/bitcoin_wallets.h"

#include <algorithm>
#include <random>
#include <set>

namespace coffer::cli {
namespace {

using coffer::test::wallet_descriptor;

Coin coin(std::uint64_t amount, std::uint32_t number)
{
    ByteArray<32> txid{};
    txid[0] = static_cast<std::uint8_t>(number * 37);
    txid[1] = static_cast<std::uint8_t>(number >> 8);
    return {{bitcoin::Txid{txid}, number}, amount};
}

std::vector<Coin> coins_of(std::initializer_list<std::uint64_t> amounts)
{
    std::vector<Coin> coins;
    for (const auto amount : amounts)
        coins.push_back(coin(amount, static_cast<std::uint32_t>(coins.size())));
    return coins;
}

Funding funding_of(std::uint64_t paid, std::uint64_t feerate, std::string_view form = "wpkh(K0)")
{
    const std::vector<bitcoin::TxOutput> outputs{{paid, bitcoin::p2wpkh_script({})}};
    return {TransactionShape{weights_of(wallet_descriptor(form)), outputs}, paid, feerate};
}

CoinSelection chosen(const CoinChoice& choice)
{
    if (const auto* missing = std::get_if<Shortfall>(&choice)) {
        ADD_FAILURE() << "have " << missing->have << ", need " << missing->need;
        return {};
    }
    return std::get<CoinSelection>(choice);
}

std::set<bitcoin::Outpoint> outpoints(const CoinSelection& selection, const std::vector<Coin>& coins)
{
    std::set<bitcoin::Outpoint> all;
    for (const auto i : selection.coins)
        all.insert(coins[i].outpoint);
    return all;
}

TEST(CoinSelection, FindsAMatchWithoutChange)
{
    const auto funding = funding_of(50'000, 20'000);
    const auto fee = fee_for(funding.shape.weight(2, WithChange::no), 20'000);
    const auto coins = coins_of({400'000, 33'000, 20'010 + fee, 90'000, 30'000, 61'000});
    const auto selection = chosen(choose_coins(funding, coins));
    EXPECT_EQ(selection.coins, (std::vector<std::size_t>{2, 4}));
    EXPECT_FALSE(selection.change);
    EXPECT_EQ(selection.fee, fee + 10);
}

TEST(CoinSelection, TakesTheSmallestThatDoes)
{
    const auto selection = chosen(choose_coins(funding_of(50'000, 20'000), coins_of({400'000, 90'000, 33'000, 120'000})));
    EXPECT_EQ(selection.coins, (std::vector<std::size_t>{1}));
    ASSERT_TRUE(selection.change);
    EXPECT_EQ(*selection.change, 90'000 - 50'000 - 141 * 20);
    // Two are needed: the largest, and the smallest that suffices beside it.
    const auto two = chosen(choose_coins(funding_of(450'000, 20'000), coins_of({400'000, 90'000, 33'000, 120'000})));
    EXPECT_EQ(two.coins, (std::vector<std::size_t>{0, 1}));
}

TEST(CoinSelection, TakesTheSameOneAmongEquals)
{
    auto coins = coins_of({80'000, 80'000, 80'000});
    std::set<bitcoin::Outpoint> taken;
    for (int turn = 0; turn < 3; ++turn) {
        taken.merge(outpoints(chosen(choose_coins(funding_of(50'000, 20'000), coins)), coins));
        std::ranges::rotate(coins, coins.begin() + 1);
    }
    EXPECT_EQ(taken.size(), 1u);
}

TEST(CoinSelection, PaysWhatChangeWouldCostToMiners)
{
    const auto funding = funding_of(50'000, 1000);
    const auto fee = fee_for(funding.shape.weight(1, WithChange::no), 1000);
    const auto without = chosen(choose_coins(funding, coins_of({50'000 + fee + 700})));
    EXPECT_FALSE(without.change);
    EXPECT_EQ(without.fee, fee + 700);
    const auto with = chosen(choose_coins(funding, coins_of({50'000 + fee + 31 + 680})));
    ASSERT_TRUE(with.change);
    EXPECT_EQ(*with.change, 680u);
    EXPECT_EQ(least_change(funding.shape.wallet()), 680u);
}

TEST(CoinSelection, SaysWhatIsMissing)
{
    const auto missing = std::get<Shortfall>(choose_coins(funding_of(50'000, 10'000), coins_of({30'000, 20'000, 500})));
    EXPECT_EQ(missing.have, 50'000u); // the last one costs more than it brings
    EXPECT_EQ(missing.need, 50'000u + 10 * 178);
    EXPECT_FALSE(missing.is_too_heavy);
    EXPECT_TRUE(std::holds_alternative<Shortfall>(choose_coins(funding_of(1000, 1000), {})));
}

TEST(CoinSelection, StopsAtTheWeightThatIsRelayed)
{
    const auto funding = funding_of(20'000'000, 1000);
    std::vector<Coin> coins;
    for (std::uint32_t i = 0; i < 2500; ++i)
        coins.push_back(coin(10'000, i));
    const auto missing = std::get<Shortfall>(choose_coins(funding, coins));
    EXPECT_TRUE(missing.is_too_heavy);
    EXPECT_EQ(missing.have, funding.shape.most_inputs() * 10'000);
    EXPECT_TRUE(std::get<Shortfall>(spend_exactly(funding, coins)).is_too_heavy);
    EXPECT_TRUE(std::get<Shortfall>(sweep_coins(funding, coins, 294)).is_too_heavy);
}

TEST(CoinSelection, SpendsExactlyWhatIsNamed)
{
    const auto funding = funding_of(50'000, 10'000);
    const auto selection = chosen(spend_exactly(funding, coins_of({60'000, 500, 400'000})));
    EXPECT_EQ(selection.coins, (std::vector<std::size_t>{0, 1, 2}));
    EXPECT_EQ(selection.fee, fee_for(funding.shape.weight(3, WithChange::yes), 10'000));
    EXPECT_EQ(std::get<Shortfall>(spend_exactly(funding, coins_of({40'000, 500}))).have, 40'500u);
    EXPECT_TRUE(std::holds_alternative<Shortfall>(spend_exactly(funding, {})));
}

TEST(CoinSelection, SweepsWhatIsWorthItsFee)
{
    const auto funding = funding_of(0, 10'000);
    const auto coins = coins_of({60'000, 680, 681, 400'000});
    const auto swept = std::get<CoinSweep>(sweep_coins(funding, coins, 294));
    EXPECT_EQ(swept.selection.coins, (std::vector<std::size_t>{0, 2, 3}));
    EXPECT_EQ(swept.selection.fee, fee_for(funding.shape.weight(3, WithChange::no), 10'000));
    EXPECT_EQ(swept.paid, 460'681 - swept.selection.fee);
    EXPECT_EQ(std::get<CoinSweep>(sweep_exactly(funding, coins, 294)).selection.coins.size(), 4u);
    const auto fee = fee_for(funding.shape.weight(1, WithChange::no), 10'000);
    EXPECT_EQ(std::get<CoinSweep>(sweep_coins(funding, coins_of({fee + 294}), 294)).paid, 294u);
    EXPECT_EQ(std::get<Shortfall>(sweep_coins(funding, coins_of({fee + 293}), 294)).need, fee + 294);
    EXPECT_TRUE(std::holds_alternative<Shortfall>(sweep_coins(funding, {}, 294)));
}

class CoinSelectionProperties : public testing::Test {
protected:
    std::uint64_t between(std::uint64_t low, std::uint64_t high)
    {
        return std::uniform_int_distribution<std::uint64_t>{low, high}(m_random);
    }
    std::vector<Coin> some_coins(std::size_t count)
    {
        std::vector<Coin> coins;
        for (std::uint32_t i = 0; i < count; ++i)
            coins.push_back(coin(between(1, std::uint64_t{1} << between(8, 34)), i));
        return coins;
    }
    std::mt19937_64 m_random{20'240'521}; // NOLINT: the same cases every time
};

TEST_F(CoinSelectionProperties, BalancesAndPaysTheRate)
{
    unsigned funded = 0;
    for (int round = 0; round < 2000; ++round) {
        SCOPED_TRACE(round);
        const auto& form = coffer::test::wallet_forms[between(0, coffer::test::wallet_forms.size() - 1)];
        auto coins = some_coins(between(1, 40));
        std::uint64_t total = 0;
        for (const auto& one : coins)
            total += one.amount;
        const auto funding = funding_of(between(1, total), between(1, 300'000), form);
        const auto choice = choose_coins(funding, coins);
        if (const auto* missing = std::get_if<Shortfall>(&choice)) {
            EXPECT_LT(missing->have, missing->need);
            continue;
        }
        ++funded;
        const auto& selection = std::get<CoinSelection>(choice);
        std::uint64_t in = 0;
        for (const auto i : selection.coins)
            in += coins[i].amount;
        EXPECT_EQ(in, funding.paid + selection.fee + selection.change.value_or(0));
        const auto with_change = selection.change ? WithChange::yes : WithChange::no;
        const auto least = fee_for(funding.shape.weight(selection.coins.size(), with_change), funding.feerate);
        if (selection.change) {
            EXPECT_EQ(selection.fee, least);
            EXPECT_GE(*selection.change, least_change(funding.shape.wallet()));
        } else {
            EXPECT_GE(selection.fee, least);
            EXPECT_LT(selection.fee, fee_for(funding.shape.weight(selection.coins.size(), WithChange::yes), funding.feerate) +
                                         least_change(funding.shape.wallet()));
        }
        const auto before = outpoints(selection, coins);
        EXPECT_EQ(before.size(), selection.coins.size());
        std::shuffle(coins.begin(), coins.end(), m_random);
        EXPECT_EQ(outpoints(chosen(choose_coins(funding, coins)), coins), before);
    }
    EXPECT_GT(funded, 1000u);
}

TEST_F(CoinSelectionProperties, FindsWhateverSuffices)
{
    // All useful coins together fund it whenever anything does.
    for (int round = 0; round < 500; ++round) {
        SCOPED_TRACE(round);
        const auto coins = some_coins(between(1, 12));
        const auto funding = funding_of(between(1, 1'000'000), between(1, 50'000));
        const auto swept = sweep_coins(funding, coins, funding.paid);
        EXPECT_EQ(std::holds_alternative<CoinSweep>(swept), std::holds_alternative<CoinSelection>(choose_coins(funding, coins)));
    }
}

TEST_F(CoinSelectionProperties, IsQuickWithManyCoins)
{
    const auto coins = some_coins(10'000);
    for (const std::uint64_t paid : {1'000'000ull, 100'000'000ull, 100'000'000'000ull, 3'000'000'000'000ull})
        for (const std::uint64_t feerate : {1000ull, 20'000ull}) {
            const auto funding = funding_of(paid, feerate);
            const auto selection = chosen(choose_coins(funding, coins));
            EXPECT_LE(selection.coins.size(), funding.shape.most_inputs());
        }
}

} // namespace
} // namespace coffer::cli
