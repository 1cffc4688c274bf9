#include "core/requests/ceremony.h"

#include "core/base/error.h"
#include "core/requests/recipient.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::requests {
namespace {

using payments::Ceremony;
using test::example_charter;

Ceremony example(const charter::Charter& charter)
{
    const auto* key = charter.find_appliance("vault-a")->find_key("k1");
    return {.appliance = "vault-a", .key = "k1",
            .public_key = to_bytes(keys::ExtendedPublicKey::parse(key->extended_public).key().compressed()),
            .operation = Ceremony::Operation::create, .group_threshold = 1, .groups = {{2, 3}}, .share_set = 9};
}

std::unique_ptr<const payments::Payload> decode(const charter::Charter& charter, const Ceremony& ceremony, std::string_view wallet = "eth-cold")
{
    return decode_payload(payments::encode_ceremony(ceremony), {charter, charter.wallet(wallet)});
}

TEST(CeremonyPayload, PaysNothingAndGoesToNoChain)
{
    const auto charter = example_charter();
    const auto payload = decode(charter, example(charter));
    EXPECT_FALSE(payload->goes_to_chain());
    EXPECT_TRUE(payload->description().payments.empty());
    EXPECT_TRUE(payload->description().fee.maximum.base_units().is_zero());
    EXPECT_TRUE(payload->slots().empty());
    EXPECT_EQ(payload->digest(), payments::ceremony_digest(example(charter)));
    ASSERT_EQ(payload->signing_tasks().size(), 1U);
    EXPECT_EQ(payload->signing_tasks().front().appliance, "vault-a");
}

TEST(CeremonyPayload, IsOfAKeyThatTheCharterNamesAndTheWalletHas)
{
    const auto charter = example_charter();
    const auto refused = [&](const std::function<void(Ceremony&)>& change) {
        auto ceremony = example(charter);
        change(ceremony);
        EXPECT_ERROR(decode(charter, ceremony), ErrorCode::fingerprint);
    };
    refused([](auto& c) { c.appliance = "vault-c"; });
    refused([](auto& c) { c.key = "k9"; });
    refused([](auto& c) { c.public_key[1] ^= 1; });
    for (const auto& wallet : charter.wallets) {
        const auto with = wallets_with(charter, *charter.find_appliance("vault-a")->find_key("k1"));
        if (std::ranges::find(with, &wallet) == with.end()) {
            EXPECT_ERROR(decode(charter, example(charter), wallet.id), ErrorCode::policy_denied);
        } else {
            EXPECT_NO_THROW(decode(charter, example(charter), wallet.id));
        }
    }
}

TEST(CeremonyPayload, OnlyItsApplianceSaysThatItIsDone)
{
    auto charter = example_charter();
    const crypto::Ed25519PrivateKey identity{SecretBytes::copy_of(Bytes(32, 3))};
    const crypto::Ed25519PrivateKey stranger{SecretBytes::copy_of(Bytes(32, 4))};
    charter.appliances.front().key = artefacts::ApprovalKey{identity.public_key()};
    ASSERT_EQ(charter.appliances.front().id, "vault-a");
    const auto payload = decode(charter, example(charter));
    const auto task = payload->signing_tasks().front();
    const auto done = sign_ceremony(task, identity);
    EXPECT_NO_THROW(payload->verify(done));
    EXPECT_EQ(payload->finalize(std::vector{done}).bytes, done.signature);
    EXPECT_ERROR(payload->verify(sign_ceremony(task, stranger)), ErrorCode::sig_verify);
    EXPECT_ERROR(payload->finalize({}), ErrorCode::state);
    EXPECT_ERROR(payload->finalize(std::vector{done, done}), ErrorCode::sig_verify);
    auto other = task;
    other.digest[0] ^= 1;
    EXPECT_ERROR(payload->verify(sign_ceremony(other, identity)), ErrorCode::sig_verify);
    auto renamed = done;
    renamed.input = 1;
    EXPECT_ERROR(payload->verify(renamed), ErrorCode::sig_verify);
    renamed = done;
    renamed.public_key = to_bytes(stranger.public_key().bytes());
    EXPECT_ERROR(payload->verify(renamed), ErrorCode::sig_verify);
    renamed = done;
    renamed.signature.pop_back();
    EXPECT_ERROR(payload->verify(renamed), ErrorCode::sig_verify);
}

/// A key that serves a hot wallet with a weak rule and a cold one with a strong rule needs the votes of both.
TEST(CeremonyRules, OfEveryWalletWithTheKeyDecide)
{
    auto charter = example_charter();
    auto weak = test::rule("weak", {"eth-hot"}, "1 of finance");
    auto strong = test::rule("strong", {}, "2 of finance and 1 of compliance");
    strong.wallets.reset();
    for (auto* rule : {&weak, &strong})
        rule->kinds = {charter::RequestKind::key_ceremony};
    charter.rules = {weak, strong};
    const auto payload = decode(charter, example(charter), "eth-hot");
    const auto& wallet = charter.wallet("eth-hot");
    const auto deciding = deciding_wallets(charter, wallet, *payload);
    EXPECT_GT(deciding.size(), 1U);
    const auto description = payload->description();
    const policy::Facts facts{.kind = charter::RequestKind::key_ceremony, .wallet = &wallet, .description = &description, .created = {}, .expires = {}, .known_for = {},
                              .words = words_of(charter, wallet)};
    EXPECT_EQ(select_rules_of(charter, deciding, facts).rules().size(), 2U);
    EXPECT_EQ(select_rules_of(charter, {&wallet}, facts).rules().size(), 1U);
    charter.rules = {weak};
    EXPECT_ERROR(select_rules_of(charter, deciding, facts), ErrorCode::policy_denied);
}

TEST(CeremonyRules, OfAWalletThatHasTheKeyAtAnotherApplianceDecideToo)
{
    auto charter = example_charter();
    const auto before = deciding_wallets(charter, charter.wallet("eth-hot"), *decode(charter, example(charter), "eth-hot")).size();
    charter.appliances[1].keys[0].origin = "[d34db33f/44h/60h/9h]"; // the same seed
    auto spare = charter.wallet("eth-hot");
    spare.id = "eth-spare";
    spare.keys = {{"vault-b", "k1", "0/0", ""}};
    charter.wallets.push_back(spare);
    EXPECT_EQ(deciding_wallets(charter, charter.wallet("eth-hot"), *decode(charter, example(charter), "eth-hot")).size(), before + 1);
    charter.appliances[1].keys[0].origin = "[0badcafe/44h/60h/9h]";
    EXPECT_EQ(deciding_wallets(charter, charter.wallet("eth-hot"), *decode(charter, example(charter), "eth-hot")).size(), before);
}

TEST(CeremonyRules, TheCharterLimitsShares)
{
    auto charter = example_charter();
    charter.shares = {.least_threshold = 2, .most_shares = 3};
    auto ceremony = example(charter);
    EXPECT_NO_THROW(require_share_limits(charter, ceremony));
    ceremony.groups = {{2, 4}};
    EXPECT_ERROR(require_share_limits(charter, ceremony), ErrorCode::policy_denied);
    ceremony.groups = {{1, 1}};
    EXPECT_ERROR(require_share_limits(charter, ceremony), ErrorCode::policy_denied);
    ceremony.groups = {{2, 2}, {1, 1}};
    EXPECT_ERROR(require_share_limits(charter, ceremony), ErrorCode::policy_denied); // the smaller group is enough
    ceremony.group_threshold = 2;
    EXPECT_NO_THROW(require_share_limits(charter, ceremony));

    ceremony.operation = payments::Ceremony::Operation::words;
    ceremony.groups = {};
    EXPECT_ERROR(require_share_limits(charter, ceremony), ErrorCode::policy_denied); // as one share that is enough
    charter.shares.least_threshold = 1;
    EXPECT_NO_THROW(require_share_limits(charter, ceremony));
}

} // namespace
} // namespace coffer::requests
