#include "appliance/session.h"
#include "core/artefacts/share_drill.h"
#include "core/keys/derivation.h"
#include "core/keys/mnemonic.h"
#include "core/keys/seed.h"
#include "core/keys/slip39.h"
#include "core/payments/ceremony.h"
#include "tests/support/vault/share_holders.h"
#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

SecretBytes secret(std::string_view text)
{
    return SecretBytes::copy_of(bytes_of(text));
}

std::string fingerprint_of_shares(const std::vector<std::string>& lines, keys::SeedScheme scheme = keys::SeedScheme::bip39)
{
    std::vector<keys::Share> shares;
    for (const auto& line : lines)
        shares.push_back(keys::parse_share(secret(line)));
    const auto master = keys::ExtendedPrivateKey::from_seed(keys::seed_of(keys::combine_shares(shares, SecretBytes{}), scheme));
    return encoding::encode_hex(master.fingerprint().bytes());
}

/// A vault with people at its terminal, before a charter was pinned.
class Shares : public ::testing::Test {
protected:
    explicit Shares(TestVault::Pin pin = TestVault::Pin::no, const std::function<void(charter::Charter&)>& change = {})
        : vault{change, founding_day + hours(2), pin}
    {
    }

    test::Run run(std::vector<std::string> args)
    {
        args.emplace_back("--json");
        vault.environment->terminal.answer_otherwise([this](const std::string& prompt, const std::string& transcript) { return people(prompt, transcript); });
        return vault.run(std::move(args));
    }
    Json run_well(std::vector<std::string> args)
    {
        const auto done = run(std::move(args));
        EXPECT_EQ(done.status, 0) << done.out << done.err << done.screen;
        return json_of(done);
    }
    std::vector<std::string> create(std::vector<std::string> options = {"--threshold", "2", "--count", "3"})
    {
        const auto before = people.papers().size();
        options.insert(options.begin(), {"shares", "create", "k1"});
        run_well(options);
        const auto papers = people.papers();
        return {papers.begin() + static_cast<std::ptrdiff_t>(before), papers.end()};
    }
    std::string fingerprint() { return json_of(vault.run({"keys", "list", "--json"})).at("keys")[0].at("fingerprint"); }
    Json key() { return json_of(vault.run({"keys", "list", "--json"})).at("keys")[0]; }

    TestVault vault;
    ShareHolders people;
};

TEST_F(Shares, EachIsShownAloneAndAnyThresholdRestoresTheKey)
{
    const auto done = run({"shares", "create", "k1", "--threshold", "2", "--count", "3"});
    ASSERT_EQ(done.status, 0) << done.out << done.screen;
    EXPECT_EQ(json_of(done).at("shape"), "2 of 3");
    EXPECT_EQ(json_of(done).at("subsets_tried"), 3);
    EXPECT_EQ(json_of(done).at("shares")[1].at("holder"), "holder 2");
    const auto papers = people.papers();
    ASSERT_EQ(papers.size(), 3U);
    for (const auto& pair : {std::vector{papers[0], papers[1]}, std::vector{papers[0], papers[2]}, std::vector{papers[2], papers[1]}})
        EXPECT_EQ(fingerprint_of_shares(pair), fingerprint());
    // Between two shares the screen was cleared, twice for each: after it was written down, and before the next.
    EXPECT_EQ(split(done.screen, '<').size() - 1, 3 * 2 + 3 * 3U) << "three cleared screens twice, and three secret words each";
    const auto first_word = papers[0].substr(0, papers[0].find(' '));
    EXPECT_EQ((done.out + done.err).find(first_word), std::string::npos);
    EXPECT_EQ(vault.log_types().back(), "share_set_kept");
    const auto listed = key().at("shares");
    EXPECT_EQ(listed.at("shape"), "2 of 3");
    EXPECT_EQ(listed.at("holders"), (Json{"holder 1", "holder 2", "holder 3"}));
}

TEST_F(Shares, GroupsNeedTheirOwnThresholds)
{
    const auto papers = create({"--groups", "2of3,1of1", "--group-threshold", "2"});
    ASSERT_EQ(papers.size(), 4U);
    EXPECT_EQ(fingerprint_of_shares({papers[0], papers[2], papers[3]}), fingerprint());
    EXPECT_EQ(run({"shares", "create", "k1", "--groups", "1of2"}).status, 6) << "one set at a time";
}

TEST_F(Shares, ShapesThatMakeNoSenseAreRefusedBeforeAnythingIsShown)
{
    for (const auto& shape : std::vector<std::vector<std::string>>{{"--threshold", "4", "--count", "3"}, {"--groups", "1of2"}, {"--groups", "2of3", "--group-threshold", "2"}})
        EXPECT_EQ(code_of(run([&] {
                      auto args = std::vector<std::string>{"shares", "create", "k1"};
                      args.insert(args.end(), shape.begin(), shape.end());
                      return args;
                  }())),
                  "share_threshold");
    for (const auto& shape : std::vector<std::vector<std::string>>{
             {"--threshold", "0", "--count", "3"}, {"--threshold", "2"}, {"--groups", "2of17"}, {"--groups", "2-3"}, {"--groups", "2of3", "--count", "3"}, {}})
        EXPECT_EQ(code_of(run([&] {
                      auto args = std::vector<std::string>{"shares", "create", "k1"};
                      args.insert(args.end(), shape.begin(), shape.end());
                      return args;
                  }())),
                  "usage");
    EXPECT_TRUE(people.papers().empty());
    EXPECT_EQ(count(vault.log_types(), "share_set_begun"), 0U);
}

TEST_F(Shares, WhoMistypesAWordIsShownTheShareAgainThreeTimes)
{
    people.mistype(1);
    EXPECT_EQ(create().size(), 3U);
    people.mistype(3);
    expect_error(run({"shares", "refresh", "k1"}), 10, "declined");
    EXPECT_EQ(count(vault.log_types(), "share_set_begun"), 2U);
    EXPECT_EQ(count(vault.log_types(), "share_set_kept"), 1U);
    write(vault.file("unfinished"), bytes_of(people.papers().back() + "\n"));
    expect_error(run({"shares", "combine", "--id", "k1", "--shares-file", vault.file("unfinished").string()}), 6, "share_retired");
}

TEST_F(Shares, AHomeKnowsItsSharesAgain)
{
    const auto papers = create();
    people.bring({papers[1]});
    const auto one = run_well({"shares", "verify", "--one"});
    EXPECT_EQ(one.at("key"), "k1");
    EXPECT_EQ(one.at("member"), 2);
    EXPECT_EQ(one.at("holder"), "holder 2");

    people.bring(papers);
    EXPECT_EQ(run_well({"shares", "verify", "k1"}).at("subsets_tried"), 3);
    write(vault.file("two"), bytes_of(papers[0] + "\n" + papers[2] + "\n"));
    EXPECT_EQ(code_of(run({"shares", "verify", "k1", "--shares-file", vault.file("two").string()})), "share_threshold");
    write(vault.file("twice"), bytes_of(papers[0] + "\n" + papers[0] + "\n" + papers[1] + "\n"));
    EXPECT_EQ(code_of(run({"shares", "verify", "k1", "--shares-file", vault.file("twice").string()})), "share_index");
    EXPECT_EQ(run({"shares", "verify"}).status, 2);
}

TEST_F(Shares, AShareThatWasMadeUpIsFound)
{
    const auto papers = create();
    auto forged = keys::parse_share(secret(papers[0]));
    forged.value.reveal_mutable()[0] ^= 1;
    const auto words = keys::format_share(forged);
    write(vault.file("forged"), bytes_of(std::string{text_of(words.reveal())} + "\n" + papers[1] + "\n"));
    expect_error(run({"shares", "combine", "--id", "k1", "--shares-file", vault.file("forged").string()}), 3, "share_digest");
    expect_error(run({"shares", "verify", "--one", "--shares-file", vault.file("forged").string()}), 3, "share_digest");
    write(vault.file("sound"), bytes_of(papers[0] + "\n" + papers[1] + "\n"));
    EXPECT_EQ(run({"shares", "combine", "--id", "k1", "--shares-file", vault.file("sound").string()}).status, 0);
}

TEST_F(Shares, AreOfTheirKeyAndOfNoOther)
{
    const auto papers = create();
    write(vault.file("shares"), bytes_of(papers[0] + "\n" + papers[1] + "\n"));
    expect_error(run({"shares", "combine", "--id", "k2", "--shares-file", vault.file("shares").string()}), 3, "share_set");
    auto elsewhere = keys::parse_share(secret(papers[0]));
    elsewhere.header.identifier ^= 1;
    const auto words = keys::format_share(elsewhere);
    write(vault.file("elsewhere"), bytes_of(std::string{text_of(words.reveal())} + "\n"));
    expect_error(run({"shares", "combine", "--id", "k1", "--shares-file", vault.file("elsewhere").string()}), 3, "share_set");
    expect_error(run({"shares", "verify", "--one", "--shares-file", vault.file("elsewhere").string()}), 7, "not_found");
}

TEST_F(Shares, LeaveTheScreenWithWhoeverGoesAway)
{
    vault.environment->terminal.answer_otherwise([this](const std::string& prompt, const std::string& transcript) -> std::optional<std::string> {
        if (prompt.starts_with("Press Enter"))
            throw Error{ErrorCode::interrupted, "the terminal is gone"};
        return people(prompt, transcript);
    });
    const auto done = vault.run({"shares", "create", "k1", "--threshold", "2", "--count", "3", "--json"});
    expect_error(done, 10, "interrupted");
    EXPECT_TRUE(done.screen.ends_with("<screen cleared>\n")) << done.screen;
}

TEST_F(Shares, OfASecretThatNoWordsHave)
{
    std::vector<SecretBytes> lines;
    std::string text;
    crypto::SystemRandom random;
    for (const auto& group : keys::split_secret(random.secret(18), SecretBytes{}, {.group_threshold = 1, .groups = {{2, 2}}, .identifier = 77}, random))
        for (const auto& share : group)
            text += std::string{text_of(keys::format_share(share).reveal())} + "\n";
    write(vault.file("shares"), bytes_of(text));
    expect_error(run({"shares", "combine", "--id", "k2", "--scheme", "bip39", "--shares-file", vault.file("shares").string()}), 3, "share_length");
    EXPECT_EQ(run_well({"shares", "combine", "--id", "k2", "--shares-file", vault.file("shares").string()}).at("scheme"), "slip39");
}

TEST_F(Shares, NewSharesRetireTheOld)
{
    const auto old = create();
    run_well({"shares", "refresh", "k1"});
    const auto papers = people.papers();
    ASSERT_EQ(papers.size(), 6U) << "of the same shape";
    EXPECT_EQ(fingerprint_of_shares({papers[3], papers[5]}), fingerprint());
    write(vault.file("old"), bytes_of(old[0] + "\n"));
    expect_error(run({"shares", "verify", "--one", "--shares-file", vault.file("old").string()}), 6, "share_retired");
    write(vault.file("mixed"), bytes_of(papers[3] + "\n" + old[0] + "\n"));
    expect_error(run({"shares", "combine", "--id", "k1", "--shares-file", vault.file("mixed").string()}), 6, "share_retired");
    expect_error(run({"shares", "create", "k1", "--threshold", "2", "--count", "3"}), 6, "exists");
}

TEST_F(Shares, AnotherHomeRestoresTheKeyAndComparesIt)
{
    const auto papers = create();
    write(vault.file("shares"), bytes_of(papers[2] + "\n" + papers[0] + "\n"));
    TestVault other{{}, founding_day + hours(2), TestVault::Pin::no};
    write(other.file("shares"), read(vault.file("shares")));
    const auto restored = json_of(other.run({"shares", "combine", "--id", "k9", "--scheme", "bip39", "--shares-file", other.file("shares").string(), "--json"}));
    EXPECT_EQ(restored.value("error", Json{}).value("code", ""), "exists") << "the test vault has the same key as k1";
    const auto as_seed = json_of(other.run({"shares", "combine", "--id", "k9", "--shares-file", other.file("shares").string(), "--json"}));
    EXPECT_EQ(as_seed.at("fingerprint"), fingerprint_of_shares({papers[2], papers[0]}, keys::SeedScheme::slip39));
    EXPECT_EQ(as_seed.at("scheme"), "slip39");
    EXPECT_EQ(as_seed.at("source"), "shares");
}

TEST_F(Shares, WithAPassphraseOfTheirOwnTheyNeedIt)
{
    write(vault.file("word"), bytes_of("correct horse\n"));
    write(vault.file("other"), bytes_of("correct horses\n"));
    const auto papers = create({"--threshold", "2", "--count", "3", "--new-share-passphrase-file", vault.file("word").string()});
    EXPECT_NE(fingerprint_of_shares({papers[0], papers[1]}), fingerprint());
    write(vault.file("shares"), bytes_of(papers[0] + "\n" + papers[1] + "\n"));
    const std::vector<std::string> combine = {"shares", "combine", "--id", "k1", "--shares-file", vault.file("shares").string(), "--share-passphrase-file"};
    auto right = combine;
    right.push_back(vault.file("word").string());
    EXPECT_EQ(run(right).status, 0);
    auto wrong = combine;
    wrong.push_back(vault.file("other").string());
    expect_error(run(wrong), 5, "fingerprint");
}

TEST_F(Shares, GoToAFileInATestHomeOnly)
{
    const auto file = vault.file("out").string();
    run_well({"shares", "create", "k1", "--threshold", "2", "--count", "3", "--shares-out", file});
    EXPECT_EQ(mode_of(file), 0600U);
    const auto text = read(file);
    const auto lines = split(trim(text_of(text)), '\n');
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(fingerprint_of_shares({std::string{lines[0]}, std::string{lines[2]}}), fingerprint());
    expect_error(run({"shares", "refresh", "k1", "--shares-out", file}), 6, "exists");
    EXPECT_EQ(read(file), text);
}

TEST_F(Shares, GoOverTheFileOfARunThatBrokeOff)
{
    people.mistype(3);
    expect_error(run({"shares", "create", "k1", "--threshold", "2", "--count", "3"}), 10, "declined");
    const auto file = vault.file("out").string();
    write(file, bytes_of(people.papers().front() + "\n"));
    run_well({"shares", "create", "k1", "--threshold", "2", "--count", "3", "--shares-out", file});
    const auto text = read(file);
    EXPECT_EQ(split(trim(text_of(text)), '\n').size(), 3U);
}

TEST_F(Shares, AKeyThatRestsNowhereIsEnteredWhenItIsUsed)
{
    write(vault.file("more"), bytes_of("legal winner thank year wave sausage worth useful legal winner thank yellow\n"));
    run_well({"keys", "import", "--id", "k2", "--mnemonic-file", vault.file("more").string(), "--rest", "none"});
    EXPECT_TRUE(std::filesystem::exists(vault.home() / "keys/k2.key")) << "until it has shares";
    const auto before = run_well({"keys", "export-public", "k2", "--chain", "evm"});
    run_well({"shares", "create", "k2", "--threshold", "2", "--count", "2"});
    EXPECT_FALSE(std::filesystem::exists(vault.home() / "keys/k2.key"));
    const auto papers = people.papers();
    people.bring({papers[0], papers[0], papers[1]}); // one of them twice, which is told and asked for again
    const auto entered = run({"keys", "export-public", "k2", "--chain", "evm"});
    EXPECT_EQ(json_of(entered).at("address"), before.at("address"));
    EXPECT_TRUE(people.has_brought_all());
    EXPECT_EQ(entered.longest_wait, minutes(10)) << "while it lies in memory";
    expect_error(run({"keys", "import", "--id", "k2", "--mnemonic-file", vault.file("more").string(), "--rest", "none"}), 6, "exists");
    EXPECT_FALSE(std::filesystem::exists(vault.home() / "keys/k2.key"));
    vault.environment->terminal.detach();
    expect_error(run({"keys", "export-public", "k2", "--chain", "evm"}), 10, "presence");
}

TEST_F(Shares, AreShownAgainOnceAYear)
{
    const auto papers = create();
    EXPECT_EQ(json_of(vault.run({"status", "--json"})).at("drills_overdue"), Json::array());
    vault.set_now(vault.now() + days(366));
    EXPECT_EQ(json_of(vault.run({"status", "--json"})).at("drills_overdue"), Json{"k1"});

    write(vault.file("record"), bytes_of("in the way"));
    expect_error(run({"shares", "drill", "k1", "--out", vault.file("record").string()}), 6, "exists");
    std::filesystem::remove(vault.file("record"));
    people.bring({papers[0], papers[2]});
    vault.environment->terminal.expect("is that the date?", "y").expect("Who brought it?", std::string(65, 'x')).expect("Who brought it?", "Dora").expect("Is there another share?", "y").expect("Who brought it?", "").expect(
        "Is there another share?", "n");
    const auto held = run_well({"shares", "drill", "k1", "--out", vault.file("record").string()});
    EXPECT_EQ(held.at("missing"), 1);
    EXPECT_EQ(held.at("shown")[0].at("person"), "Dora");
    EXPECT_EQ(held.at("shown")[1].at("person"), "holder 3");
    EXPECT_EQ(json_of(vault.run({"status", "--json"})).at("drills_overdue"), Json{"k1"}) << "one is still away";
    const auto record = artefacts::Artefact::decode(read(vault.file("record")), artefacts::Kind::transcript);
    const auto drill = artefacts::decode_share_drill(record);
    EXPECT_TRUE(record.is_signed_by(drill.appliance));
    EXPECT_EQ(drill.shown.size(), 2U);

    people.bring({papers[1]});
    vault.environment->terminal.expect("is that the date?", "y").expect("Who brought it?", "").expect("Is there another share?", "n");
    run_well({"shares", "drill", "k1"});
    EXPECT_EQ(json_of(vault.run({"status", "--json"})).at("drills_overdue"), Json::array());
}

TEST_F(Shares, WordsOfAKeyAreShownAndConfirmed)
{
    people.mistype(1);
    EXPECT_EQ(run_well({"keys", "words", "k1"}).at("fingerprint"), fingerprint());
    ASSERT_EQ(people.papers().size(), 1U) << "the same words twice";
    EXPECT_EQ(appliance::fingerprint_of(keys::entropy_from_mnemonic(secret(people.papers().front())), keys::SeedScheme::bip39), fingerprint());
    EXPECT_EQ(count(vault.log_types(), "words_shown"), 1U);
    people.mistype(3);
    expect_error(run({"keys", "words", "k1"}), 10, "declined");
    EXPECT_EQ(vault.log_types().back(), "words_shown") << "also of those that nobody confirmed";
    expect_error(run({"keys", "words", "k9"}), 7, "not_found");
    run_well({"keys", "generate", "--id", "k2", "--scheme", "slip39"});
    expect_error(run({"keys", "words", "k2"}), 2, "usage");
}

/// The same with a charter that names the key.
class BoundShares : public Shares {
protected:
    BoundShares() : Shares{TestVault::Pin::yes} {}
};

/// A charter with a rule for ceremonies, and officers who vote on them.
class VotedShares : public Shares {
protected:
    explicit VotedShares(void (*change)(charter::Charter&) = &allow_ceremonies) : Shares{TestVault::Pin::yes, change} {}

    static void allow_ceremonies(charter::Charter& charter)
    {
        auto ceremonies = rule("ceremonies", {}, "2 of finance and 1 of compliance");
        ceremonies.wallets.reset();
        ceremonies.kinds = {charter::RequestKind::key_ceremony};
        ceremonies.max_fee.reset();
        charter.rules.push_back(ceremonies);
        charter.shares = {.least_threshold = 2, .most_shares = 5};
    }

    payments::Ceremony ceremony(payments::Ceremony::Operation operation = payments::Ceremony::Operation::create) const
    {
        const auto& appliance = *vault.charter().find_appliance("vault-a");
        payments::Ceremony made{.appliance = "vault-a", .key = "k1", .public_key = {}, .operation = operation, .group_threshold = 1,
                                .groups = {{2, 3}}, .share_set = 4711};
        made.public_key = to_bytes(keys::ExtendedPublicKey::parse(appliance.find_key("k1")->extended_public).key().compressed());
        return made;
    }
    /// A bundle with the request and these votes; the file's name.
    std::string bundle(const payments::Ceremony& ceremony, const std::vector<VoteDraft>& votes, std::uint8_t number = 1)
    {
        const RequestDraft draft{.id = id_number(number), .kind = charter::RequestKind::key_ceremony, .payloads = {payments::encode_ceremony(ceremony)}, .requester = "carol"};
        m_fingerprint = requests::fingerprint(requests::digest_of(vault.request(draft)));
        const auto name = "bundle-" + std::to_string(number);
        write(vault.file(name), vault.bundle({vault.approved(draft, votes)}));
        return vault.file(name).string();
    }
    std::vector<VoteDraft> all_votes() const { return {{.officer = "alice"}, {.officer = "bob"}, {.officer = "dave"}}; }
    std::vector<std::string> create_with(const std::string& bundle) const
    {
        return {"shares", "create", "k1", "--bundle", bundle, "--out", vault.receipt_file().string()};
    }
    void expect_agreement()
    {
        vault.expect_agreement({});
        vault.environment->terminal.expect("to sign; n declines", fingerprint_answer(m_fingerprint));
    }

    /// Makes the shares that the bundle is about.
    void expect_agreement_with(const std::string& bundle)
    {
        expect_agreement();
        ASSERT_EQ(run(create_with(bundle)).status, 0);
    }

    std::string m_fingerprint;
};

TEST_F(VotedShares, AreMadeOnceOfficersHaveVoted)
{
    const auto file = bundle(ceremony(), all_votes());
    expect_agreement();
    const auto done = run(create_with(file));
    ASSERT_EQ(done.status, 0) << done.out << done.err << done.screen;
    EXPECT_EQ(json_of(done).at("identifier"), 4711);
    const auto papers = people.papers();
    ASSERT_EQ(papers.size(), 3U);
    EXPECT_EQ(fingerprint_of_shares({papers[1], papers[2]}), fingerprint());
    EXPECT_NE(done.screen.find("make shares of the key: 2 of 3 restore it"), std::string::npos);
    const auto receipt = vault.receipt();
    ASSERT_EQ(receipt.results.size(), 1U);
    EXPECT_EQ(receipt.results.front().outcome, bundle::Outcome::signed_);
    const auto payload = vault.decode(payments::encode_ceremony(ceremony()));
    EXPECT_NO_THROW(payload->verify(receipt.results.front().signatures.at(0).signature));

    // The same bundle again gives the receipt, and no more shares.
    const auto first_receipt = read(vault.receipt_file());
    std::filesystem::remove(vault.receipt_file());
    const auto size = vault.log_types().size();
    const auto again = run(create_with(file));
    ASSERT_EQ(again.status, 0) << again.out << again.screen;
    EXPECT_EQ(people.papers().size(), 3U);
    EXPECT_EQ(read(vault.receipt_file()), first_receipt) << "the same bytes";
    EXPECT_EQ(vault.log_types().size(), size);
}

TEST_F(VotedShares, OnceMadeAreStillThoseOfTheKeyThatWasVotedFor)
{
    const auto file = bundle(ceremony(), all_votes());
    expect_agreement();
    ASSERT_EQ(run(create_with(file)).status, 0);
    std::filesystem::remove(vault.receipt_file());

    write(vault.file("more"), bytes_of("legal winner thank year wave sausage worth useful legal winner thank yellow\n"));
    run_well({"keys", "import", "--id", "k2", "--mnemonic-file", vault.file("more").string()});
    auto args = create_with(file);
    args[2] = "k2";
    expect_error(run(args), 2, "usage");
    args = create_with(file);
    args[1] = "refresh";
    expect_error(run(args), 2, "usage");

    auto other = ceremony();
    other.groups = {{2, 4}};
    const RequestDraft draft{.id = id_number(1),
                             .kind = charter::RequestKind::key_ceremony,
                             .payloads = {payments::encode_ceremony(other)},
                             .payload_digests = std::vector{payments::ceremony_digest(ceremony())},
                             .payment = payments::payment_digest(vault.decode(payments::encode_ceremony(ceremony()))->description())};
    write(vault.file("other"), vault.bundle({vault.approved(draft, all_votes())}));
    expect_error(run(create_with(vault.file("other").string())), 9, "tx_changed");
    EXPECT_FALSE(std::filesystem::exists(vault.receipt_file()));
}

TEST_F(VotedShares, WithoutAllTheVotesNothingIsShown)
{
    vault.expect_agreement({});
    expect_error(run(create_with(bundle(ceremony(), {{.officer = "alice"}, {.officer = "bob"}}))), 10, "appr_missing");
    EXPECT_EQ(vault.log_types().back(), "refused");
    EXPECT_TRUE(people.papers().empty());
    EXPECT_EQ(count(vault.log_types(), "share_set_begun"), 0U);
}

TEST_F(VotedShares, AreTheShapeThatWasVotedFor)
{
    const auto file = bundle(ceremony(), all_votes());
    auto args = create_with(file);
    args.insert(args.end(), {"--threshold", "1", "--count", "1"});
    expect_error(run(args), 2, "usage");
    args = create_with(file);
    write(vault.file("word"), bytes_of("correct horse\n"));
    args.insert(args.end(), {"--new-share-passphrase-file", vault.file("word").string()});
    expect_error(run(args), 2, "usage"); // one person's ransom
    EXPECT_TRUE(people.papers().empty());
    args = create_with(file);
    args[1] = "refresh";
    vault.expect_agreement({});
    expect_error(run(args), 2, "usage");
}

TEST_F(VotedShares, RefreshRetiresTheOldOnes)
{
    expect_agreement_with(bundle(ceremony(), all_votes()));
    const auto old = people.papers();
    auto again = ceremony(payments::Ceremony::Operation::refresh);
    again.share_set = 4712;
    std::filesystem::remove(vault.receipt_file());
    const auto file = bundle(again, all_votes(), 2);
    expect_agreement();
    auto args = create_with(file);
    args[1] = "refresh";
    EXPECT_EQ(run_well(args).at("identifier"), 4712);
    write(vault.file("old"), bytes_of(old[0] + "\n"));
    expect_error(run({"shares", "verify", "--one", "--shares-file", vault.file("old").string()}), 6, "share_retired");
}

TEST_F(VotedShares, CombineCountsVotesAndPutsTheKeyBack)
{
    expect_agreement_with(bundle(ceremony(), all_votes()));
    const auto papers = people.papers();
    std::filesystem::remove(vault.home() / "keys/k1.bound");
    std::filesystem::remove(vault.receipt_file());
    auto together = ceremony(payments::Ceremony::Operation::combine);
    together.group_threshold = 0;
    together.groups = {};
    together.share_set = 0;
    write(vault.file("shares"), bytes_of(papers[0] + "\n" + papers[2] + "\n"));
    const auto combine = [&](const std::string& file) {
        return std::vector<std::string>{"shares", "combine", "--id", "k1", "--shares-file", vault.file("shares").string(), "--bundle", file, "--out",
                                        vault.receipt_file().string()};
    };
    const auto few = bundle(together, {{.officer = "alice"}}, 2);
    vault.expect_agreement({});
    expect_error(run(combine(few)), 10, "appr_missing");
    EXPECT_FALSE(std::filesystem::exists(vault.home() / "keys/k1.bound"));
    const auto enough = bundle(together, all_votes(), 3);
    expect_agreement();
    EXPECT_EQ(run_well(combine(enough)).at("id"), "k1");
    EXPECT_TRUE(std::filesystem::exists(vault.home() / "keys/k1.bound")) << "bound again";
    EXPECT_EQ(vault.receipt().results.front().outcome, bundle::Outcome::signed_);
}

TEST_F(VotedShares, ARefusedBundleIsLogged)
{
    write(vault.file("none"), bytes_of("no bundle"));
    EXPECT_EQ(run(create_with(vault.file("none").string())).status, 3);
    EXPECT_EQ(vault.log_types().back(), "refused");
}

TEST_F(VotedShares, KeepWithinTheLimitsOfTheCharter)
{
    std::uint8_t number = 0;
    for (const auto& groups : std::vector<std::vector<payments::Ceremony::Group>>{{{1, 1}}, {{2, 6}}, {{1, 1}, {1, 1}}}) {
        auto wide = ceremony();
        wide.groups = groups;
        vault.expect_agreement({});
        expect_error(run(create_with(bundle(wide, all_votes(), ++number))), 4, "policy_denied");
    }
    EXPECT_TRUE(people.papers().empty());
}

TEST_F(VotedShares, HaveAnIdentifierThatThisHomeCanUse)
{
    auto rehearsed = ceremony();
    rehearsed.share_set = 0x152; // marked as of a rehearsal
    auto file = bundle(rehearsed, all_votes());
    expect_agreement();
    expect_error(run(create_with(file)), 4, "env");
    EXPECT_TRUE(people.papers().empty());

    file = bundle(ceremony(), all_votes(), 2);
    expect_agreement();
    EXPECT_EQ(run(create_with(file)).status, 0);
    std::filesystem::remove(vault.receipt_file());
    file = bundle(ceremony(payments::Ceremony::Operation::refresh), all_votes(), 3); // under the identifier of the set in use
    auto args = create_with(file);
    args[1] = "refresh";
    expect_agreement();
    expect_error(run(args), 6, "exists");
    EXPECT_EQ(people.papers().size(), 3U);
}

TEST_F(VotedShares, OfAKeyThatTheCharterNamesOtherwiseAreRefused)
{
    auto wrong = ceremony();
    wrong.public_key[5] ^= 1;
    const RequestDraft draft{.kind = charter::RequestKind::key_ceremony,
                             .payloads = {payments::encode_ceremony(wrong)},
                             .payload_digests = std::vector{payments::ceremony_digest(wrong)},
                             .payment = payments::payment_digest(vault.decode(payments::encode_ceremony(ceremony()))->description())};
    write(vault.file("wrong"), vault.bundle({vault.approved(draft, all_votes())}));
    vault.expect_agreement({});
    expect_error(run(create_with(vault.file("wrong").string())), 5, "fingerprint");
}

TEST_F(VotedShares, ATransferIsNoCeremonyAndACeremonyNoTransfer)
{
    const auto transfer = vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(1))}})});
    write(vault.file("transfer"), transfer);
    vault.expect_agreement({});
    expect_error(run(create_with(vault.file("transfer").string())), 2, "usage");

    const RequestDraft named{.id = id_number(8), .kind = charter::RequestKind::transfer, .payloads = {payments::encode_ceremony(ceremony())}};
    vault.expect_agreement({});
    write(vault.file("named"), vault.bundle({vault.approved(named, all_votes())}));
    expect_error(run(create_with(vault.file("named").string())), 4, "policy_denied");
}

TEST_F(VotedShares, AreNothingThatSignSigns)
{
    const auto file = bundle(ceremony(), all_votes());
    const auto done = run({"sign", file, "--out", vault.receipt_file().string()});
    expect_error(done, 10, "presence");
    EXPECT_TRUE(people.papers().empty());
}

TEST_F(VotedShares, DeclinedAtTheTerminalTellTheOfficers)
{
    const auto file = bundle(ceremony(), all_votes());
    vault.expect_agreement({});
    vault.environment->terminal.expect("to sign; n declines", "n");
    expect_error(run(create_with(file)), 10, "declined");
    EXPECT_EQ(vault.receipt().results.front().outcome, bundle::Outcome::declined);
    EXPECT_TRUE(people.papers().empty());
}

/// A charter that lets one piece be the whole key.
class VotedWords : public VotedShares {
protected:
    VotedWords() : VotedShares{&allow_words} {}

    static void allow_words(charter::Charter& charter)
    {
        allow_ceremonies(charter);
        charter.shares.least_threshold = 1;
    }
    payments::Ceremony words() const
    {
        auto made = ceremony(payments::Ceremony::Operation::words);
        made.group_threshold = 0;
        made.groups = {};
        made.share_set = 0;
        return made;
    }
};

TEST_F(VotedWords, AreShownOnceOfficersHaveVoted)
{
    const auto file = bundle(words(), all_votes());
    expect_agreement();
    const std::vector<std::string> show = {"keys", "words", "k1", "--bundle", file, "--out", vault.receipt_file().string()};
    const auto done = run(show);
    ASSERT_EQ(done.status, 0) << done.out << done.screen;
    ASSERT_EQ(people.papers().size(), 1U);
    EXPECT_EQ(appliance::fingerprint_of(keys::entropy_from_mnemonic(secret(people.papers().front())), keys::SeedScheme::bip39), fingerprint());
    EXPECT_EQ(vault.receipt().results.front().outcome, bundle::Outcome::signed_);
    EXPECT_EQ(vault.log_types().back(), "receipt_made");

    std::filesystem::remove(vault.receipt_file());
    ASSERT_EQ(run(show).status, 0) << "the receipt again, and no words";
    EXPECT_EQ(people.papers().size(), 1U);
    EXPECT_TRUE(std::filesystem::exists(vault.receipt_file()));
}

TEST_F(VotedWords, AreNoSharesThatWereVotedFor)
{
    const auto file = bundle(ceremony(), all_votes());
    vault.expect_agreement({});
    expect_error(run({"keys", "words", "k1", "--bundle", file, "--out", vault.receipt_file().string()}), 2, "usage");
    EXPECT_TRUE(people.papers().empty());
}

TEST_F(VotedShares, AreNotReplacedByTheWords)
{
    auto words = ceremony(payments::Ceremony::Operation::words);
    words.group_threshold = 0;
    words.groups = {};
    words.share_set = 0;
    const auto file = bundle(words, all_votes());
    vault.expect_agreement({});
    expect_error(run({"keys", "words", "k1", "--bundle", file, "--out", vault.receipt_file().string()}), 4, "policy_denied");
    EXPECT_TRUE(people.papers().empty());
}

/// A key of hot and cold wallets, and a weak rule for ceremonies of the hot one alone.
class SharesOfAHotWallet : public VotedShares {
protected:
    SharesOfAHotWallet() : VotedShares{&allow_hot_ones} {}

    static void allow_hot_ones(charter::Charter& charter)
    {
        allow_ceremonies(charter);
        charter.rules.back().wallets = {"eth-hot"};
        charter.rules.back().approvals = charter::Quorum::parse("1 of finance");
    }
};

TEST_F(SharesOfAHotWallet, NeedTheRulesOfEveryWalletWithTheKey)
{
    const RequestDraft draft{.kind = charter::RequestKind::key_ceremony, .wallet = "eth-hot", .payloads = {payments::encode_ceremony(ceremony())}};
    write(vault.file("hot"), vault.bundle({vault.approved(draft, all_votes())}));
    vault.expect_agreement({});
    expect_error(run(create_with(vault.file("hot").string())), 4, "policy_denied");
    EXPECT_TRUE(people.papers().empty());
}

TEST_F(BoundShares, NeedTheVotesOfOfficers)
{
    for (const auto& args : std::vector<std::vector<std::string>>{{"shares", "create", "k1", "--threshold", "1", "--count", "1"},
                                                                 {"shares", "refresh", "k1", "--threshold", "2", "--count", "3"},
                                                                 {"shares", "combine", "--id", "k1"},
                                                                 {"keys", "words", "k1"}})
        expect_error(run(args), 10, "appr_missing");
    EXPECT_EQ(count(vault.log_types(), "share_set_begun"), 0U);
}

TEST_F(Shares, OfAKeyThatIsNamedForAnotherApplianceNeedVotesToo)
{
    write(vault.file("more"), bytes_of("legal winner thank year wave sausage worth useful legal winner thank yellow\n"));
    run_well({"keys", "import", "--id", "k2", "--mnemonic-file", vault.file("more").string()});
    const auto key = run_well({"keys", "export-public", "k2", "--chain", "evm"});
    auto charter = vault.first_charter();
    std::ranges::find(charter.appliances, "vault-b", &charter::Appliance::id)->keys.push_back({"spare", key.at("origin"), key.at("xpub")});
    ASSERT_EQ(vault.pin(signed_by(seal(charter), officer_ids(charter))).status, 0);
    expect_error(run({"keys", "words", "k2"}), 10, "appr_missing");
    expect_error(run({"shares", "create", "k2", "--threshold", "1", "--count", "1"}), 10, "appr_missing");
    EXPECT_TRUE(people.papers().empty());
}

TEST_F(BoundShares, NeedThemUnderAnotherIdAndSchemeToo)
{
    TestVault unbound{{}, founding_day + hours(2), TestVault::Pin::no}; // with the same key
    ASSERT_EQ(unbound.run({"shares", "create", "k1", "--threshold", "2", "--count", "3", "--shares-out", unbound.file("shares").string()}).status, 0);
    write(vault.file("shares"), read(unbound.file("shares")));
    for (const std::string scheme : {"bip39", "slip39"})
        expect_error(run({"shares", "combine", "--id", "k9", "--scheme", scheme, "--shares-file", vault.file("shares").string()}), 10, "appr_missing");
    EXPECT_EQ(json_of(vault.run({"keys", "list", "--json"})).at("keys").size(), 1U);
}

} // namespace
} // namespace coffer::test
