#include "core/artefacts/key_export.h"
#include "core/keys/mnemonic.h"
#include "tests/support/cli_fixture.h"
#include "tests/support/scripted_http_server.h"

#include <gmock/gmock.h>

namespace coffer {
namespace {

using test::CliSandbox;
using test::CliTreasury;
using testing::HasSubstr;

artefacts::KeyExport example_export()
{
    return {.header = {artefacts::Environment::test, TreasuryId{}},
            .appliance = artefacts::ApprovalKey{CliTreasury::identity().public_key()},
            .key = "k1",
            .origin = "[d34db33f/44h/60h/0h]",
            .public_key = CliTreasury::account_key().extended_public_key().format(),
            .family = "evm"};
}

void write_export(CliSandbox& sandbox, const std::string& file, const artefacts::KeyExport& key,
                  const crypto::Ed25519PrivateKey& signer = CliTreasury::identity())
{
    auto artefact = encode(key);
    artefact.sign(signer);
    sandbox.write(file, artefact.encode());
}

std::string wallet_address(const CliTreasury& treasury)
{
    return chains::find_format("evm")->format_address(treasury.charter->wallets[0].address, treasury.charter->chains[0]);
}

TEST(WalletImport, DraftsBlocksThatTheCharterTakes)
{
    CliTreasury treasury;
    write_export(treasury, "k1", example_export());
    const auto draft = treasury.run_well({"--json", "wallet", "import", "k1", "--chain", "ethereum"});
    EXPECT_EQ(draft.field("draft"), "true");
    EXPECT_EQ(draft.field("keys.0.appliance"), "vault-a");
    EXPECT_EQ(draft.field("keys.0.key"), "k1");
    const auto toml = draft.field("toml");
    EXPECT_THAT(toml, HasSubstr("[[appliance]]\nid = \"vault-a\"\nkey = \"" + example_export().appliance.format() + "\""));
    EXPECT_THAT(toml, HasSubstr("address = \"" + wallet_address(treasury) + "\""));
    // It is TOML in which the charter's reader finds only what stands outside of the two blocks missing.
    treasury.write("draft.toml", "format = 1\nname = \"x\"\ntreasury = \"" + std::string(64, '1') +
                                     "\"\nenvironment = \"test\"\nversion = 1\n[amendment]\napprovals = \"1 of admin\"\n[audit]\nkey = \"" +
                                     artefacts::ApprovalKey{CliTreasury::key("bob").public_key()}.format() +
                                     "\"\n[[officer]]\nid = \"alice\"\nroles = [\"admin\"]\nkeys = [\"" +
                                     artefacts::ApprovalKey{CliTreasury::key("alice").public_key()}.format() +
                                     "\"]\n[[chain]]\nid = \"ethereum\"\nfamily = \"evm\"\nchain_id = 1\n[[rule]]\nid = \"r\"\nwallets = \"any\"\n"
                                     "kinds = [\"transfer\"]\nchains = \"any\"\nassets = \"any\"\namount = \"any\"\ndestinations = \"any\"\napprovals = "
                                     "\"1 of admin\"\nmax_fee = \"1\"\n" +
                                     toml);
    treasury.run_well({"charter", "check", "draft.toml"});
}

TEST(WalletImport, NeedsNoHomeAndGroupsTheKeysOfAnAppliance)
{
    CliSandbox sandbox;
    write_export(sandbox, "k1", example_export());
    auto second = example_export();
    second.key = "k2";
    second.public_key = CliTreasury::account_key().derive(1).extended_public_key().format();
    write_export(sandbox, "k2", second);
    const auto text = sandbox.run_well({"wallet", "import", "k1", "k2", "--appliance", "berne"}).out;
    EXPECT_EQ(text.find("[[appliance]]"), text.rfind("[[appliance]]"));
    EXPECT_NE(text.find("[[wallet]]"), text.rfind("[[wallet]]"));
    EXPECT_THAT(text, HasSubstr("id = \"berne\""));
    EXPECT_THAT(text, HasSubstr("draft"));
}

TEST(WalletImport, RefusesWhatTheApplianceDidNotSign)
{
    CliSandbox sandbox;
    write_export(sandbox, "forged", example_export(), CliTreasury::key("alice"));
    const auto forged = sandbox.run({"--json", "wallet", "import", "forged"});
    EXPECT_EQ(forged.status, 5);
    EXPECT_EQ(forged.error_code(), "sig_verify");
    sandbox.write("junk", std::string_view{"junk"});
    EXPECT_EQ(sandbox.run({"--json", "wallet", "import", "junk"}).status, 3);
    EXPECT_EQ(sandbox.run({"--json", "wallet", "import", "nowhere"}).status, 7);
}

TEST(WalletImport, RefusesOneKeyTwiceAndAKeyThatIsNone)
{
    CliSandbox sandbox;
    write_export(sandbox, "k1", example_export());
    auto same = example_export();
    same.key = "k2";
    write_export(sandbox, "k2", same);
    EXPECT_EQ(sandbox.run({"--json", "wallet", "import", "k1", "k1"}).error_code(), "policy_dupkey");
    EXPECT_EQ(sandbox.run({"--json", "wallet", "import", "k1", "k2"}).error_code(), "policy_sharedkey");
    auto other = example_export();
    other.family = "dogecoin";
    write_export(sandbox, "family", other);
    EXPECT_EQ(sandbox.run({"--json", "wallet", "import", "family"}).error_code(), "chain");
    auto broken = example_export();
    broken.public_key.back() = broken.public_key.back() == 'a' ? 'b' : 'a';
    write_export(sandbox, "broken", broken);
    EXPECT_EQ(sandbox.run({"--json", "wallet", "import", "broken"}).status, 3);
}

TEST(WalletImport, SaysWhereThisVersionHasNoWallets)
{
    CliSandbox sandbox;
    auto solana = example_export();
    solana.origin = "[d34db33f/44h/501h/0h/0h]";
    solana.public_key = std::string(64, 'a');
    solana.family = "solana";
    write_export(sandbox, "solana", solana);
    auto tron = example_export();
    tron.family = "tron";
    write_export(sandbox, "tron", tron);
    for (const auto* file : {"solana", "tron"})
        for (const auto& command : {std::vector<std::string>{"--json", "wallet", "import", file},
                                    std::vector<std::string>{"--json", "wallet", "create", "--id", "w", "--key", "a=" + std::string{file}}}) {
            const auto run = sandbox.run(command);
            EXPECT_EQ(run.status, 4);
            EXPECT_EQ(run.error_code(), "chain");
            EXPECT_THAT(run.out, HasSubstr("this version has no wallets on that chain"));
        }
}

TEST(WalletImport, RefusesExportsOfTwoEnvironments)
{
    CliSandbox sandbox;
    write_export(sandbox, "k1", example_export());
    auto other = example_export();
    other.header.environment = artefacts::Environment::production;
    other.key = "k2";
    other.public_key = CliTreasury::account_key().derive(1).extended_public_key().format();
    write_export(sandbox, "k2", other);
    EXPECT_EQ(sandbox.run({"--json", "wallet", "import", "k1", "k2"}).error_code(), "env");
}

TEST(WalletCreate, DraftsOneWallet)
{
    CliTreasury treasury;
    write_export(treasury, "k1", example_export());
    const auto draft = treasury.run_well({"--json", "wallet", "create", "--id", "eth-cold", "--key", "vault-a=k1"});
    EXPECT_THAT(draft.field("toml"), HasSubstr("address = \"" + wallet_address(treasury) + "\""));
    EXPECT_EQ(treasury.run({"--json", "wallet", "create", "--id", "x", "--policy", "wsh(A)", "--key", "A=k1"}).status, 2);
    EXPECT_EQ(treasury.run({"--json", "wallet", "create", "--id", "x", "--key", "a=k1", "--key", "b=k1"}).status, 2);
    EXPECT_EQ(treasury.run({"--json", "wallet", "create", "--id", "X", "--key", "a=k1"}).status, 2);
    write_export(treasury, "forged", example_export(), CliTreasury::key("alice"));
    EXPECT_EQ(treasury.run({"--json", "wallet", "create", "--id", "x", "--key", "a=forged"}).error_code(), "sig_verify");
}

TEST(WalletList, ListsTheWalletsOfTheCharter)
{
    CliTreasury treasury;
    const auto list = treasury.run_well({"--json", "wallet", "list"});
    EXPECT_EQ(list.field("wallets.0.id"), "eth-cold");
    EXPECT_EQ(list.field("wallets.0.chain"), "ethereum");
    EXPECT_EQ(list.field("wallets.0.tier"), "cold");
    EXPECT_EQ(list.field("wallets.0.address"), wallet_address(treasury));
    EXPECT_THAT(treasury.run_well({"wallet", "list"}).out, HasSubstr("eth-cold"));
}

TEST(WalletList, HandsOutNothingBeforeACharterIsInForce)
{
    CliSandbox sandbox;
    sandbox.run_well({"init", "--environment", "test"});
    for (const std::vector<std::string>& args : {std::vector<std::string>{"--json", "wallet", "list"},
                                                 {"--json", "wallet", "show", "eth-cold"},
                                                 {"--json", "wallet", "addresses", "eth-cold"},
                                                 {"--json", "wallet", "balance", "eth-cold"}}) {
        const auto refused = sandbox.run(args);
        EXPECT_EQ(refused.status, 7) << join(args, " ");
        EXPECT_THAT(refused.field("error.hint"), HasSubstr("charter adopt"));
    }
}

TEST(WalletShow, ShowsKeysAndRules)
{
    CliTreasury treasury;
    const auto shown = treasury.run_well({"--json", "wallet", "show", "eth-cold"});
    EXPECT_EQ(shown.field("keys.0.appliance"), "vault-a");
    EXPECT_EQ(shown.field("keys.0.path"), "0/0");
    EXPECT_EQ(shown.field("rules.1"), "large-eth");
    EXPECT_EQ(shown.field("confirmations"), "3");
    const auto unknown = treasury.run({"--json", "wallet", "show", "eth-hot"});
    EXPECT_EQ(unknown.status, 4);
    EXPECT_EQ(unknown.error_code(), "wallet_unknown");
}

TEST(WalletAddresses, DerivesTheWalletsOnlyAddress)
{
    CliTreasury treasury;
    const auto one = treasury.run_well({"--json", "wallet", "addresses", "eth-cold"});
    EXPECT_EQ(one.field("wallet"), "eth-cold");
    EXPECT_EQ(one.field("addresses.0.index"), "0");
    EXPECT_EQ(one.field("addresses.0.address"), wallet_address(treasury));
    EXPECT_EQ(treasury.run({"--json", "wallet", "addresses", "eth-cold", "--count", "2"}).status, 3);
    EXPECT_EQ(treasury.run({"--json", "wallet", "addresses", "eth-cold", "--change"}).status, 2);
    EXPECT_EQ(treasury.run({"--json", "wallet", "addresses", "nowhere"}).error_code(), "wallet_unknown");
}

TEST(WalletAddresses, DerivesFromABareKeyWithoutAHome)
{
    // BIP-39 "test test … junk", m/44h/60h/0h: the accounts that anvil and hardhat show.
    CliSandbox sandbox;
    const auto words = SecretBytes::copy_of(bytes_of("test test test test test test test test test test test junk"));
    const auto xpub = keys::ExtendedPrivateKey::from_seed(keys::seed_from_mnemonic(words, SecretBytes{}))
                          .derive(keys::DerivationPath::parse("m/44h/60h/0h"))
                          .extended_public_key()
                          .format();
    const auto derived = sandbox.run({"--json", "wallet", "addresses", "--xpub", xpub, "--chain", "evm", "--count", "2"});
    ASSERT_EQ(derived.status, 0) << derived.out;
    EXPECT_EQ(derived.field("addresses.0.address"), "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    EXPECT_EQ(derived.field("addresses.1.address"), "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    EXPECT_EQ(derived.field("addresses.1.path"), "0/1");
    const auto third = sandbox.run_well({"--json", "wallet", "addresses", "--xpub", xpub, "--chain", "evm", "--start", "2"});
    EXPECT_EQ(third.field("addresses.0.address"), "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC");
    EXPECT_EQ(third.field("addresses.0.index"), "2");
}

TEST(WalletAddresses, RefusesWhatCannotBeDerived)
{
    CliSandbox sandbox;
    const auto xpub = CliTreasury::account_key().extended_public_key().format();
    const auto run = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"--json", "wallet", "addresses"});
        return sandbox.run(more).status;
    };
    EXPECT_EQ(run({}), 2);
    EXPECT_EQ(run({"--xpub", xpub}), 2);
    EXPECT_EQ(run({"--descriptor", "wpkh(x)"}), 3);
    EXPECT_EQ(run({"--descriptor", "raw(51)", "--chain", "evm"}), 2);
    EXPECT_EQ(run({"--descriptor", "wpkh(x)", "--xpub", xpub, "--chain", "evm"}), 2);
    EXPECT_EQ(run({"--xpub", xpub, "--chain", "dogecoin"}), 2);
    EXPECT_EQ(run({"--xpub", xpub.substr(1), "--chain", "evm"}), 3);
    EXPECT_EQ(run({"--xpub", xpub, "--chain", "evm", "--start", "2147483648"}), 2);
    EXPECT_EQ(run({"--xpub", xpub, "--chain", "evm", "--start", "2147483647", "--count", "2"}), 2);
    EXPECT_EQ(run({"--xpub", xpub, "--chain", "evm", "--count", "0"}), 2);
}

TEST(WalletAddresses, DerivesFromADescriptorWithoutAHome)
{
    const std::string key = "[73c5da0a/84h/0h/0h]zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs";
    CliSandbox sandbox;
    const auto run = [&](const std::string& descriptor, std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"--json", "wallet", "addresses", "--descriptor", descriptor});
        return sandbox.run(more);
    };
    const auto second = run("wpkh(" + key + "/<0;1>/*)", {"--start", "1"}); // BIP-84
    EXPECT_EQ(second.field("chain"), "bitcoin");
    EXPECT_EQ(second.field("addresses.0.index"), "1");
    EXPECT_EQ(second.field("addresses.0.path"), "0/1");
    EXPECT_EQ(second.field("addresses.0.address"), "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g");
    const auto change = run("wpkh(" + key + "/<0;1>/*)", {"--change"});
    EXPECT_EQ(change.field("addresses.0.path"), "1/0");
    EXPECT_EQ(change.field("addresses.0.address"), "bc1q8c6fshw2dlwun7ekn9qwf37cu2rn755upcp6el");
    const auto bare = run("addr(bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080)", {"--count", "5"});
    EXPECT_EQ(bare.field("chain"), "regtest");
    EXPECT_EQ(bare.json().find("addresses")->list()->size(), 1u);
    EXPECT_EQ(run("raw(0014751e76e8199196d454941c45d1b3a323f1433bd6)", {"--chain", "regtest"}).field("addresses.0.address"),
              "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080");
    EXPECT_EQ(run("wpkh(" + key + "/<0;1>/*)", {"--chain", "regtest"}).error_code(), "network");
    EXPECT_EQ(run("wpkh(" + key + "/0/*)", {"--change"}).status, 2);
    EXPECT_EQ(run("wpkh(" + key + "/<0;1>/*)#qqqqqqqq").error_code(), "malformed");
    const auto of_key = sandbox.run_well({"--json", "wallet", "addresses", "--xpub", key.substr(key.find(']') + 1), "--chain", "bitcoin", "--start", "1"});
    EXPECT_EQ(of_key.field("addresses.0.address"), "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g");
}

/// What a node of chain id 31337 answers: 1.5 ETH and 2 USDC.
std::string answer_of_node(const cli::Json& call)
{
    const auto& method = *call.find("method")->text();
    const std::string result = method == "eth_chainId"      ? "0x7a69"
                               : method == "eth_getBalance" ? "0x14d1120d7b160000"
                               : method == "eth_call"       ? "0x" + std::string(58, '0') + "1e8480"
                                                            : "0x10";
    return R"({"jsonrpc":"2.0","id":)" + *call.find("id")->number() + R"(,"result":")" + result + "\"}";
}

TEST(WalletBalance, AsksTheNodeForTheCoinAndEveryToken)
{
    const test::ScriptedHttpServer node{[](const test::HttpRequest& request, test::HttpConnection& connection) {
        const auto calls = cli::Json::parse(request.body);
        if (calls.list() == nullptr) {
            connection.answer(answer_of_node(calls));
            return;
        }
        std::vector<std::string> answers;
        for (const auto& call : *calls.list())
            answers.push_back(answer_of_node(call));
        connection.answer("[" + join(answers, ",") + "]");
    }};
    CliTreasury treasury;
    treasury.write("home/coffer.toml", bytes_of("environment = \"test\"\n[rpc]\nethereum = [\"" + node.url() + "\"]\n"), storage::private_mode);
    const auto balance = treasury.run_well({"--json", "wallet", "balance", "eth-cold"});
    EXPECT_EQ(balance.field("balances.0.asset"), "ETH");
    EXPECT_EQ(balance.field("balances.0.amount"), "1500000000000000000");
    EXPECT_EQ(balance.field("balances.0.decimals"), "18");
    EXPECT_EQ(balance.field("balances.1.asset"), "USDC");
    EXPECT_EQ(balance.field("balances.1.amount"), "2000000");
    EXPECT_THAT(treasury.run_well({"wallet", "balance", "eth-cold"}).out, HasSubstr("1.5"));
    EXPECT_EQ(treasury.run_well({"--json", "doctor"}).field("checks.5.ok"), "true");
}

TEST(WalletBalance, SaysWhatIsMissing)
{
    CliTreasury treasury;
    const auto unconfigured = treasury.run({"--json", "wallet", "balance", "eth-cold"});
    EXPECT_EQ(unconfigured.status, 2);
    EXPECT_THAT(unconfigured.field("error.hint"), HasSubstr("coffer.toml"));
    treasury.write("home/coffer.toml", bytes_of("environment = \"test\"\n[rpc]\nethereum = [\"http://127.0.0.1:1\"]\n"),
                   storage::private_mode);
    EXPECT_EQ(treasury.run({"--json", "wallet", "balance", "eth-cold"}).error_code(), "rpc");
    EXPECT_EQ(treasury.run({"--json", "wallet", "balance", "nowhere"}).error_code(), "wallet_unknown");
}

} // namespace
} // namespace coffer
