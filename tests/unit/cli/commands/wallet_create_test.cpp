// Wallets of several keys at the terminal: what composes them, and what does not (ATTACKS.md, A10).

#include "core/artefacts/key_export.h"
#include "core/keys/mnemonic.h"
#include "tests/support/cli_fixture.h"
#include "tests/support/vectors.h"

#include <gmock/gmock.h>

namespace coffer {
namespace {

using test::CliSandbox;
using testing::HasSubstr;
using testing::Not;

/// A cosigner's key of hd_accounts.json.
struct Cosigner {
    std::string origin;
    std::string xpub;
};

crypto::Ed25519PrivateKey identity_number(std::uint8_t number)
{
    return crypto::Ed25519PrivateKey{SecretBytes::copy_of(Bytes(32, number))};
}

/// Appliances vault-a and vault-b with one key each, and Electrum: the 2-of-3 of hd_accounts.json.
class WalletFromPolicy : public testing::Test {
protected:
    static constexpr std::string_view policy = "wsh(sortedmulti(2,vault-a,vault-b,electrum))";

    void SetUp() override
    {
        const auto parts = split(wallet().text("descriptor"), '[');
        for (std::size_t i = 1; i < parts.size(); ++i) {
            const auto end = parts[i].find(']');
            cosigners.push_back({"[" + parts[i].substr(0, end + 1), parts[i].substr(end + 1, parts[i].find('/', end) - end - 1)});
        }
        ASSERT_EQ(cosigners.size(), 3u);
        write_export("a", cosigners[0], 1);
        write_export("b", cosigners[1], 2);
        sandbox.write("electrum.txt", cosigners[2].origin + cosigners[2].xpub + "\n");
    }

    static const test::Vector& wallet()
    {
        static const auto found = [] {
            for (const auto& vector : test::load_vectors("hd_accounts.json"))
                if (vector.kind() == "multisig" && vector.text("descriptor").starts_with("wsh("))
                    return vector;
            fatal("hd_accounts.json has no 2-of-3");
        }();
        return found;
    }

    void write_export(const std::string& file, const Cosigner& key, std::uint8_t appliance, const std::string& family = "bitcoin",
                      artefacts::Environment environment = artefacts::Environment::test)
    {
        const auto identity = identity_number(appliance);
        auto artefact = encode(artefacts::KeyExport{.header = {environment, TreasuryId{}},
                                                    .appliance = artefacts::ApprovalKey{identity.public_key()},
                                                    .key = "k" + std::to_string(appliance),
                                                    .origin = key.origin,
                                                    .public_key = key.xpub,
                                                    .family = family});
        artefact.sign(identity);
        sandbox.write(file, artefact.encode());
    }

    test::CliRun create(const std::string& with_policy, const std::vector<std::string>& keys, const std::vector<std::string>& more = {})
    {
        std::vector<std::string> args{"--json", "wallet", "create", "--id", "btc-cold"};
        if (!with_policy.empty())
            args.insert(args.end(), {"--policy", with_policy});
        for (const auto& key : keys)
            args.insert(args.end(), {"--key", key});
        args.insert(args.end(), more.begin(), more.end());
        return sandbox.run(args);
    }
    void expect_refused(int status, const std::string& code, const test::CliRun& run)
    {
        EXPECT_EQ(run.status, status) << run.out;
        EXPECT_EQ(run.error_code(), code) << run.out;
    }

    CliSandbox sandbox;
    std::vector<Cosigner> cosigners;
    const std::vector<std::string> three{"vault-a=a", "vault-b=b", "electrum=electrum.txt"};
};

TEST_F(WalletFromPolicy, ComposesTwoOfThree)
{
    const auto draft = create(std::string{policy}, three);
    ASSERT_EQ(draft.status, 0) << draft.out;
    EXPECT_EQ(draft.field("wallet"), "btc-cold");
    EXPECT_EQ(draft.field("chain"), "bitcoin");
    EXPECT_EQ(draft.field("address"), wallet().text("addresses.0.address"));
    EXPECT_THAT(draft.field("descriptor"), HasSubstr(wallet().text("descriptor") + "#"));
    EXPECT_EQ(draft.field("keys.0.appliance"), "vault-a");
    EXPECT_EQ(draft.field("keys.0.key"), "k1");
    EXPECT_EQ(draft.field("keys.2.outside"), "electrum");
    EXPECT_EQ(draft.field("keys.2.origin"), cosigners[2].origin);
    const auto toml = draft.field("toml");
    EXPECT_THAT(toml, HasSubstr("descriptor = \"" + draft.field("descriptor") + "\""));
    EXPECT_THAT(toml, HasSubstr("keys = [{ appliance = \"vault-a\", key = \"k1\" }, { appliance = \"vault-b\", key = \"k2\" }, "
                                "{ outside = \"electrum\" }]"));
    EXPECT_THAT(toml, HasSubstr("tier = \"cold\""));
    EXPECT_THAT(toml, HasSubstr("confirmations = 6"));
    EXPECT_THAT(toml, HasSubstr(wallet().text("addresses.0.address")));
    EXPECT_THAT(create(std::string{policy}, three, {"--tier", "warm"}).field("toml"), HasSubstr("tier = \"warm\""));
}

TEST_F(WalletFromPolicy, NamesTheKeysInTheOrderOfThePolicy)
{
    const auto draft = create("wsh(multi(2, electrum, vault-b, vault-a))", three);
    ASSERT_EQ(draft.status, 0) << draft.out;
    EXPECT_EQ(draft.field("keys.0.outside"), "electrum");
    EXPECT_EQ(draft.field("keys.1.appliance"), "vault-b");
    EXPECT_THAT(draft.field("descriptor"), testing::StartsWith("wsh(multi(2," + cosigners[2].origin));
}

TEST_F(WalletFromPolicy, TakesNamesInCapitals)
{
    const auto draft = create("wsh(sortedmulti(2,A,B,C))", {"A=a", "B=b", "C=electrum.txt"});
    ASSERT_EQ(draft.status, 0) << draft.out;
    EXPECT_EQ(draft.field("address"), wallet().text("addresses.0.address"));
    EXPECT_EQ(draft.field("keys.0.appliance"), "a");
    EXPECT_EQ(draft.field("keys.2.outside"), "c");
    expect_refused(2, "usage", create("wsh(sortedmulti(1,A,a))", {"A=a", "a=b"}));
}

TEST_F(WalletFromPolicy, TakesAnOutsideKeyAsItIsAndAsJson)
{
    const auto inline_key = create(std::string{policy}, {three[0], three[1], "electrum=" + cosigners[2].origin + cosigners[2].xpub});
    EXPECT_EQ(inline_key.field("address"), wallet().text("addresses.0.address"));
    sandbox.write("electrum.json", R"({"origin": ")" + cosigners[2].origin + R"(", "xpub": ")" + cosigners[2].xpub + "\"}");
    EXPECT_EQ(create(std::string{policy}, {three[0], three[1], "electrum=electrum.json"}).field("address"), wallet().text("addresses.0.address"));
}

TEST_F(WalletFromPolicy, ComposesEveryPolicyOfTheDescriptors)
{
    for (const auto& one : {"pkh(vault-a)", "wpkh(vault-a)", "sh(wpkh(vault-a))", "tr(vault-a)"}) {
        const auto draft = create(one, {three[0]});
        EXPECT_EQ(draft.status, 0) << one << draft.out;
    }
    for (const auto& several : {"sh(wsh(sortedmulti(2,vault-a,vault-b,electrum)))", "wsh(multi(2,vault-a,vault-b,electrum))",
                                "sh(sortedmulti(2,vault-a,vault-b,electrum))"}) {
        const auto draft = create(several, three);
        EXPECT_EQ(draft.status, 0) << several << draft.out;
    }
}

TEST_F(WalletFromPolicy, TakesThePrefixesOfSlip132WhereTheyFit)
{
    std::size_t tried = 0;
    for (const auto& vector : test::load_vectors("hd_accounts.json")) {
        if (!vector.has("slip132_pub") || !vector.has("master_fingerprint"))
            continue;
        const auto outside = "other=[" + vector.text("master_fingerprint") + vector.text("path").substr(1) + "]" + vector.text("slip132_pub");
        const auto of_script = [&](const std::string& with) { return create(with, {"vault-a=a", outside}).status; };
        if (vector.text("xpub") == cosigners[0].xpub || vector.kind() != "bip48")
            continue;
        SCOPED_TRACE(vector.name());
        const bool is_nested = vector.text("script") == "p2sh-p2wsh";
        EXPECT_EQ(of_script("wsh(sortedmulti(2,vault-a,other))"), is_nested ? 3 : 0);
        EXPECT_EQ(of_script("sh(wsh(sortedmulti(2,vault-a,other)))"), is_nested ? 0 : 3);
        ++tried;
    }
    EXPECT_GE(tried, 4u);
}

TEST_F(WalletFromPolicy, MakesTheUsualWalletOfOneKey)
{
    std::size_t tried = 0;
    for (const auto& vector : test::load_vectors("hd_accounts.json")) {
        if (!vector.has("addresses") || !vector.has("master_fingerprint") || vector.kind() == "bip48")
            continue;
        SCOPED_TRACE(vector.name());
        write_export("own", {"[" + vector.text("master_fingerprint") + vector.text("path").substr(1) + "]", vector.text("xpub")}, 1);
        EXPECT_EQ(create("", {"vault-a=own"}).field("address"), vector.text("addresses.0.address"));
        ++tried;
    }
    EXPECT_GE(tried, 8u);
    expect_refused(2, "usage", create("", {"vault-a=a"})); // the account of a cosigner
    expect_refused(2, "usage", create("", {"vault-a=a", "vault-b=b"}));
}

TEST_F(WalletFromPolicy, KnowsTheNetworkByTheChainsName)
{
    const auto test_key = [&](const Cosigner& key) {
        return keys::ExtendedPublicKey::parse(key.xpub).on(keys::KeyNetwork::test).format();
    };
    write_export("ta", {"[73c5da0a/48h/1h/0h/2h]", test_key(cosigners[0])}, 1);
    write_export("tb", {"[1ddb040f/48h/1h/0h/2h]", test_key(cosigners[1])}, 2);
    const std::string two = "wsh(sortedmulti(2,vault-a,vault-b))";
    const auto on = [&](const std::vector<std::string>& chain) { return create(two, {"vault-a=ta", "vault-b=tb"}, chain); };
    EXPECT_THAT(on({"--chain", "regtest"}).field("address"), testing::StartsWith("bcrt1q"));
    EXPECT_THAT(on({"--chain", "signet"}).field("address"), testing::StartsWith("tb1q"));
    EXPECT_EQ(on({}).field("chain"), "testnet");
    EXPECT_EQ(on({"--chain", "our-regtest"}).field("chain"), "our-regtest");
    expect_refused(4, "network", on({"--chain", "bitcoin"}));
    expect_refused(4, "network", create(std::string{policy}, three, {"--chain", "regtest"}));
    expect_refused(4, "network", create(two, {"vault-a=a", "vault-b=tb"}));
    expect_refused(4, "chain", create(std::string{policy}, three, {"--chain", "ethereum"}));
}

TEST_F(WalletFromPolicy, NeedsAKeyOfAnAppliance)
{
    expect_refused(4, "enrol_not_member", create("wpkh(electrum)", {"electrum=electrum.txt"}));
    EXPECT_EQ(create("wpkh(vault-a)", {"vault-a=a"}).status, 0);
}

TEST_F(WalletFromPolicy, RefusesOutsideKeysThatReachTheThreshold)
{
    const auto other = "other=" + cosigners[1].origin + cosigners[1].xpub;
    expect_refused(4, "policy_invalid", create("wsh(sortedmulti(1,vault-a,electrum))", {three[0], three[2]}));
    expect_refused(4, "policy_invalid", create("wsh(sortedmulti(2,vault-a,other,electrum))", {three[0], other, three[2]}));
    EXPECT_EQ(create("wsh(sortedmulti(3,vault-a,other,electrum))", {three[0], other, three[2]}).status, 0);
    EXPECT_EQ(create("wsh(sortedmulti(2,vault-a,electrum))", {three[0], three[2]}).status, 0);
}

TEST_F(WalletFromPolicy, RefusesOneSignerUnderTwoOrigins)
{
    sandbox.write("again.txt", "[deadbeef/48h/0h/7h/2h]" + cosigners[0].xpub);
    expect_refused(4, "enrol_dupkey", create("wsh(sortedmulti(2,vault-a,other))", {"vault-a=a", "other=again.txt"}));
}

TEST_F(WalletFromPolicy, RefusesOneSignerUnderTwoNames)
{
    write_export("again", cosigners[0], 2);
    expect_refused(4, "enrol_dupkey", create("wsh(sortedmulti(2,vault-a,vault-b))", {"vault-a=a", "vault-b=again"}));
    expect_refused(4, "enrol_dupkey", create("wsh(sortedmulti(2,vault-a,vault-a))", {"vault-a=a"}));
    write_export("second", cosigners[1], 1); // another key of the same appliance
    expect_refused(4, "policy_dupkey", create("wsh(sortedmulti(2,vault-a,vault-b))", {"vault-a=a", "vault-b=second"}));
    EXPECT_EQ(create("wsh(sortedmulti(2,vault-a,vault-b))", {"vault-a=a", "vault-b=b"}).status, 0);
}

TEST_F(WalletFromPolicy, RefusesPrivateKeysAndSpeaksOfNone)
{
    const auto secret = keys::ExtendedPrivateKey::from_seed(SecretBytes::copy_of(Bytes(32, 7))).format();
    const std::string xprv{text_of(secret.reveal())};
    sandbox.write("secret.txt", cosigners[2].origin + xprv);
    for (const auto& run : {create(std::string{policy}, {three[0], three[1], "electrum=secret.txt"}),
                            create(std::string{policy}, {three[0], three[1], "electrum=" + xprv}), create("wpkh(" + xprv + ")", {three[0]}),
                            create("wpkh(vault-a)", {three[0], xprv})}) {
        EXPECT_THAT(run.status, testing::AnyOf(2, 3));
        EXPECT_THAT(run.out + run.err, Not(HasSubstr(xprv.substr(10, 20))));
    }
    expect_refused(2, "secret_source", create(std::string{policy}, {three[0], three[1], "electrum=secret.txt"}));
}

TEST_F(WalletFromPolicy, RefusesPoliciesAndKeysThatDoNotFit)
{
    expect_refused(3, "malformed", create("wsh(sortedmulti(4,vault-a,vault-b,electrum))", three));
    expect_refused(3, "malformed", create("wsh(sortedmulti(0,vault-a,vault-b,electrum))", three));
    expect_refused(2, "usage", create("wsh(sortedmulti(2,vault-a,vault-b,nobody))", three));
    expect_refused(2, "usage", create("wsh(sortedmulti(2,vault-a,vault-b))", three));
    expect_refused(3, "malformed", create("wsh(thresh(2,vault-a,vault-b,electrum))", three));
    expect_refused(3, "malformed", create("wsh(sortedmulti(2,vault-a,vault-b,electrum)", three));
    expect_refused(3, "malformed", create("wsh(sortedmulti(2,vault-a/0/*,vault-b,electrum))", three));
    expect_refused(2, "usage", create("raw(00)", {three[0]}));
    expect_refused(2, "usage", create("wpkh(vault-a)", {three[0]}, {"--path", "0/0"}));
}

TEST_F(WalletFromPolicy, RefusesKeyFilesThatAreNotOneKey)
{
    const auto with = [&](std::string_view content) {
        sandbox.write("other.txt", content);
        return create("wsh(sortedmulti(2,vault-a,other))", {"vault-a=a", "other=other.txt"});
    };
    const auto line = cosigners[2].origin + cosigners[2].xpub;
    EXPECT_EQ(with(line).status, 0);
    expect_refused(3, "malformed", with(line + "\n" + line + "\n"));
    expect_refused(3, "malformed", with(cosigners[2].xpub));
    expect_refused(3, "malformed", with(cosigners[2].origin + "\x1b[2J" + cosigners[2].xpub));
    expect_refused(3, "addr_checksum", with(line.substr(0, line.size() - 1) + (line.back() == 'a' ? "b" : "a")));
    expect_refused(3, "malformed", with("[xyz]" + cosigners[2].xpub));
    expect_refused(3, "malformed", with(""));
    EXPECT_EQ(create("wsh(sortedmulti(2,vault-a,other))", {"vault-a=a", "other=nowhere"}).status, 7);
}

TEST_F(WalletFromPolicy, RefusesExportsThatDoNotBelongTogether)
{
    write_export("c", cosigners[1], 2, "bitcoin", artefacts::Environment::production);
    expect_refused(4, "env", create("wsh(sortedmulti(2,vault-a,vault-b))", {"vault-a=a", "vault-b=c"}));
    write_export("d", cosigners[1], 2, "evm");
    expect_refused(4, "chain", create("wsh(sortedmulti(2,vault-a,vault-b))", {"vault-a=a", "vault-b=d"}));
    write_export("e", cosigners[1], 2, "dogecoin");
    expect_refused(4, "chain", create("wsh(sortedmulti(2,vault-a,vault-b))", {"vault-a=a", "vault-b=e"}));
    auto forged = encode(artefacts::KeyExport{.header = {artefacts::Environment::test, TreasuryId{}},
                                              .appliance = artefacts::ApprovalKey{identity_number(2).public_key()},
                                              .key = "k2",
                                              .origin = cosigners[1].origin,
                                              .public_key = cosigners[1].xpub,
                                              .family = "bitcoin"});
    forged.sign(identity_number(3));
    sandbox.write("forged", forged.encode());
    expect_refused(5, "sig_verify", create("wsh(sortedmulti(2,vault-a,vault-b))", {"vault-a=a", "vault-b=forged"}));
}

TEST_F(WalletFromPolicy, ImportDraftsTheApplianceOfACosignerAndTheWalletOfAnAccount)
{
    const auto cosigner = sandbox.run_well({"wallet", "import", "a"}).out;
    EXPECT_THAT(cosigner, HasSubstr("[[appliance]]"));
    EXPECT_THAT(cosigner, Not(HasSubstr("[[wallet]]")));
    for (const auto& vector : test::load_vectors("hd_accounts.json")) {
        if (vector.kind() != "bip84" || !vector.has("addresses"))
            continue;
        write_export("own", {"[" + vector.text("master_fingerprint") + vector.text("path").substr(1) + "]", vector.text("xpub")}, 1);
        const auto own = sandbox.run_well({"wallet", "import", "own"}).out;
        EXPECT_THAT(own, HasSubstr("chain = \"bitcoin\""));
        EXPECT_THAT(own, HasSubstr("descriptor = \"wpkh([" + vector.text("master_fingerprint") + "/84h/0h/"));
        EXPECT_THAT(own, HasSubstr("keys = [{ appliance = \"vault-a\", key = \"k1\" }]"));
        EXPECT_THAT(own, HasSubstr("confirmations = 6"));
    }
}

} // namespace
} // namespace coffer
