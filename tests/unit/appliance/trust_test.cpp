// What makes an appliance trust a charter, and its keys be those of the charter: pin, restore, address, init.

#include "core/requests/head.h"
#include "core/requests/vault_event.h"
#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

namespace vault_log = requests::vault;

std::string hex_hash(const charter::PolicyChain& chain)
{
    return encoding::encode_hex(chain.charter_hash().bytes());
}

/// A charter as somebody made it who put their own extended key in place of the appliance's.
void put_other_key(charter::Charter& charter)
{
    auto& key = charter.appliances.front().keys.front();
    key.extended_public = wallet_key_named("mallory").extended_public_key().format();
    for (auto& wallet : charter.wallets)
        wallet.address = address_of(key.extended_public, wallet.keys.front().path);
}

/// The home is gone, its backup is there.
std::string lose_home(TestVault& vault)
{
    const auto file = vault.file("backup").string();
    EXPECT_EQ(vault.run({"backup", file}).status, 0);
    std::filesystem::remove_all(vault.home());
    return file;
}

/// A backup that `identity` signs.
Bytes backup_by(const std::string& identity, const std::vector<vault_log::Event>& events)
{
    std::vector<Hash256> leaves;
    cbor::Value::Array records;
    for (const auto& event : events) {
        const auto record = encode(vault_log::Record{founding_day, event});
        leaves.push_back(audit::hash_leaf(record));
        records.emplace_back(record);
    }
    auto head = encode(requests::Head{
        .header = example_header, .source = "vault-a", .size = leaves.size(), .root = audit::merkle_root(leaves), .time = founding_day});
    head.sign(key_named(identity));
    return cbor::encode(cbor::Value{cbor::Value::Array{std::string{"coffer-backup"}, std::uint64_t{1}, head.encode(), std::move(records)}});
}

TEST(Restore, AsksForTheWholeHashOfTheCharter)
{
    TestVault vault;
    const auto file = lose_home(vault);
    vault.environment->terminal.detach();
    EXPECT_EQ(json_text(vault.run({"restore", file, "--json"}).out, "code"), "presence");
    const auto other = std::string(64, '0');
    const auto wrong = vault.run({"restore", file, "--hash", other, "--json"});
    EXPECT_EQ(wrong.status, 9);
    EXPECT_EQ(json_text(wrong.out, "code"), "binding");
    EXPECT_FALSE(std::filesystem::exists(vault.home()));
    EXPECT_EQ(vault.run({"restore", file, "--hash", hex_hash(vault.chain())}).status, 0);
}

TEST(Restore, AsksForTheCharterInForceAndNotForTheFirst)
{
    TestVault vault;
    const auto first = hex_hash(vault.chain());
    append(vault.chain(), seal(amended(vault.chain(), [](charter::Charter& next) { next.name = "Renamed"; })), {"alice", "bob", "dave"});
    write(vault.file("links"), vault.bundle({}));
    ASSERT_EQ(vault.run({"verify", vault.file("links").string()}).status, 0);
    const auto file = lose_home(vault);
    EXPECT_EQ(vault.run({"restore", file, "--hash", first}).status, 9);
    EXPECT_EQ(vault.run({"restore", file, "--hash", hex_hash(vault.chain())}).status, 0);
}

TEST(Restore, RefusesALogThatTheCharterGivesToNoAppliance)
{
    TestVault vault;
    const auto charter = vault.chain().links().front().artefact;
    const auto identity = approval_key_named("mallory").format();
    write(vault.file("forged"), backup_by("mallory", {vault_log::HomeMade{"test", identity}, vault_log::Pinned{"vault-a", charter}}));
    std::filesystem::remove_all(vault.home());
    const auto run = vault.run({"restore", vault.file("forged").string(), "--hash", hex_hash(vault.chain()), "--json"});
    EXPECT_EQ(run.status, 9);
    EXPECT_EQ(json_text(run.out, "code"), "binding");
    EXPECT_FALSE(std::filesystem::exists(vault.home()));
}

TEST(Restore, RefusesALogThatAnotherKeySigned)
{
    TestVault vault;
    const auto charter = vault.chain().links().front().artefact;
    const auto identity = vault.charter().appliances.front().key.format();
    write(vault.file("forged"), backup_by("mallory", {vault_log::HomeMade{"test", identity}, vault_log::Pinned{"vault-a", charter}}));
    std::filesystem::remove_all(vault.home());
    expect_error(vault.run({"restore", vault.file("forged").string(), "--hash", hex_hash(vault.chain()), "--json"}), 9, "log_chain");
    EXPECT_FALSE(std::filesystem::exists(vault.home()));
}

TEST(Pin, RefusesAnExtendedKeyThatIsNotTheOneOfTheHome)
{
    TestVault vault;
    auto charter = vault.charter();
    std::filesystem::remove_all(vault.home());
    vault.environment->terminal.detach();
    const auto made = vault.run({"init", "--environment", "test", "--json", "--date", day_of(vault.now())});
    ASSERT_EQ(vault.run({"keys", "import", "--id", "k1", "--mnemonic-file", vault.file("words").string()}).status, 0);
    charter.appliances.front().key = artefacts::ApprovalKey::parse(json_text(made.out, "identity"));
    const auto pin = [&](const charter::Charter& wanted) {
        const auto sealed = signed_by(seal(wanted), officer_ids(wanted));
        write(vault.file("sealed"), sealed.encode());
        return vault.run({"pin", vault.file("sealed").string(), "--hash", encoding::encode_hex(charter::hash_of(sealed).bytes()), "--json"});
    };
    auto other = charter;
    put_other_key(other);
    const auto refused = pin(other);
    EXPECT_EQ(refused.status, 5);
    EXPECT_EQ(json_text(refused.out, "code"), "fingerprint");
    EXPECT_EQ(pin(charter).status, 0);
}

TEST(Address, IsComparedWithTheKeyThatTheApplianceHas)
{
    TestVault vault;
    EXPECT_EQ(vault.run({"address", "eth-cold"}).status, 0);
    append(vault.chain(), seal(amended(vault.chain(), put_other_key)), {"alice", "bob", "dave"});
    write(vault.file("links"), vault.bundle({}));
    ASSERT_EQ(vault.run({"verify", vault.file("links").string()}).status, 0);
    const auto run = vault.run({"address", "eth-cold", "--json"});
    EXPECT_EQ(run.status, 5);
    EXPECT_EQ(json_text(run.out, "code"), "fingerprint");
}

TEST(Init, NeverClearsAFolderWithKeys)
{
    TestVault vault;
    std::filesystem::remove(vault.home() / "home.key"); // put aside, say
    vault.environment->terminal.detach();
    const auto run = vault.run({"init", "--environment", "test", "--json", "--date", day_of(vault.now())});
    EXPECT_EQ(run.status, 6);
    EXPECT_EQ(json_text(run.out, "code"), "exists");
    EXPECT_TRUE(std::filesystem::exists(vault.home() / "keys" / "k1.bound"));
    EXPECT_TRUE(std::filesystem::exists(vault.home() / "ledger.db"));
}

} // namespace
} // namespace coffer::test
