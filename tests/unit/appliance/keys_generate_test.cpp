#include "core/encoding/hex.h"
#include "core/keys/entropy.h"
#include "core/keys/mnemonic.h"
#include "tests/support/vault/vault_fixture.h"
#include "tests/support/vectors.h"

namespace coffer::test {
namespace {

using keys::EntropySources;

/// 99 rolls of a fair die (tests/vectors/entropy.json): five lines of ten, then what is left.
const std::string rolls = [] {
    for (const auto& vector : load_vectors("entropy.json"))
        if (vector.kind() == "rolls" && vector.has("least") && vector.number("least") == 99 && !vector.is_invalid())
            return vector.text("dice");
    return std::string{};
}();

void roll(TestVault& vault, std::size_t count)
{
    for (std::size_t begin = 0; begin < count; begin += 10)
        vault.environment->terminal.expect("Rolls from " + std::to_string(begin + 1) + " on", rolls.substr(begin, std::min<std::size_t>(10, count - begin)));
    vault.environment->terminal.expect("Rolls from " + std::to_string(count + 1) + " on", "");
}

void roll_and_agree(TestVault& vault, std::size_t count)
{
    roll(vault, count);
    vault.environment->terminal.expect("Does your tally say the same?", "y");
}

SecretBytes secret(ByteView bytes)
{
    return SecretBytes::copy_of(bytes);
}

std::string fingerprint_of(const SecretBytes& entropy)
{
    const auto seed = keys::seed_from_mnemonic(keys::mnemonic_from_entropy(entropy), SecretBytes{});
    return encoding::encode_hex(keys::ExtendedPrivateKey::from_seed(seed).fingerprint().bytes());
}

std::filesystem::path entropy_file(const TestVault& vault, ByteView bytes, mode_t mode = 0600)
{
    write(vault.file("entropy"), bytes, mode);
    return vault.file("entropy");
}

Bytes random_bytes(std::size_t count)
{
    ScriptedRandom random{77};
    Bytes bytes(count);
    random.fill(bytes);
    return bytes;
}

/// The words after NAME in what --show-sources wrote.
std::string shown(const std::string& screen, const std::string& name)
{
    const auto at = screen.find("\n  " + name + " ");
    if (at == std::string::npos)
        return {};
    const auto begin = screen.find_first_not_of(' ', at + 3 + name.size());
    return screen.substr(begin, screen.find('\n', begin) - begin);
}

std::vector<std::string> generate(std::vector<std::string> options)
{
    options.insert(options.begin(), {"keys", "generate", "--id", "k2", "--json"});
    return options;
}

void expect_no_key(TestVault& vault)
{
    EXPECT_FALSE(std::filesystem::exists(vault.home() / "keys/k2.key"));
    EXPECT_EQ(count(vault.log_types(), "key_made"), 1U);
}

TEST(KeysGenerate, MixesKernelDiceAndFileByTheRecipe)
{
    TestVault vault;
    const auto file = random_bytes(40);
    const auto name = entropy_file(vault, file).string();
    const struct {
        std::vector<std::string> options;
        std::string source;
        bool has_dice, has_file;
    } cases[] = {{{}, "generated", false, false},
                 {{"--dice"}, "kernel+dice", true, false},
                 {{"--entropy-file", name}, "kernel+file", false, true},
                 {{"--dice", "--entropy-file", name}, "kernel+dice+file", true, true}};
    std::set<std::string> fingerprints;
    int number = 2;
    for (const auto& one : cases) {
        SCOPED_TRACE(one.source);
        if (one.has_dice)
            roll_and_agree(vault, 50);
        vault.environment->terminal.expect("Press Enter when it is compared", "");
        auto args = std::vector<std::string>{"keys", "generate", "--json", "--show-sources", "--id", "k" + std::to_string(number++)};
        args.insert(args.end(), one.options.begin(), one.options.end());
        const auto run = vault.run(args);
        ASSERT_EQ(run.status, 0) << run.out;
        const auto kernel = encoding::decode_hex(shown(run.screen, "kernel"));
        EXPECT_EQ(kernel.size(), 32U);
        EXPECT_EQ(shown(run.screen, "dice"), one.has_dice ? rolls.substr(0, 50) : "");
        EXPECT_EQ(shown(run.screen, "file"), one.has_file ? "40 bytes" : "");
        const auto entropy = keys::mix_entropy({secret(kernel), secret(bytes_of(one.has_dice ? rolls.substr(0, 50) : std::string{})),
                                                secret(one.has_file ? ByteView{file} : ByteView{})});
        EXPECT_EQ(shown(run.screen, "entropy"), encoding::encode_hex(entropy.reveal()));
        EXPECT_EQ(json_of(run).at("source"), one.source);
        EXPECT_EQ(json_of(run).at("fingerprint"), fingerprint_of(entropy));
        fingerprints.insert(json_of(run).at("fingerprint").get<std::string>());
    }
    EXPECT_EQ(fingerprints.size(), 4U);
    EXPECT_EQ(json_of(vault.run({"keys", "list", "--json"})).at("keys")[4].at("source"), "kernel+dice+file");
}

TEST(KeysGenerate, MakesTheSameKeyOfTheSameDiceAlone)
{
    const auto expected = fingerprint_of(keys::entropy_of_dice(bytes_of(rolls)));
    for (int home = 0; home < 2; ++home) {
        TestVault vault;
        vault.environment->random = ScriptedRandom{static_cast<std::uint64_t>(home) + 5};
        roll_and_agree(vault, 99);
        const auto run = vault.run(generate({"--dice-only"}));
        ASSERT_EQ(run.status, 0) << run.out;
        EXPECT_EQ(json_of(run).at("source"), "dice");
        EXPECT_EQ(json_of(run).at("fingerprint"), expected);
    }
}

TEST(KeysGenerate, DrawsTheKernelsBytesAnewForEachKey)
{
    TestVault vault;
    std::set<std::string> kernels;
    for (const auto* id : {"k2", "k3"}) {
        roll_and_agree(vault, 50);
        vault.environment->terminal.expect("Press Enter when it is compared", "");
        const auto run = vault.run({"keys", "generate", "--id", id, "--dice", "--show-sources"});
        ASSERT_EQ(run.status, 0) << run.err;
        kernels.insert(shown(run.screen, "kernel"));
    }
    EXPECT_EQ(kernels.size(), 2U);
}

TEST(KeysGenerate, CountsEachLineAndShowsTheTallyAtTheEndOnly)
{
    TestVault vault;
    auto& terminal = vault.environment->terminal;
    std::string tally;
    for (std::size_t face = 1; face <= 6; ++face)
        tally += "  " + std::to_string(face) + " came " + std::to_string(std::ranges::count(rolls.substr(0, 50), static_cast<char>('0' + face)));
    terminal.expect("Rolls from 1 on", "6666666666").expect("Rolls from 11 on", [&](const std::string& transcript) {
        EXPECT_NE(transcript.find("10 in this line, 10 in all, 40 to go."), std::string::npos);
        return "-";
    });
    terminal.expect("Rolls from 1 on", "-").expect("Rolls from 1 on", "12345678").expect("Rolls from 1 on", [&](const std::string& transcript) {
        EXPECT_NE(transcript.find("10 taken back, 0 in all"), std::string::npos);
        EXPECT_NE(transcript.find("character 7 of the line is not a digit from 1 to 6: nothing of it is taken."), std::string::npos);
        return rolls.substr(0, 25);
    });
    terminal.expect("Rolls from 26 on", "").expect("Rolls from 26 on", rolls.substr(25, 25)).expect("Rolls from 51 on", [&](const std::string& transcript) {
        EXPECT_EQ(transcript.find(" came "), std::string::npos) << "the faces of a short line would give it away";
        return "";
    });
    terminal.expect("Does your tally say the same?", [&](const std::string& transcript) {
        EXPECT_NE(transcript.find("50 rolls: " + tally + "\n"), std::string::npos) << transcript;
        return "y";
    });
    const auto run = vault.run(generate({"--dice"}));
    EXPECT_EQ(run.status, 0) << run.out;
    EXPECT_EQ(run.screen.find(rolls.substr(0, 10)), std::string::npos) << "what was typed is not shown";
}

TEST(KeysGenerate, RefusesDiceThatAreFewUnfairOrRepeat)
{
    TestVault vault;
    auto& terminal = vault.environment->terminal;
    roll(vault, 49);
    terminal.expect("Rolls from 50 on", "");
    const auto few = vault.run(generate({"--dice"}));
    expect_error(few, 9, "rng");
    EXPECT_NE(few.out.find("49 rolls of dice are too few: at least 50"), std::string::npos) << few.out;

    roll(vault, 98);
    vault.environment->terminal.expect("Rolls from 99 on", "");
    expect_error(vault.run(generate({"--dice-only"})), 9, "rng");

    std::string counted, loaded;
    for (int i = 0; i < 60; ++i)
        counted += static_cast<char>('1' + i % 6);
    for (int i = 0; i < 120; ++i)
        loaded += rolls[static_cast<std::size_t>(i % 99)] == '6' ? '5' : rolls[static_cast<std::size_t>(i % 99)];
    for (const auto& typed : {std::string(60, '4'), counted, loaded}) {
        vault.environment->terminal.expect("Rolls from 1 on", typed).expect("Rolls from", "");
        const auto run = vault.run(generate({"--dice"}));
        expect_error(run, 9, "rng");
        EXPECT_TRUE(json_of(run).at("error").contains("hint"));
    }
    expect_no_key(vault);
}

TEST(KeysGenerate, ThrowsTheRollsAwayWhenTheTallyDiffers)
{
    TestVault vault;
    roll(vault, 50);
    vault.environment->terminal.expect("Does your tally say the same?", "n");
    expect_error(vault.run(generate({"--dice"})), 10, "declined");
    expect_no_key(vault);
}

TEST(KeysGenerate, RefusesFilesThatAreShortStuckOrNotPrivate)
{
    TestVault vault;
    vault.environment->terminal.detach();
    const auto with_file = [&](ByteView bytes, mode_t mode = 0600) {
        vault.environment->terminal.detach();
        return vault.run(generate({"--entropy-file", entropy_file(vault, bytes, mode).string()}));
    };
    expect_error(with_file(random_bytes(31)), 9, "rng");
    expect_error(with_file({}), 9, "rng");
    expect_error(with_file(Bytes(64, 0)), 9, "rng");
    expect_error(with_file(bytes_of("the same words, the same words, the same words, the same words")), 9, "rng");
    expect_error(with_file(random_bytes(1024 * 1024 + 1)), 3, "limit");
    expect_error(with_file(random_bytes(64), 0644), 4, "file_perm");
    expect_error(vault.run(generate({"--entropy-file", vault.home().string()})), 4, "file_type");
    expect_error(vault.run(generate({"--entropy-file", vault.file("none").string()})), 7, "not_found");
    expect_no_key(vault);
    EXPECT_EQ(with_file(random_bytes(32)).status, 0);
}

TEST(KeysGenerate, OptionsThatContradictOrNeedATerminal)
{
    TestVault vault;
    const auto file = entropy_file(vault, random_bytes(32)).string();
    expect_error(vault.run(generate({"--dice-only", "--dice"})), 2, "usage");
    expect_error(vault.run(generate({"--dice-only", "--entropy-file", file})), 2, "usage");
    for (const auto* option : {"--dice", "--dice-only", "--show-sources", "--show-words"}) {
        vault.environment->terminal.detach();
        expect_error(vault.run(generate({option})), 10, "presence");
    }
    expect_no_key(vault);
}

TEST(KeysGenerate, AsksForNoDiceThatCouldNotBeUsed)
{
    TestVault vault;
    expect_error(vault.run({"keys", "generate", "--id", "k1", "--dice", "--json"}), 6, "exists");
    expect_error(vault.run({"keys", "generate", "--id", "../k", "--dice", "--json"}), 2, "usage");
}

/// A home of its own, whose Argon2 is paid for.
std::vector<std::string> in_home_of(TestVault& vault, const std::string& environment, std::vector<std::string> args)
{
    const auto home = vault.file(environment).string();
    if (!std::filesystem::exists(home)) {
        const auto line = read(vault.passphrase_file());
        static_cast<void>(appliance::Session::create(appliance::Home{home}, artefacts::parse_environment(environment),
                                                     secret(ByteView{line}.first(line.size() - 1)), vault.environment->random, vault.now()));
    }
    args.insert(args.end(), {"--home", home, "--passphrase-file", vault.passphrase_file().string()});
    return args;
}

TEST(KeysGenerate, OutsideOfTestHomesNeedsASecondSource)
{
    TestVault vault;
    const auto file = entropy_file(vault, random_bytes(32)).string();
    for (const std::string environment : {"production", "rehearsal"}) {
        SCOPED_TRACE(environment);
        const auto alone = vault.run_as_given(in_home_of(vault, environment, {"keys", "generate", "--id", "k1", "--json"}));
        if (alone.out.find("\"swap\"") != std::string::npos)
            continue; // this machine swaps, which production refuses before all
        expect_error(alone, 2, "usage");
        EXPECT_NE(alone.out.find("--entropy-file"), std::string::npos);
        const auto mixed =
            vault.run_as_given(in_home_of(vault, environment, {"keys", "generate", "--id", "k1", "--json", "--entropy-file", file}));
        ASSERT_EQ(mixed.status, 0) << mixed.out;
        EXPECT_EQ(json_of(mixed).at("source"), "kernel+file");
    }
    const auto shown_in_production =
        vault.run_as_given(in_home_of(vault, "production", {"keys", "generate", "--id", "k2", "--json", "--entropy-file", file, "--show-sources"}));
    EXPECT_EQ(shown_in_production.status, 4) << "env, or swap where this machine swaps";
    EXPECT_EQ(shown_in_production.screen.find("entropy"), std::string::npos);
}

TEST(KeysGenerate, StopsWhereTheRandomSourceSticksWhileAKeyIsMade)
{
    // What is drawn in order: the start-up test, the kernel's bytes of the key.
    for (const std::size_t good : {std::size_t{0}, std::size_t{4096}, std::size_t{4096 + 10}}) {
        TestVault vault;
        vault.environment->random.stick_after(good);
        expect_error(vault.run(generate({})), 9, "rng");
        expect_no_key(vault);
    }
    TestVault vault;
    EXPECT_EQ(vault.run(generate({})).status, 0);
}

} // namespace
} // namespace coffer::test
