#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

constexpr UtcTime morning = founding_day + hours(2);

/// A home with a key and without a charter.
class PinCommand : public testing::Test {
protected:
    PinCommand() : vault{{}, morning, TestVault::Pin::no} {}

    artefacts::Artefact sealed(const std::function<void(charter::Charter&)>& change = {}) const
    {
        auto charter = vault.first_charter();
        if (change)
            change(charter);
        return signed_by(seal(charter), officer_ids(charter));
    }
    std::string hash(const artefacts::Artefact& charter) const
    {
        return encoding::encode_hex(charter::hash_of(charter).bytes());
    }
    std::string file(const artefacts::Artefact& charter, const std::string& name = "sealed")
    {
        write(vault.file(name), charter.encode());
        return vault.file(name).string();
    }
    void expect_unpinned()
    {
        EXPECT_EQ(json_of(vault.run({"status", "--json"})).at("charter"), Json());
        EXPECT_EQ(count(vault.log_types(), "pinned"), 0u);
        EXPECT_TRUE(std::filesystem::exists(vault.home() / "keys/k1.key"));
    }

    TestVault vault;
};

TEST_F(PinCommand, ByTheHashThatWasGiven)
{
    const auto charter = sealed();
    const auto run = vault.run({"pin", file(charter), "--hash", hash(charter), "--json"});
    ASSERT_EQ(run.status, 0) << run.out;
    const auto json = json_of(run);
    EXPECT_EQ(json.at("hash"), hash(charter));
    EXPECT_EQ(json.at("appliance"), "vault-a");
    EXPECT_EQ(json.at("log_size"), 3);
    ASSERT_EQ(json.at("addresses").size(), 5u);
    EXPECT_EQ(json.at("addresses")[0].at("wallet"), "eth-cold");
    EXPECT_EQ(json.at("addresses")[0].at("address"), "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    EXPECT_TRUE(std::filesystem::exists(vault.home() / "keys/k1.bound"));
    EXPECT_FALSE(std::filesystem::exists(vault.home() / "keys/k1.key"));
    EXPECT_EQ(vault.log_types(), (std::vector<std::string>{"home_made", "key_made", "pinned"}));
}

TEST_F(PinCommand, ByTypingTheWholeHash)
{
    const auto charter = sealed();
    auto typed = hash(charter);
    typed.insert(32, " ");
    vault.environment->terminal.expect("Type the whole hash", "y").expect("Type the whole hash", typed);
    EXPECT_EQ(vault.run({"pin", file(charter)}).status, 0);
}

TEST_F(PinCommand, NotByAnythingShorter)
{
    const auto charter = sealed();
    vault.environment->terminal.expect("Type the whole hash", "y")
        .expect("Type the whole hash", hash(charter).substr(0, 60))
        .expect("Type the whole hash", "");
    const auto run = vault.run({"pin", file(charter), "--json"});
    expect_error(run, 10, "declined");
    EXPECT_EQ(run.screen.find(hash(charter)), std::string::npos) << "the hash to type was shown";
    expect_unpinned();
}

TEST_F(PinCommand, NotWithoutAPerson)
{
    vault.environment->terminal.detach();
    expect_error(vault.run({"pin", file(sealed()), "--json"}), 10, "presence");
    expect_unpinned();
}

TEST_F(PinCommand, NotByAnotherHash)
{
    expect_error(vault.run({"pin", file(sealed()), "--hash", std::string(64, 'a'), "--json"}), 9, "binding");
    expect_unpinned();
}

TEST_F(PinCommand, GathersSignaturesFromSeveralFiles)
{
    const auto charter = seal(vault.first_charter());
    const auto half = file(signed_by(charter, {"alice", "bob", "carol"}), "half");
    const auto rest = file(signed_by(charter, {"dave", "erin", "olga"}), "rest");
    expect_error(vault.run({"pin", half, "--hash", hash(charter), "--json"}), 10, "appr_missing");
    expect_unpinned();
    EXPECT_EQ(vault.run({"pin", half, rest, "--hash", hash(charter), "--json"}).status, 0);
}

TEST_F(PinCommand, NotFilesOfTwoCharters)
{
    const auto one = file(sealed(), "one");
    const auto other = file(sealed([](charter::Charter& charter) { charter.name = "Another Treasury"; }), "other");
    expect_error(vault.run({"pin", one, other, "--json"}), 2, "usage");
    expect_unpinned();
}

TEST_F(PinCommand, NotACharterThatNamesAnotherIdentity)
{
    const auto charter =
        sealed([](charter::Charter& draft) { draft.appliances[0].key = approval_key_named("vault-a"); });
    expect_error(vault.run({"pin", file(charter), "--hash", hash(charter), "--json"}), 9, "binding");
    expect_unpinned();
}

TEST_F(PinCommand, NotACharterThatNamesAKeyWhichIsNotHere)
{
    const auto charter =
        sealed([](charter::Charter& draft) { draft.appliances[0].keys[0].origin = "[d34db33f/44h/60h/0h]"; });
    expect_error(vault.run({"pin", file(charter), "--hash", hash(charter), "--json"}), 5, "fingerprint");
    expect_unpinned();
}

TEST_F(PinCommand, NotACharterOfAnotherEnvironment)
{
    const auto charter =
        sealed([](charter::Charter& draft) { draft.header.environment = artefacts::Environment::rehearsal; });
    expect_error(vault.run({"pin", file(charter), "--hash", hash(charter), "--json"}), 4, "env");
    expect_unpinned();
}

TEST_F(PinCommand, NotAnAmendment)
{
    const auto charter = sealed([](charter::Charter& draft) {
        draft.version = 2;
        draft.previous = CharterHash{};
        draft.adopt_before = morning + days(1);
    });
    expect_error(vault.run({"pin", file(charter), "--hash", hash(charter), "--json"}), 9, "policy_gap");
    expect_unpinned();
}

TEST_F(PinCommand, NotACharterThatItsChainRefuses)
{
    const auto charter =
        sealed([](charter::Charter& draft) { draft.wallets[0].address = address_named("somebody else"); });
    expect_error(vault.run({"pin", file(charter), "--hash", hash(charter), "--json"}), 4, "policy_invalid");
    expect_unpinned();
}

TEST_F(PinCommand, OnceAHome)
{
    const auto charter = sealed();
    ASSERT_EQ(vault.run({"pin", file(charter), "--hash", hash(charter), "--json"}).status, 0);
    const auto before = vault.log_types();
    expect_error(vault.run({"pin", file(charter), "--hash", hash(charter), "--json"}), 9, "binding");
    const auto other = sealed([](charter::Charter& draft) { draft.name = "Another Treasury"; });
    expect_error(vault.run({"pin", file(other), "--hash", hash(other), "--json"}), 9, "binding");
    EXPECT_EQ(vault.log_types(), before);
}

TEST_F(PinCommand, FinishedWhenItWasCutOff)
{
    const auto charter = sealed();
    const auto free_key = read(vault.home() / "keys/k1.key");
    ASSERT_EQ(vault.run({"pin", file(charter), "--hash", hash(charter), "--json"}).status, 0);
    std::filesystem::remove(vault.home() / "keys/k1.bound");
    write(vault.home() / "keys/k1.key", free_key);
    EXPECT_EQ(vault.run({"address", "eth-cold", "--json"}).status, 0);
    EXPECT_TRUE(std::filesystem::exists(vault.home() / "keys/k1.bound"));
    EXPECT_FALSE(std::filesystem::exists(vault.home() / "keys/k1.key"));
}

TEST_F(PinCommand, BeforeItNothingIsSignedOrShown)
{
    expect_error(vault.run({"address", "eth-cold", "--json"}), 9, "binding");
    TestVault other;
    const auto bundle = other.bundle({other.approved({.payloads = {other.transfer("exchange", ether(5))}})});
    expect_error(vault.sign(bundle), 9, "binding");
    write(vault.file("b"), bundle);
    expect_error(vault.run({"verify", vault.file("b").string(), "--json"}), 9, "binding");
    EXPECT_EQ(count(vault.log_types(), "refused"), 1u) << "by sign alone";
}

} // namespace
} // namespace coffer::test
