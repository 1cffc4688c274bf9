#include "core/artefacts/key_export.h"
#include "core/encoding/base64.h"
#include "tests/support/vectors.h"
#include "tests/unit/cli/requests/fixture.h"

#include <gmock/gmock.h>

namespace coffer::cli {
namespace {

using test::CliRun;
using test::CliSandbox;
using test::CliTreasury;
using testing::HasSubstr;

constexpr const char* anvil_address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

TEST(Inspect, SaysWhatAnAddressIsInEverySpelling)
{
    CliSandbox sandbox;
    for (const auto& text : {std::string{anvil_address}, to_lower_ascii(anvil_address)}) {
        const auto shown = sandbox.run_well({"--json", "inspect", text});
        EXPECT_EQ(shown.field("kind"), "address");
        EXPECT_EQ(shown.field("type"), "evm");
        EXPECT_EQ(shown.field("normalized"), anvil_address);
    }
    EXPECT_EQ(sandbox.run_well({"--json", "inspect", "-"}, std::string{anvil_address} + "\n").field("kind"), "address");
    EXPECT_EQ(sandbox.run_well({"--json", "inspect"}, anvil_address).field("kind"), "address");
    sandbox.write("file", std::string_view{anvil_address});
    EXPECT_EQ(sandbox.run_well({"--json", "inspect", "file"}).field("kind"), "address");
    EXPECT_EQ(sandbox.run({"--json", "inspect", "0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266"}).error_code(), "addr_checksum");
}

TEST(Inspect, ReadsATransactionAsHexBase64AndRawBytes)
{
    // EIP-155's own example: nonce 9, 20 gwei, 21000 gas, 1 ETH, chain id 1.
    const std::string hex = "ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080";
    const auto bytes = encoding::decode_hex(hex);
    CliSandbox sandbox;
    sandbox.write("raw", bytes);
    sandbox.write("base64", encoding::encode_base64(bytes) + "\n");
    const std::vector<std::vector<std::string>> spellings{
        {"--json", "inspect", "0x" + hex}, {"--json", "inspect", hex}, {"--json", "inspect", "raw"}, {"--json", "inspect", "base64"},
        {"--json", "inspect", "base64", "--as", "evm_transaction"}};
    for (const auto& args : spellings) {
        const auto shown = sandbox.run_well(args);
        EXPECT_EQ(shown.field("kind"), "evm_transaction") << args[2];
        EXPECT_EQ(shown.field("nonce"), "9");
        EXPECT_EQ(shown.field("value"), "1000000000000000000");
        EXPECT_EQ(shown.field("signing_hash"), "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53");
    }
}

TEST(Inspect, ReadsExtendedKeysOfBip32)
{
    // BIP-32, test vector 1, m/0h.
    const std::string xpub = "xpub68Gmy5EdvgibQVfPdqkBBCHxA5htiqg55crXYuXoQRKfDBFA1WEjWgP6LHhwBZeNK1VTsfTFUHCdrfp1bgwQ9xv5ski8PX9rL2dZXvgGDnw";
    const std::string xprv = "xprv9uHRZZhk6KAJC1avXpDAp4MDc3sQKNxDiPvvkX8Br5ngLNv1TxvUxt4cV1rGL5hj6KCesnDYUhd7oWgT11eZG7XnxHrnYeSvkzY7d2bhkJ7";
    CliSandbox sandbox;
    const auto shown = sandbox.run_well({"--json", "inspect", xpub});
    EXPECT_EQ(shown.field("kind"), "extended_key");
    EXPECT_EQ(shown.field("depth"), "1");
    EXPECT_EQ(shown.field("fingerprint"), "3442193e");
    EXPECT_EQ(shown.field("child"), "2147483648");
    EXPECT_EQ(shown.field("chain_code"), "47fdacbd0f1097043b78c63c20c34ef4ed9a111d980047ad16282c7ae6236141");
    EXPECT_EQ(shown.field("public_key"), "035a784662a4a20a65bf6aab9ae98a6c068a81c52e4b032c0fb5400c706cfccc56");
    EXPECT_EQ(shown.field("private"), "false");
    const auto hidden = sandbox.run_well({"--json", "inspect", "-"}, xprv);
    EXPECT_EQ(hidden.field("private"), "true");
    EXPECT_EQ(hidden.field("public_key"), shown.field("public_key"));
    EXPECT_THAT(hidden.out + hidden.err, testing::Not(HasSubstr(xprv.substr(10, 20))));
    EXPECT_EQ(sandbox.run({"--json", "inspect", xpub.substr(0, 110) + "x"}).status, 3);
}

TEST(Inspect, TakesAShareFromAFileAndNeverAsAnArgument)
{
    CliSandbox sandbox;
    const std::string share = "duckling enlarge academic academic agency result length solution fridge kidney coal piece deal husband erode duke ajar critical "
                              "decision keyboard"; // of the SLIP-39 vectors
    EXPECT_EQ(sandbox.run({"--json", "inspect", share}).error_code(), "secret_source");
    EXPECT_EQ(sandbox.run({"--json", "inspect", "duckling", "--as", "share"}).error_code(), "secret_source");
    EXPECT_EQ(sandbox.run_well({"--json", "inspect", "-"}, share + "\n").field("kind"), "share");
}

TEST(Inspect, RefusesWhatIsNothing)
{
    CliSandbox sandbox;
    EXPECT_EQ(sandbox.run({"--json", "inspect", "-"}, "").status, 3);
    EXPECT_EQ(sandbox.run({"--json", "inspect", "hello"}).error_code(), "malformed");
    EXPECT_EQ(sandbox.run({"--json", "inspect", "./nowhere.coffer"}).error_code(), "not_found");
    EXPECT_EQ(sandbox.run({"--json", "inspect", "hello", "--as", "poem"}).status, 2);
    EXPECT_EQ(sandbox.run({"--json", "inspect", "0xc0ffee", "--as", "evm_transaction"}).status, 3);
    EXPECT_EQ(sandbox.run({"--json", "inspect", "hello", "--as", "bundle"}).status, 3);
    EXPECT_EQ(sandbox.run({"--json", "inspect", anvil_address, "--as", "evm_transaction"}).status, 3);
}

TEST(Inspect, SaysWhereMalformedInputBreaks)
{
    CliSandbox sandbox;
    const auto broken = sandbox.run({"--json", "inspect", "0x02f86c01", "--as", "evm_transaction"});
    EXPECT_EQ(broken.status, 3);
    EXPECT_EQ(broken.error_code(), "rlp");
    EXPECT_EQ(broken.field("error.offset"), "3");
    const auto key = sandbox.run({"--json", "inspect", "xpub0l", "--as", "extended_key"});
    EXPECT_EQ(key.status, 3);
    EXPECT_EQ(key.field("error.offset"), "4");
    const auto artefact = sandbox.run({"--json", "inspect", "a200", "--as", "vote"});
    EXPECT_EQ(artefact.status, 3);
    EXPECT_EQ(artefact.error_code(), "cbor_length");
    EXPECT_EQ(artefact.field("error.offset"), "0"); // where two pairs are announced
}

/// A PSBT of a 2-of-3 wallet with one signature (psbt_flow.json).
Bytes partly_signed()
{
    for (const auto& vector : coffer::test::load_vectors("psbt_flow.json"))
        if (vector.kind() == "p2wsh")
            return vector.bytes("signed_by_each.0");
    return {};
}

TEST(Inspect, ReadsAPsbtAsHexBase64AndRawBytes)
{
    const auto bytes = partly_signed();
    const auto base64 = encoding::encode_base64(bytes);
    CliSandbox sandbox;
    sandbox.write("raw", bytes);
    sandbox.write("base64", base64 + "\n");
    sandbox.write("hex", encoding::encode_hex(bytes) + "\n");
    const std::vector<std::vector<std::string>> spellings{{"raw"}, {"base64"}, {"hex"}, {base64}, {"base64", "--as", "psbt"}, {"hex", "--as", "psbt"}};
    for (const auto& spelling : spellings) {
        std::vector<std::string> args{"--json", "inspect"};
        args.insert(args.end(), spelling.begin(), spelling.end());
        const auto shown = sandbox.run_well(args);
        EXPECT_EQ(shown.field("kind"), "psbt") << spelling[0];
        EXPECT_EQ(shown.field("network"), "mainnet");
        EXPECT_EQ(shown.field("inputs.0.signatures.have"), "1");
        EXPECT_EQ(shown.field("inputs.0.signatures.need"), "2");
        EXPECT_EQ(shown.field("complete"), "false");
    }
    sandbox.write("cut", ByteView{bytes}.first(bytes.size() - 1));
    EXPECT_EQ(sandbox.run({"--json", "inspect", "cut"}).error_code(), "psbt_parse");
    EXPECT_EQ(sandbox.run({"--json", "inspect", "cut"}).field("error.offset"), std::to_string(bytes.size() - 1));
    const auto cut = sandbox.run({"--json", "inspect", base64.substr(0, base64.size() - 1)});
    EXPECT_EQ(cut.status, 3) << "not a file that is missing";
    EXPECT_NE(cut.field("error.offset"), "");
}

TEST(Inspect, ReadsDescriptorsAndAddressesOfBitcoin)
{
    CliSandbox sandbox;
    const std::string key = "xpub6BosfCnifzxcFwrSzQiqu2DBVTshkCXacvNsWGYJVVhhawA7d4R5WSWGFNbi8Aw6ZRc1brxMyWMzG3DSSSSoekkudhUd9yLb6qx39T9nMdj";
    const auto shown = sandbox.run_well({"--json", "inspect", "pkh([73c5da0a/44h/0h/0h]" + key + "/<0;1>/*)"});
    EXPECT_EQ(shown.field("kind"), "descriptor");
    EXPECT_EQ(shown.field("addresses.0"), "1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA"); // SLIP-132
    const auto canonical = shown.field("canonical");
    EXPECT_EQ(sandbox.run_well({"--json", "inspect", "--as", "descriptor", canonical}).field("checksum"), shown.field("checksum"));
    const auto wrong = sandbox.run({"--json", "inspect", canonical.substr(0, canonical.size() - 1) + "b"});
    EXPECT_EQ(wrong.status, 3) << "not a file that is missing";
    EXPECT_EQ(wrong.error_code(), "malformed");
    EXPECT_EQ(wrong.field("error.offset"), std::to_string(canonical.find('#')));
    EXPECT_EQ(sandbox.run({"--json", "inspect", "combo(" + key + "/0/*)"}).error_code(), "malformed") << "not a file that is missing";
    EXPECT_EQ(sandbox.run_well({"--json", "inspect", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"}).field("type"), "p2wpkh");
    EXPECT_EQ(sandbox.run({"--json", "inspect", "bc1qW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"}).status, 3);
}

TEST(Inspect, ReadsATransactionOfBitcoinWithoutBeingTold)
{
    CliSandbox sandbox;
    for (const auto& vector : coffer::test::load_vectors("psbt_flow.json")) {
        sandbox.write("tx", vector.text("tx"));
        const auto shown = sandbox.run_well({"--json", "inspect", "tx"});
        EXPECT_EQ(shown.field("kind"), "bitcoin_transaction") << vector.name();
        EXPECT_EQ(shown.field("txid"), vector.text("txid"));
    }
    const auto cut = sandbox.run({"--json", "inspect", "0200000001aa", "--as", "bitcoin_transaction"});
    EXPECT_EQ(cut.status, 3);
    EXPECT_EQ(cut.error_code(), "malformed");
    EXPECT_NE(cut.field("error.offset"), "");
}

TEST(Inspect, ShowsAKeyExportWithoutAHome)
{
    CliSandbox sandbox;
    auto artefact = artefacts::encode(artefacts::KeyExport{.header = {artefacts::Environment::test, TreasuryId{}},
                                                           .appliance = artefacts::ApprovalKey{CliTreasury::identity().public_key()},
                                                           .key = "k1",
                                                           .origin = "[d34db33f/44h/60h/0h]",
                                                           .public_key = CliTreasury::account_key().extended_public_key().format(),
                                                           .family = "evm"});
    artefact.sign(CliTreasury::identity());
    sandbox.write("k1", artefact.encode());
    const auto shown = sandbox.run_well({"--json", "inspect", "k1"});
    EXPECT_EQ(shown.field("kind"), "export");
    EXPECT_EQ(shown.field("family"), "evm");
    EXPECT_EQ(shown.field("signatures.0.verifies"), "true");
    EXPECT_EQ(shown.field("signatures.0.trusted"), "false");
}

class InspectRequests : public RequestCommands {
protected:
    CliRun inspect(const std::string& file) { return run_well({"--json", "inspect", file}); }
    void leave_home()
    {
        expect_tampering(); // there is no home left to verify when the test ends
        std::filesystem::rename(path("home"), path("elsewhere"));
    }
};

TEST_F(InspectRequests, ShowsACharterAndWhoSignedIt)
{
    const auto shown = inspect("charter.coffer");
    EXPECT_EQ(shown.field("kind"), "charter");
    EXPECT_EQ(shown.field("hash"), encoding::encode_hex(charter::hash_of(*sealed).bytes()));
    EXPECT_EQ(shown.field("signed_by.0"), "alice");
    EXPECT_EQ(shown.field("signatures.2.verifies"), "true");
    EXPECT_EQ(shown.field("signatures.2.trusted"), "true");
    leave_home();
    EXPECT_EQ(inspect("charter.coffer").field("signatures.2.trusted"), "false");
    EXPECT_EQ(run_well({"--json", "inspect", "charter.coffer", "--charter", "charter.coffer"}).field("signatures.2.trusted"), "true");
}

TEST_F(InspectRequests, ShowsWhatABundlePaysAndWhoVoted)
{
    propose_and_approve();
    run_well({"export", id, "--out", "bundle"});
    const auto shown = inspect("bundle");
    EXPECT_EQ(shown.field("kind"), "bundle");
    EXPECT_EQ(shown.field("requests.0.id"), id);
    EXPECT_EQ(shown.field("requests.0.request_digest"), digest);
    EXPECT_EQ(shown.field("requests.0.signatures.0.by"), "alice");
    EXPECT_EQ(shown.field("requests.0.payment.payments.0.name"), "exchange-eth");
    EXPECT_EQ(shown.field("requests.0.payment.payments.0.amount"), "1500000000000000000");
    EXPECT_EQ(shown.field("requests.0.payment.matches_request"), "true");
    EXPECT_EQ(shown.field("requests.0.votes.1.decision"), "approve");
    EXPECT_EQ(shown.field("requests.0.votes.1.signatures.0.verifies"), "true");
    EXPECT_EQ(shown.field("online_head.signatures.0.by"), "audit key");
    EXPECT_EQ(shown.field("bundle_digest"), shown.field("hash"));
}

TEST_F(InspectRequests, NeverTakesACharterThatABundleBringsForTheOneInForce)
{
    propose_and_approve();
    run_well({"export", id, "--out", "bundle"});
    // A charter that nobody signed calls the thief's address by the exchange's name, and mallory "alice".
    auto forged = *charter;
    forged.version = 999;
    forged.previous = charter::hash_of(*sealed);
    forged.adopt_before = environment.clock.now();
    forged.destinations[0].id = "our-own-account";
    const crypto::Ed25519PrivateKey mallory{SecretBytes::copy_of(Bytes(32, 0x66))};
    forged.officers[0].keys = {artefacts::ApprovalKey{mallory.public_key()}};
    auto carried = bundle::decode_bundle(artefacts::Artefact::decode(read("bundle"), artefacts::Kind::bundle));
    carried.links.push_back({7, LinkHash{}, charter::seal(forged).encode()});
    auto vote = artefacts::Artefact::decode(carried.requests[0].submission.votes[0], artefacts::Kind::vote);
    vote = artefacts::Artefact{artefacts::Kind::vote, vote.body()};
    vote.sign(mallory);
    carried.requests[0].submission.votes = {vote.encode()};
    write("hostile", encode(carried).encode());

    const auto shown = inspect("hostile");
    EXPECT_EQ(shown.field("requests.0.payment.payments.0.name"), "exchange-eth");
    EXPECT_EQ(shown.field("requests.0.votes.0.signatures.0.verifies"), "true");
    EXPECT_EQ(shown.field("requests.0.votes.0.signatures.0.trusted"), "false");
    EXPECT_EQ(shown.field("requests.0.signatures.0.trusted"), "true");
}

TEST_F(InspectRequests, SaysWhichSignatureDoesNotVerifyAndWhichPayloadIsAnother)
{
    propose_and_approve();
    run_well({"export", id, "--out", "bundle"});
    auto carried = bundle::decode_bundle(artefacts::Artefact::decode(read("bundle"), artefacts::Kind::bundle));
    auto& submission = carried.requests[0].submission;
    auto vote = artefacts::Artefact::decode(submission.votes[0], artefacts::Kind::vote);
    auto signature = vote.signatures()[0];
    signature.signature[5] ^= 1;
    vote.add_signature(signature);
    submission.votes[0] = vote.encode();
    auto& payload = submission.payloads[0];
    payload[4] ^= 1; // somewhere in the nonce or the fee
    write("hostile", encode(carried).encode());
    const auto shown = inspect("hostile");
    EXPECT_EQ(shown.field("requests.0.votes.0.signatures.0.verifies"), "false");
    EXPECT_EQ(shown.field("requests.0.votes.1.signatures.0.verifies"), "true");
    EXPECT_THAT(shown.out, HasSubstr("\"error\":{\"code\":\""));
}

TEST_F(InspectRequests, ShowsReceiptVoteReviewAndWhatIsInsideOfThem)
{
    propose_and_sign();
    const auto receipt = inspect("from-vault");
    EXPECT_EQ(receipt.field("kind"), "receipt");
    EXPECT_EQ(receipt.field("appliance"), "vault-a");
    EXPECT_EQ(receipt.field("requests.0.outcome"), "signed");
    EXPECT_EQ(receipt.field("requests.0.request_digest"), digest);
    EXPECT_EQ(receipt.field("signatures.0.by"), "appliance vault-a");
    EXPECT_EQ(receipt.field("signatures.0.verifies"), "true");
    leave_home();
    // Nothing at hand says whose key it is.
    EXPECT_EQ(inspect("from-vault").field("signatures.0.by"), "null");
    EXPECT_EQ(inspect("from-vault").field("signatures.0.verifies"), "null");
}

TEST_F(InspectRequests, ShowsRequestVoteHeadAndReview)
{
    propose_and_approve();
    run_well({"export", id, "--out", "bundle"});
    const auto carried = bundle::decode_bundle(artefacts::Artefact::decode(read("bundle"), artefacts::Kind::bundle));
    const auto& submission = carried.requests[0].submission;
    write("request", submission.request);
    write("vote", submission.votes[0]);
    write("head", carried.online_head);
    const auto request = inspect("request");
    EXPECT_EQ(request.field("kind"), "request");
    EXPECT_EQ(request.field("id"), id);
    EXPECT_EQ(request.field("request_digest"), digest);
    EXPECT_EQ(request.field("signatures.0.by"), "alice");
    const auto vote = inspect("vote");
    EXPECT_EQ(vote.field("kind"), "vote");
    EXPECT_EQ(vote.field("request_digest"), digest);
    EXPECT_EQ(vote.field("decision"), "approve");
    EXPECT_EQ(vote.field("signatures.0.by"), vote.field("officer"));
    EXPECT_EQ(vote.field("signatures.0.trusted"), "true");
    const auto head = inspect("head");
    EXPECT_EQ(head.field("kind"), "head");
    EXPECT_EQ(head.field("source"), "online");
    EXPECT_EQ(head.field("signatures.0.by"), "audit key");

    run_well({"export", id, "--format", "review", "--out", "review"});
    const auto review = inspect("review");
    EXPECT_EQ(review.field("kind"), "review");
    EXPECT_EQ(review.field("links.0.kind"), "charter");
    EXPECT_EQ(review.field("requests.0.id"), id);
    EXPECT_EQ(review.field("requests.0.payment.matches_request"), "true");
}

TEST_F(InspectRequests, ShowsACancelWithItsReasonEscaped)
{
    ASSERT_EQ(propose().status, 0);
    auto entry = charter::encode_cancel({.header = charter->header,
                                         .request = RequestDigest::from(encoding::decode_hex(digest)),
                                         .officer = "alice",
                                         .time = environment.clock.now(),
                                         .reason = "typo\x1b[2J\u202e\n"});
    entry.sign(key("alice"));
    write("cancel", entry.encode());
    const auto shown = inspect("cancel");
    EXPECT_EQ(shown.field("kind"), "entry");
    EXPECT_EQ(shown.field("entry"), "cancel");
    EXPECT_EQ(shown.field("officer"), "alice");
    EXPECT_EQ(shown.field("reason"), "typo\x1b[2J\u202e\n");
    EXPECT_EQ(shown.field("signatures.0.by"), "alice");
    EXPECT_EQ(shown.out.find('\x1b'), std::string::npos);
    const auto text = run_well({"inspect", "cancel"}).out;
    EXPECT_THAT(text, HasSubstr("typo\\x1b[2J\\u202e\\x0a"));
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST_F(InspectRequests, StillWorksWhereTheHomeIsBroken)
{
    expect_tampering();
    write("home/coffer.toml", bytes_of("what"), storage::private_mode);
    const auto shown = run_well({"--json", "inspect", anvil_address});
    EXPECT_EQ(shown.field("kind"), "address");
}

TEST_F(InspectRequests, RefusesEveryCutOfAnArtefact)
{
    propose_and_approve();
    run_well({"export", id, "--out", "bundle"});
    const auto good = read("bundle");
    for (std::size_t size = 20; size < good.size(); size += 37) {
        write("cut", ByteView{good}.first(size));
        EXPECT_EQ(run({"--json", "inspect", "cut"}).status, 3) << size;
    }
}

} // namespace
} // namespace coffer::cli
