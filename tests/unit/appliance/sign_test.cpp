#include "tests/support/vault/test_vault.h"

#include "core/storage/file.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace coffer::test {
namespace {

TEST(Sign, SignsWhatWasApprovedAndGivesTheSameReceiptAgain)
{
    TestVault vault;
    const auto bundle = vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}})});
    vault.expect_agreement({{"exchange", "5"}});
    const auto first = vault.sign(bundle);
    ASSERT_EQ(first.status, 0) << first.out << first.err << first.screen;
    const auto receipt = vault.receipt();
    ASSERT_EQ(receipt.results.size(), 1u);
    EXPECT_EQ(receipt.results[0].outcome, bundle::Outcome::signed_);
    ASSERT_EQ(receipt.results[0].signatures.size(), 1u);
    const auto payload = vault.decode(vault.transfer("exchange", ether(5)));
    EXPECT_NO_THROW(payload->verify(receipt.results[0].signatures[0].signature));

    const auto bytes = storage::read_file(vault.receipt_file(), 1 << 20);
    std::filesystem::remove(vault.receipt_file());
    const auto second = vault.sign(bundle);
    EXPECT_EQ(second.status, 0) << second.out << second.err;
    EXPECT_EQ(storage::read_file(vault.receipt_file(), 1 << 20), bytes);
}

TEST(Sign, RefusesWhatLacksAVote)
{
    TestVault vault;
    const auto run = vault.sign(vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}}, {{.officer = "alice"}})}));
    EXPECT_EQ(run.status, 10) << run.out << run.err;
    EXPECT_EQ(json_text(run.out, "code"), "appr_missing");
}

/// A fault in one bit of each signature, as a glitch between nonce and s would leave behind.
class FaultySigner final : public keys::Signer {
public:
    explicit FaultySigner(std::unique_ptr<keys::Signer> sound) : m_sound{std::move(sound)} {}

    std::vector<keys::TaskSignature> sign(std::span<const keys::SigningTask> tasks) override
    {
        auto signatures = m_sound->sign(tasks);
        for (auto& signature : signatures)
            signature.signature.back() ^= 1;
        return signatures;
    }

private:
    std::unique_ptr<keys::Signer> m_sound;
};

TEST(Sign, LetsNoSignatureOutThatDoesNotVerify)
{
    TestVault vault;
    vault.parts.make_signer = [sound = vault.parts.make_signer](const auto& session, const auto& key) {
        return std::make_unique<FaultySigner>(sound(session, key));
    };
    const auto bundle = vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}})});
    vault.expect_agreement({{"exchange", "5"}});
    const auto run = vault.sign(bundle);
    EXPECT_EQ(json_text(run.out, "code"), "sig_verify") << run.out << run.err;
    const auto receipt = vault.receipt();
    ASSERT_EQ(receipt.results.size(), 1u);
    EXPECT_EQ(receipt.results[0].outcome, bundle::Outcome::refused);
    EXPECT_TRUE(receipt.results[0].signatures.empty());
    EXPECT_EQ(std::ranges::count(vault.log_types(), "signed"), 0);
}

} // namespace
} // namespace coffer::test
