#include "appliance/home_key.h"
#include "tests/support/vault/vault_fixture.h"
#include "tests/support/vectors.h"

#include <array>

namespace coffer::test {
namespace {

constexpr std::string_view next_passphrase = "another passphrase of the vault";

std::filesystem::path next_file(const TestVault& vault, std::string_view passphrase = next_passphrase)
{
    write(vault.file("next"), bytes_of(std::string{passphrase} + "\n"), 0600);
    return vault.file("next");
}

/// What opens the home now.
Run opening(TestVault& vault, const std::filesystem::path& passphrase_file)
{
    vault.environment->terminal.detach();
    return vault.run_as_given({"keys", "export-public", "k1", "--chain", "evm", "--json", "--home", vault.home().string(), "--passphrase-file",
                               passphrase_file.string()});
}

Run changing(TestVault& vault, const std::filesystem::path& next, const std::filesystem::path& old = {})
{
    return vault.run_as_given({"passphrase", "change", "--json", "--home", vault.home().string(), "--passphrase-file",
                               (old.empty() ? vault.passphrase_file() : old).string(), "--new-passphrase-file", next.string()});
}

TEST(Passphrase, IsChangedSoThatTheOldOneOpensNoMore)
{
    TestVault vault;
    const auto before = json_of(opening(vault, vault.passphrase_file())).at("xpub");
    const auto log = vault.log_types();
    const auto next = next_file(vault);
    const auto run = changing(vault, next);
    ASSERT_EQ(run.status, 0) << run.out;
    EXPECT_EQ(json_of(run).at("changed"), true);
    EXPECT_EQ(json_of(run).at("argon2").at("memory_kib"), 65536);
    expect_error(opening(vault, vault.passphrase_file()), 5, "wrong_passphrase");
    EXPECT_EQ(json_of(opening(vault, next)).at("xpub"), before) << "keys stay as they are";
    EXPECT_EQ(vault.log_types(), log);
    EXPECT_EQ(mode_of(vault.home() / "home.key"), 0600U);
    expect_error(changing(vault, next), 5, "wrong_passphrase");
}

TEST(Passphrase, IsAskedOnceForTheOldAndTwiceForTheNewOne)
{
    TestVault vault;
    const auto line = read(vault.passphrase_file());
    vault.environment->terminal.expect("Passphrase for the appliance", std::string{text_of(ByteView{line}.first(line.size() - 1))})
        .expect("New passphrase", "short")
        .expect("New passphrase", std::string{next_passphrase})
        .expect("The same again", "mistyped, of course")
        .expect("New passphrase", std::string{next_passphrase})
        .expect("The same again", std::string{next_passphrase});
    const auto run = vault.run_as_given({"passphrase", "change", "--home", vault.home().string()});
    ASSERT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(run.screen.find(next_passphrase), std::string::npos);
    EXPECT_EQ(opening(vault, next_file(vault)).status, 0);
}

TEST(Passphrase, StaysWhenTheChangeIsRefused)
{
    TestVault vault;
    const auto before = read(vault.home() / "home.key");
    const auto old = read(vault.passphrase_file());
    write(vault.file("wrong"), bytes_of("not the passphrase at all\n"), 0600);
    expect_error(changing(vault, next_file(vault), vault.file("wrong")), 5, "wrong_passphrase");
    expect_error(changing(vault, next_file(vault, "short")), 2, "usage");
    expect_error(changing(vault, next_file(vault, text_of(ByteView{old}.first(old.size() - 1)))), 2, "usage");
    write(vault.file("open"), bytes_of("a passphrase that others read\n"), 0644);
    expect_error(changing(vault, vault.file("open")), 4, "file_perm");
    write(vault.home() / "identity.key", bytes_of("tampered"), 0600);
    EXPECT_NE(changing(vault, next_file(vault)).status, 0) << "a home that is not whole is left as it is";
    EXPECT_EQ(read(vault.home() / "home.key"), before);
}

crypto::Argon2Cost cost_of(const std::filesystem::path& home)
{
    return keys::decode_sealed_key_header(read(home / "home.key")).cost;
}

TEST(Passphrase, CostsWhatTheMachineCanPayOutsideOfTestHomes)
{
    TestVault vault;
    const auto home = vault.file("rehearsed");
    const std::vector<std::string> init = {"init", "--environment", "rehearsal", "--json", "--home", home.string(), "--passphrase-file",
                                           vault.passphrase_file().string(), "--date", day_of(vault.now())};
    vault.environment->monotonic_tick = std::chrono::milliseconds{500};
    vault.environment->terminal.detach();
    const auto made = vault.run_as_given(init);
    ASSERT_EQ(made.status, 0) << made.out;
    EXPECT_EQ(cost_of(home), (crypto::Argon2Cost{128 * 1024, 3}));
    EXPECT_EQ(json_of(made).at("argon2").at("memory_kib"), 131072);
    EXPECT_EQ(json_of(made).at("argon2").at("passes"), 3);

    // A change measures anew, and the test home of the vault takes the floor whatever is measured.
    vault.environment->monotonic_tick = std::chrono::milliseconds{334};
    vault.environment->terminal.detach();
    ASSERT_EQ(vault.run_as_given({"passphrase", "change", "--home", home.string(), "--passphrase-file", vault.passphrase_file().string(),
                                  "--new-passphrase-file", next_file(vault).string()})
                  .status,
              0);
    EXPECT_EQ(cost_of(home), (crypto::Argon2Cost{128 * 1024, 4}));
    vault.environment->monotonic_tick = std::chrono::milliseconds{500};
    ASSERT_EQ(changing(vault, next_file(vault)).status, 0);
    EXPECT_EQ(cost_of(vault.home()), crypto::argon2_floor);
}

TEST(Passphrase, NeverCostsLessThanTheFloor)
{
    TestVault vault;
    const auto passphrase = SecretBytes::copy_of(bytes_of(next_passphrase));
    auto& random = vault.environment->random;
    for (const auto cost : {crypto::Argon2Cost{64 * 1024, 2}, crypto::Argon2Cost{64 * 1024 - 1, 3}, crypto::Argon2Cost{8, 1}})
        EXPECT_ERROR(appliance::make_home_key(appliance::Home{vault.file("none")}, "", passphrase, passphrase, random, cost), ErrorCode::kdf_limit);
    EXPECT_FALSE(std::filesystem::exists(vault.file("none")));
    for (const int milliseconds : {0, 1, 1000, 1'000'000}) {
        int looks = 0;
        const auto cost = appliance::passphrase_cost(artefacts::Environment::production,
                                                     [&] { return std::chrono::milliseconds{milliseconds * looks++}; });
        EXPECT_GE(cost.memory_kib, crypto::argon2_floor.memory_kib);
        EXPECT_GE(cost.passes, crypto::argon2_floor.passes);
    }
}

TEST(PassphraseCost, IsThatOfTheQuickestRun)
{
    int looks = 0; // the machine is busy with something else, but for the second run
    const auto busy = [&] {
        constexpr std::array times = {0, 900, 1000, 1334, 2000, 4000};
        return std::chrono::milliseconds{times.at(static_cast<std::size_t>(looks++))};
    };
    EXPECT_EQ(appliance::passphrase_cost(artefacts::Environment::production, busy), (crypto::Argon2Cost{128 * 1024, 4}));
    EXPECT_EQ(looks, 6);
}

} // namespace
} // namespace coffer::test
