#include "core/requests/head.h"
#include "tests/support/vault/faulty_signer.h"
#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

class SignCommand : public testing::Test {
protected:
    bundle::CarriedRequest transfer_of(std::uint64_t amount, std::uint8_t number, std::uint64_t nonce,
                                       const std::vector<VoteDraft>& votes = {{.officer = "alice"}, {.officer = "bob"}})
    {
        return vault.approved({.id = id_number(number), .payloads = {vault.transfer("exchange", ether(amount), nonce)}},
                              votes);
    }
    RequestDigest digest(const bundle::CarriedRequest& carried) const
    {
        return requests::digest_of(artefacts::Artefact::decode(carried.submission.request, artefacts::Kind::request));
    }
    Bytes receipt_bytes() const { return read(vault.receipt_file()); }
    void expect_verifies(const bundle::Result& result, const Bytes& bytes, const std::string& wallet = "eth-cold")
    {
        EXPECT_EQ(result.outcome, bundle::Outcome::signed_);
        ASSERT_EQ(result.signatures.size(), 1u);
        EXPECT_NO_THROW(vault.decode(bytes, wallet)->verify(result.signatures[0].signature));
    }

    TestVault vault;
};

TEST_F(SignCommand, SignsWhatWasApprovedAndGivesTheSameReceiptAgain)
{
    const auto bundle = vault.bundle({transfer_of(5, 1, 0)});
    vault.expect_agreement({{"exchange", "5"}});
    const auto first = vault.sign(bundle);
    ASSERT_EQ(first.status, 0) << first.out << first.err << first.screen;
    const auto receipt = vault.receipt();
    ASSERT_EQ(receipt.results.size(), 1u);
    expect_verifies(receipt.results[0], vault.transfer("exchange", ether(5)));
    EXPECT_EQ(vault.log_types(), (std::vector<std::string>{"home_made", "key_made", "pinned",
                                                           "session_begun", "intended", "signed", "receipt_made"}));

    const auto bytes = receipt_bytes();
    std::filesystem::remove(vault.receipt_file());
    const auto before = vault.log_types();
    vault.environment->terminal.detach();
    const auto second = vault.sign(bundle);
    EXPECT_EQ(second.status, 0) << second.out << second.err;
    EXPECT_EQ(receipt_bytes(), bytes);
    EXPECT_EQ(vault.log_types(), before);
    EXPECT_NE(second.err.find("the same receipt"), std::string::npos);
    EXPECT_EQ(json_of(second).at("requests")[0].at("outcome"), "signed");

    // And once more, onto the file that is there.
    EXPECT_EQ(vault.sign(bundle).status, 0);
}

TEST_F(SignCommand, JsonHasTheFieldsOfTheMainPath)
{
    const auto good = transfer_of(5, 1, 0);
    const auto bad = transfer_of(5, 2, 1, {{.officer = "alice"}});
    vault.expect_agreement({{"exchange", "5"}});
    const auto run = vault.sign(vault.bundle({good, bad}));
    EXPECT_EQ(run.status, 10) << run.out;
    const auto json = json_of(run);
    EXPECT_EQ(json.at("bundle_digest").get<std::string>().size(), 64u);
    EXPECT_EQ(json.at("receipt"), vault.receipt_file().string());
    EXPECT_EQ(json.at("log_size"), static_cast<int>(vault.log_types().size()));
    EXPECT_EQ(json.at("head").get<std::string>().size(), 9u);
    ASSERT_EQ(json.at("requests").size(), 2u);
    EXPECT_EQ(json.at("requests")[0].at("id"), format_uuid(id_number(1)));
    EXPECT_EQ(json.at("requests")[0].at("request_digest"), encoding::encode_hex(digest(good).bytes()));
    EXPECT_EQ(json.at("requests")[0].at("outcome"), "signed");
    EXPECT_FALSE(json.at("requests")[0].contains("error"));
    EXPECT_EQ(json.at("requests")[1].at("outcome"), "refused");
    EXPECT_EQ(json.at("requests")[1].at("error").at("code"), "appr_missing");
    EXPECT_NE(json.at("requests")[1].at("error").at("message").get<std::string>().find("1 of finance"),
              std::string::npos);
}

TEST_F(SignCommand, RefusesWhatLacksAVote)
{
    expect_error(vault.sign(vault.bundle({transfer_of(5, 1, 0, {{.officer = "alice"}})})), 10, "appr_missing");
    const auto receipt = vault.receipt();
    EXPECT_EQ(receipt.results[0].outcome, bundle::Outcome::refused);
    EXPECT_EQ(receipt.results[0].code, "appr_missing");
    EXPECT_EQ(count(vault.log_types(), "session_begun"), 0u);
    EXPECT_EQ(count(vault.log_types(), "refused"), 1u);
}

TEST_F(SignCommand, PartiallyRefusedBundleIsJudgedAnewAndRepeatsItsSignatures)
{
    const auto good = transfer_of(5, 1, 0);
    auto late = transfer_of(3, 2, 1, {{.officer = "alice"}});
    const auto bundle = vault.bundle({good, late});
    vault.expect_agreement({{"exchange", "5"}});
    expect_error(vault.sign(bundle), 10, "appr_missing");
    const auto first = vault.receipt();

    // The very same bundle: signed stays signed, nobody is asked again, a new receipt is made.
    std::filesystem::remove(vault.receipt_file());
    vault.environment->terminal.detach();
    expect_error(vault.sign(bundle), 10, "appr_missing");
    EXPECT_EQ(vault.receipt().results[0].signatures, first.results[0].signatures);
    EXPECT_GT(vault.receipt().log_size, first.log_size);
    EXPECT_EQ(count(vault.log_types(), "signed"), 1u);

    // The missing vote has come: a refusal is never final.
    const auto artefact = artefacts::Artefact::decode(late.submission.request, artefacts::Kind::request);
    late.submission.votes.push_back(vault.vote(artefact, {.officer = "bob"}).encode());
    std::filesystem::remove(vault.receipt_file());
    vault.expect_agreement({{"exchange", "3"}});
    const auto run = vault.sign(vault.bundle({good, late}));
    ASSERT_EQ(run.status, 0) << run.out << run.screen;
    const auto last = vault.receipt();
    EXPECT_EQ(last.results[0].signatures, first.results[0].signatures);
    expect_verifies(last.results[1], vault.transfer("exchange", ether(3), 1));
}

TEST_F(SignCommand, DeclinesWhatThePersonDeclines)
{
    const auto bundle = vault.bundle({transfer_of(5, 1, 0), transfer_of(3, 2, 1)});
    vault.environment->terminal.expect("is that the date?", "y").expect("to sign; n declines", "n");
    vault.environment->terminal.expect(
        "to sign; n declines",
        challenge_answer(evm::format_address(evm::Address::from(address_named("exchange"))), "3"));
    expect_error(vault.sign(bundle), 10, "declined");
    const auto receipt = vault.receipt();
    EXPECT_EQ(receipt.results[0].outcome, bundle::Outcome::declined);
    EXPECT_EQ(receipt.results[0].code, "declined");
    EXPECT_TRUE(receipt.results[0].signatures.empty());
    expect_verifies(receipt.results[1], vault.transfer("exchange", ether(3), 1));
    EXPECT_EQ(count(vault.log_types(), "declined"), 1u);
    EXPECT_EQ(count(vault.log_types(), "intended"), 1u) << "a declined request takes no slot";

    // Declined is not for ever.
    std::filesystem::remove(vault.receipt_file());
    vault.expect_agreement({{"exchange", "5"}});
    EXPECT_EQ(vault.sign(bundle).status, 0);
}

TEST_F(SignCommand, DeclinesAfterThreeWrongAnswers)
{
    auto& terminal = vault.environment->terminal;
    terminal.expect("is that the date?", "y");
    for (int i = 0; i < 3; ++i)
        terminal.expect("to sign; n declines", "yes");
    const auto run = vault.sign(vault.bundle({transfer_of(5, 1, 0)}));
    expect_error(run, 10, "declined");
    EXPECT_NE(run.screen.find("the question has moved"), std::string::npos);
}

TEST_F(SignCommand, QuittingTheReviewDeclines)
{
    vault.environment->terminal.expect("is that the date?", "y");
    vault.environment->terminal.set_size({80, 15}).press(console::Key::quit);
    expect_error(vault.sign(vault.bundle({transfer_of(5, 1, 0)})), 10, "declined");
}

TEST_F(SignCommand, RefusesMoreThanTenRequestsThatAskAPerson)
{
    std::vector<bundle::CarriedRequest> requests;
    for (std::uint8_t i = 1; i <= 11; ++i)
        requests.push_back(transfer_of(1, i, i - 1U));
    expect_error(vault.sign(vault.bundle(requests)), 4, "too_many_requests");
    EXPECT_FALSE(std::filesystem::exists(vault.receipt_file()));
    EXPECT_EQ(count(vault.log_types(), "refused"), 1u);

    requests.pop_back();
    vault.expect_agreement(std::vector<std::pair<std::string, std::string>>(10, {"exchange", "1"}));
    EXPECT_EQ(vault.sign(vault.bundle(requests)).status, 0);
}

TEST_F(SignCommand, RefusesOneRequestTwiceInABundle)
{
    const auto carried = transfer_of(5, 1, 0);
    expect_error(vault.sign(vault.bundle({carried, carried})), 3, "malformed");
}

TEST_F(SignCommand, AnEmptyBundleGivesAnEmptyReceipt)
{
    const auto run = vault.sign(vault.bundle({}));
    EXPECT_EQ(run.status, 0) << run.out;
    EXPECT_TRUE(vault.receipt().results.empty());
    EXPECT_EQ(count(vault.log_types(), "session_begun"), 0u);
}

TEST_F(SignCommand, NeverOverwritesAnotherFile)
{
    const auto bundle = vault.bundle({transfer_of(5, 1, 0)});
    write(vault.receipt_file(), bytes_of("something else"));
    expect_error(vault.sign(bundle), 6, "exists");
    EXPECT_EQ(receipt_bytes(), to_bytes(bytes_of("something else")));
    EXPECT_EQ(count(vault.log_types(), "signed"), 0u) << "signed before it could be written";
    vault.expect_agreement({{"exchange", "5"}});
    EXPECT_EQ(vault.sign(bundle, {"--json", "--force"}).status, 0);
    EXPECT_NO_THROW(vault.receipt());
}

TEST_F(SignCommand, NamesAMissingOrForeignFile)
{
    expect_error(vault.run({"sign", vault.file("nothing").string(), "--out", vault.receipt_file().string(), "--json"}),
                 7, "not_found");
    expect_error(vault.sign(to_bytes(bytes_of("a letter"))), 3, "malformed");
    expect_error(vault.sign(vault.chain().links()[0].artefact), 3, "type");
    EXPECT_EQ(count(vault.log_types(), "refused"), 2u);
    const auto run = vault.run({"sign", vault.file("bundle").string(), "--json"});
    expect_error(run, 2, "usage");
}

TEST_F(SignCommand, ReceiptIsSignedAndProvesTheLog)
{
    const auto one = vault.bundle({transfer_of(5, 1, 0)});
    vault.expect_agreement({{"exchange", "5"}});
    ASSERT_EQ(vault.sign(one).status, 0);
    const auto first = vault.receipt();
    const auto identity = vault.charter().appliances[0].key;
    EXPECT_TRUE(artefacts::Artefact::decode(receipt_bytes(), artefacts::Kind::receipt).is_signed_by(identity));
    EXPECT_EQ(first.appliance, "vault-a");
    EXPECT_EQ(first.time, vault.now());
    EXPECT_EQ(first.position, vault.chain().position());
    EXPECT_TRUE(first.findings.empty());
    EXPECT_FALSE(first.consistency);
    const auto head_artefact = artefacts::Artefact::decode(first.head, artefacts::Kind::head);
    EXPECT_TRUE(head_artefact.is_signed_by(identity));
    const auto head = requests::decode_head(head_artefact);
    EXPECT_EQ(head.size, first.log_size);
    EXPECT_EQ(head.root, first.log_root);

    // The next bundle shows that head, and the receipt continues from it.
    auto draft = vault.draft_bundle({transfer_of(3, 2, 1)});
    draft.heads = {first.head};
    std::filesystem::remove(vault.receipt_file());
    vault.expect_agreement({{"exchange", "3"}});
    ASSERT_EQ(vault.sign(encode(draft).encode()).status, 0);
    const auto second = vault.receipt();
    ASSERT_TRUE(second.consistency);
    EXPECT_EQ(second.consistency->from_size, first.log_size);
    EXPECT_NO_THROW(audit::verify_consistency({first.log_size, first.log_root}, {second.log_size, second.log_root},
                                              second.consistency->path));
}

TEST_F(SignCommand, SignsUnattendedWhatTheCharterAllows)
{
    const auto payload = vault.transfer("exchange", ether(7), 0, [&](evm::TransferPlan& plan) {
        plan.recipient = evm::Address::from(vault.charter().wallet("eth-cold").address);
    });
    const auto sweep = vault.approved({.wallet = "eth-hot", .payloads = {payload}}, {{.officer = "alice"}});
    const auto bundle = vault.bundle({sweep});
    vault.environment->terminal.detach();
    expect_error(vault.sign(bundle), 10, "presence");

    const auto name = encoding::encode_hex(digest(sweep).bytes());
    write(vault.file("confirmed"), bytes_of("\n" + std::string(64, '0') + "\n" + name + "\n"));
    std::filesystem::remove(vault.receipt_file());
    vault.environment->terminal.detach();
    const auto run = vault.sign(bundle, {"--json", "--confirm-file", vault.file("confirmed").string()});
    ASSERT_EQ(run.status, 0) << run.out;
    EXPECT_TRUE(run.screen.empty());
    expect_verifies(vault.receipt().results[0], sweep.submission.payloads[0], "eth-hot");
}

TEST_F(SignCommand, ReadsTheBundleFromStandardInput)
{
    const auto bundle = vault.bundle({transfer_of(5, 1, 0)});
    vault.expect_agreement({{"exchange", "5"}});
    vault.environment->in.str(std::string{text_of(bundle)});
    const auto run = vault.run({"sign", "-", "--out", vault.receipt_file().string(), "--json"});
    EXPECT_EQ(run.status, 0) << run.out << run.err;
}

TEST_F(SignCommand, TextTellsWhatHappenedAndWhatToWriteDown)
{
    vault.expect_agreement({{"exchange", "5"}});
    const auto run = vault.sign(vault.bundle({transfer_of(5, 1, 0), transfer_of(5, 2, 1, {})}), {});
    EXPECT_EQ(run.status, 10);
    EXPECT_NE(run.out.find("Signed 1 of 2"), std::string::npos) << run.out;
    EXPECT_NE(run.out.find("(appr_missing)"), std::string::npos) << run.out;
    EXPECT_NE(run.out.find("Paper log: record "), std::string::npos) << run.out;
}

TEST_F(SignCommand, NextSessionShowsTheHeadForThePaperLog)
{
    vault.expect_agreement({{"exchange", "5"}});
    const auto first = vault.sign(vault.bundle({transfer_of(5, 1, 0)}), {});
    const auto line = first.out.substr(first.out.find("Paper log: record "));
    vault.expect_agreement({{"exchange", "3"}});
    std::filesystem::remove(vault.receipt_file());
    const auto second = vault.sign(vault.bundle({transfer_of(3, 2, 1)}));
    const auto head = line.substr(line.find("head ") + 5, 9);
    EXPECT_NE(second.screen.find("head " + head + ". Does your paper log say the same?"), std::string::npos)
        << first.out << second.screen;
}

TEST_F(SignCommand, TerminalThatGoesAwayLeavesNothingHalfSigned)
{
    const auto bundle = vault.bundle({transfer_of(5, 1, 0), transfer_of(3, 2, 1)});
    for (const auto* prompt : {"is that the date?", "to sign; n declines"}) {
        vault.environment->terminal.answer_otherwise([](const std::string&, const std::string&) { return "y"; });
        vault.environment->terminal.expect_and_close(prompt);
        expect_error(vault.sign(bundle), 10, "interrupted");
        EXPECT_FALSE(std::filesystem::exists(vault.receipt_file()));
        EXPECT_EQ(count(vault.log_types(), "intended") + count(vault.log_types(), "signed"), 0u);
    }
    vault.expect_agreement({{"exchange", "5"}, {"exchange", "3"}});
    EXPECT_EQ(vault.sign(bundle).status, 0);
}

TEST_F(SignCommand, WhatWasTypedBeforeTheQuestionAnswersNothing)
{
    vault.expect_agreement({{"exchange", "5"}});
    vault.environment->terminal.type_ahead("y").type_ahead("y").type_ahead("y");
    EXPECT_EQ(vault.sign(vault.bundle({transfer_of(5, 1, 0)})).status, 0);
}

TEST_F(SignCommand, LetsNoSignatureOutThatDoesNotVerify)
{
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
