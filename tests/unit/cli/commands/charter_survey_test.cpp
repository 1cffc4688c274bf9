#include "cli/charter_survey.h"

#include "tests/support/cli_fixture.h"

#include <gmock/gmock.h>

namespace coffer::cli {
namespace {

using testing::Contains;
using testing::Not;

charter::Limit limit_of(std::string id, std::string wallet, std::string asset, std::uint64_t amount)
{
    return {.id = std::move(id),
            .wallets = {{std::move(wallet)}},
            .assets = {{std::move(asset)}},
            .destinations = {},
            .requesters = {},
            .per = {},
            .span = days(7),
            .amount = Uint256{amount},
            .count = 5};
}

/// Two appliances with a key of the same wallet each, and Electrum; `policy` names them a, b and e.
charter::Charter with_bitcoin(charter::Charter charter, const std::string& policy, const std::vector<std::string>& names)
{
    const auto& format = *chains::find_format("bitcoin");
    const auto chain = *format.chain_named("bitcoin");
    auto second = charter.appliances.front();
    second.id = "vault-b";
    second.key = artefacts::ApprovalKey{crypto::Ed25519PrivateKey{SecretBytes::copy_of(Bytes(32, 0x44))}.public_key()};
    charter.appliances.push_back(second);
    std::vector<chains::DraftKey> keys;
    for (const auto& name : names) {
        const auto master = keys::ExtendedPrivateKey::from_seed(SecretBytes::copy_of(Bytes(32, static_cast<std::uint8_t>(name[0]))));
        const auto path = keys::DerivationPath::parse("m/48h/0h/0h/2h");
        const auto held = name == "e" ? charter::WalletKey{"", "", "", "electrum"} : charter::WalletKey{"vault-" + name, "b1", "", ""};
        const auto origin = keys::KeyOrigin{master.fingerprint(), path}.format();
        const auto extended = master.derive(path).extended_public_key().format();
        keys.push_back({name, {held, origin, extended}});
        for (auto& appliance : charter.appliances)
            if (appliance.id == held.appliance)
                appliance.keys.push_back({"b1", origin, extended});
    }
    auto wallet = format.draft_wallet(chain, policy, keys);
    wallet.id = "btc-cold";
    wallet.chain = chain.id;
    charter.chains.push_back(chain);
    charter.wallets.push_back(wallet);
    charter.limits = {limit_of("week", "btc-cold", "BTC", 300)};
    return charter;
}

CharterSurvey::LargestSum sum_of(const charter::Charter& charter)
{
    const auto found = survey(charter);
    EXPECT_EQ(found.largest_sums.size(), 1U);
    return found.largest_sums.at(0);
}

TEST(CharterSurvey, AddsUpWhatEveryApplianceWouldSign)
{
    const test::CliTreasury treasury;
    const auto one_of_two = with_bitcoin(*treasury.charter, "wsh(sortedmulti(1,a,b))", {"a", "b"});
    EXPECT_EQ(sum_of(one_of_two).in_words(one_of_two),
              "wallet btc-cold: at most 0.000006 BTC and 10 requests in 7 days by limit week, over 2 keys in appliances of which 1 must sign");
    const auto both = with_bitcoin(*treasury.charter, "wsh(sortedmulti(2,a,b))", {"a", "b"});
    EXPECT_EQ(sum_of(both).in_words(both), "wallet btc-cold: at most 0.000003 BTC and 5 requests in 7 days by limit week");
    const auto with_electrum = with_bitcoin(*treasury.charter, "wsh(sortedmulti(2,a,b,e))", {"a", "b", "e"});
    EXPECT_EQ(sum_of(with_electrum).in_words(with_electrum),
              "wallet btc-cold: at most 0.000006 BTC and 10 requests in 7 days by limit week, over 2 keys in appliances of which 1 must sign");
    const auto all = with_bitcoin(*treasury.charter, "wsh(sortedmulti(3,a,b,e))", {"a", "b", "e"});
    EXPECT_EQ(sum_of(all).in_words(all), "wallet btc-cold: at most 0.000003 BTC and 5 requests in 7 days by limit week");
}

TEST(CharterSurvey, SaysWhereALimitIsNotOfTheWholeWallet)
{
    const test::CliTreasury treasury;
    auto charter = *treasury.charter;
    EXPECT_EQ(survey(charter).unlimited, std::vector<std::string>{"eth-cold"});
    charter.limits = {limit_of("week", "eth-cold", "ETH", 300)};
    EXPECT_TRUE(survey(charter).unlimited.empty());
    charter.limits.front().per = {charter::LimitPer::wallet};
    EXPECT_TRUE(survey(charter).unlimited.empty());
    for (const auto per : {charter::LimitPer::destination, charter::LimitPer::requester}) {
        charter.limits.front().per = {per};
        EXPECT_EQ(survey(charter).unlimited, std::vector<std::string>{"eth-cold"});
        EXPECT_THAT(sum_of(charter).in_words(charter), testing::EndsWith(", in each window of its own"));
    }
    charter.limits.front().per.clear();
    charter.limits.front().requesters = {{"alice"}};
    EXPECT_THAT(sum_of(charter).in_words(charter), testing::EndsWith(", of what it names alone"));
    EXPECT_EQ(survey(charter).unlimited, std::vector<std::string>{"eth-cold"});
}

TEST(CharterSurvey, NamesSinglePointsOfFailure)
{
    const test::CliTreasury treasury;
    auto charter = *treasury.charter;
    const auto points = survey(charter).single_points;
    EXPECT_THAT(points, Contains("without officer carol nobody can fulfil rule \"small-eth\": 1 of compliance would be missing"));
    EXPECT_THAT(points, Contains("without officer bob nobody can fulfil rule \"large-eth\": 1 of finance would be missing"));
    EXPECT_THAT(points, Not(Contains("without officer bob nobody can fulfil rule \"small-eth\": 1 of finance would be missing")));
    EXPECT_THAT(points, Contains("without officer alice nobody can fulfil an amendment: 1 of admin would be missing"));
    EXPECT_THAT(points, Contains("without appliance vault-a or its backup nothing leaves wallet eth-cold"));
    charter = with_bitcoin(charter, "wsh(sortedmulti(2,a,b,e))", {"a", "b", "e"});
    EXPECT_THAT(survey(charter).single_points, Not(Contains("without appliance vault-a or its backup nothing leaves wallet btc-cold")));
    charter = with_bitcoin(*treasury.charter, "wsh(sortedmulti(2,a,b))", {"a", "b"});
    EXPECT_THAT(survey(charter).single_points, Contains("without appliance vault-b or its backup nothing leaves wallet btc-cold"));
}

} // namespace
} // namespace coffer::cli
