#include "core/encoding/base64.h"
#include "core/requests/head.h"
#include "formats/evm/address.h"
#include "tests/support/vault/vault_fixture.h"

#include <gmock/gmock.h>

namespace coffer::test {
namespace {

/// One of every kind that this vault meets.
class InspectCommand : public testing::Test {
protected:
    bundle::CarriedRequest carried() const
    {
        return vault.approved({.payloads = {vault.transfer("exchange", ether(5))}});
    }
    artefacts::Artefact request() const
    {
        return artefacts::Artefact::decode(carried().submission.request, artefacts::Kind::request);
    }
    const std::vector<charter::Link>& links() { return vault.chain().links(); }
    Bytes review()
    {
        return encode(bundle::Review{.header = example_header, .links = links(), .heads = {}, .request = carried()}).encode();
    }
    Bytes cancel(const std::string& reason = "typo") const
    {
        auto entry = charter::encode_cancel({.header = example_header,
                                             .request = requests::digest_of(request()),
                                             .officer = "alice",
                                             .time = vault.now(),
                                             .reason = reason});
        entry.sign(key_named("alice"));
        return entry.encode();
    }
    /// By the program, without its home's passphrase.
    test::Run inspect(ByteView content, std::vector<std::string> options = {})
    {
        write(vault.file("it"), content);
        std::vector<std::string> args = {"inspect", vault.file("it").string(), "--json", "--home", vault.home().string()};
        args.insert(args.end(), options.begin(), options.end());
        vault.environment->terminal.detach();
        return vault.run_as_given(args);
    }
    Json inspected(ByteView content, std::vector<std::string> options = {})
    {
        const auto run = inspect(content, std::move(options));
        EXPECT_EQ(run.status, 0) << run.out;
        return json_of(run);
    }
    void expect_signed_by(const Json& signature, const std::string& owner)
    {
        EXPECT_EQ(signature.at("by"), owner);
        EXPECT_EQ(signature.at("verifies"), true);
        EXPECT_EQ(signature.at("trusted"), true) << "the pinned charter has this key";
    }

    TestVault vault;
};

TEST_F(InspectCommand, Charter)
{
    const auto json = inspected(links().front().artefact);
    EXPECT_EQ(json.at("kind"), "charter");
    EXPECT_EQ(json.at("environment"), "test");
    EXPECT_EQ(json.at("hash"), encoding::encode_hex(vault.chain().charter_hash().bytes()));
    EXPECT_EQ(json.at("version"), 1);
    EXPECT_EQ(json.at("officers"), vault.charter().officers.size());
    EXPECT_EQ(json.at("signed_by").size(), vault.charter().officers.size());
    for (const auto& signature : json.at("signatures"))
        EXPECT_EQ(signature.at("trusted"), true);
}

TEST_F(InspectCommand, RequestAndVote)
{
    const auto digest = encoding::encode_hex(requests::digest_of(request()).bytes());
    const auto asked = inspected(request().encode());
    EXPECT_EQ(asked.at("kind"), "request");
    EXPECT_EQ(asked.at("id"), format_uuid(id_number(1)));
    EXPECT_EQ(asked.at("request_digest"), digest);
    EXPECT_EQ(asked.at("request_kind"), "transfer");
    EXPECT_EQ(asked.at("wallet"), "eth-cold");
    EXPECT_EQ(asked.at("payloads").size(), 1u);
    expect_signed_by(asked.at("signatures").at(0), "carol");

    const auto vote = inspected(vault.vote(request(), {.officer = "bob", .decision = requests::VoteDecision::reject}).encode());
    EXPECT_EQ(vote.at("kind"), "vote");
    EXPECT_EQ(vote.at("request_digest"), digest);
    EXPECT_EQ(vote.at("fingerprint"), asked.at("fingerprint"));
    EXPECT_EQ(vote.at("decision"), "reject");
    EXPECT_EQ(vote.at("officer"), "bob");
    EXPECT_EQ(vote.at("position").at("number"), 0);
    expect_signed_by(vote.at("signatures").at(0), "bob");
}

TEST_F(InspectCommand, BundleAndReview)
{
    for (const auto& [kind, bytes] : {std::pair{"bundle", vault.bundle({carried()})}, std::pair{"review", review()}}) {
        const auto json = inspected(bytes);
        EXPECT_EQ(json.at("kind"), kind);
        EXPECT_EQ(json.at("links").at(0).at("kind"), "charter");
        const auto& request = json.at("requests").at(0);
        EXPECT_EQ(request.at("id"), format_uuid(id_number(1)));
        EXPECT_EQ(request.at("payment").at("payer"), "eth-cold");
        EXPECT_EQ(request.at("payment").at("payments").at(0).at("amount"), "5000000000000000000");
        EXPECT_EQ(request.at("payment").at("payments").at(0).at("name"), "exchange");
        EXPECT_EQ(request.at("payment").at("matches_request"), true);
        ASSERT_EQ(request.at("votes").size(), 2u);
        expect_signed_by(request.at("votes").at(0).at("signatures").at(0), "alice");
        expect_signed_by(request.at("votes").at(1).at("signatures").at(0), "bob");
    }
}

TEST_F(InspectCommand, ReceiptAndTheHeadInIt)
{
    vault.expect_agreement({{"exchange", "5"}});
    ASSERT_EQ(vault.sign(vault.bundle({carried()})).status, 0);
    const auto receipt = inspected(read(vault.receipt_file()));
    EXPECT_EQ(receipt.at("kind"), "receipt");
    EXPECT_EQ(receipt.at("appliance"), "vault-a");
    EXPECT_EQ(receipt.at("requests").at(0).at("outcome"), "signed");
    EXPECT_EQ(receipt.at("requests").at(0).at("signatures"), 1);
    EXPECT_EQ(receipt.at("log_size"), vault.receipt().log_size);
    expect_signed_by(receipt.at("signatures").at(0), "appliance vault-a");

    const auto head = inspected(vault.receipt().head);
    EXPECT_EQ(head.at("kind"), "head");
    EXPECT_EQ(head.at("source"), "vault-a");
    EXPECT_EQ(head.at("size"), receipt.at("log_size"));
    EXPECT_EQ(head.at("root"), receipt.at("log_root"));
    expect_signed_by(head.at("signatures").at(0), "appliance vault-a");
}

TEST_F(InspectCommand, CancelAndKeyExport)
{
    const auto entry = inspected(cancel());
    EXPECT_EQ(entry.at("kind"), "entry");
    EXPECT_EQ(entry.at("entry"), "cancel");
    EXPECT_EQ(entry.at("officer"), "alice");
    EXPECT_EQ(entry.at("reason"), "typo");
    expect_signed_by(entry.at("signatures").at(0), "alice");

    const auto file = vault.file("k1.export").string();
    ASSERT_EQ(vault.run({"keys", "export-public", "k1", "--chain", "evm", "--out", file}).status, 0);
    const auto key = inspected(read(file));
    EXPECT_EQ(key.at("kind"), "export");
    EXPECT_EQ(key.at("key"), "k1");
    EXPECT_EQ(key.at("family"), "evm");
    EXPECT_EQ(key.at("public"), vault.charter().appliances[0].keys[0].extended_public);
    expect_signed_by(key.at("signatures").at(0), "appliance vault-a");
}

TEST_F(InspectCommand, WhatIsNoneOfOurOwn)
{
    const auto payload = vault.transfer("exchange", ether(5), 7);
    for (const auto& text : {encoding::encode_hex(payload), "0x" + encoding::encode_hex(payload), encoding::encode_base64(payload)}) {
        const auto json = inspected(bytes_of(text + "\n"));
        EXPECT_EQ(json.at("kind"), "evm_transaction");
        EXPECT_EQ(json.at("nonce"), 7);
        EXPECT_EQ(json.at("value"), "5000000000000000000");
        EXPECT_EQ(json.at("to"), evm::format_address(evm::Address::from(address_named("exchange"))));
    }
    EXPECT_EQ(inspected(payload).at("kind"), "evm_transaction");
    EXPECT_EQ(inspected(bytes_of("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\n")).at("kind"), "address");
    const auto key = inspected(bytes_of(vault.charter().appliances[0].keys[0].extended_public));
    EXPECT_EQ(key.at("kind"), "extended_key");
    EXPECT_EQ(key.at("depth"), 3);
    EXPECT_EQ(key.at("private"), false);
}

TEST_F(InspectCommand, NeedsNoHomeAndReadsStandardInput)
{
    vault.environment->in.str(std::string{text_of(vault.bundle({carried()}))});
    const auto run = vault.run_as_given({"inspect", "-", "--json", "--home", vault.file("nowhere").string()});
    ASSERT_EQ(run.status, 0) << run.out;
    const auto vote = json_of(run).at("requests").at(0).at("votes").at(0).at("signatures").at(0);
    EXPECT_EQ(vote.at("verifies"), true);
    EXPECT_EQ(vote.at("trusted"), false) << "the bundle's own charter is nobody's word";
    EXPECT_FALSE(std::filesystem::exists(vault.file("nowhere")));
}

TEST_F(InspectCommand, RefusesAnotherKindThanTheOneNamed)
{
    expect_error(inspect(request().encode(), {"--as", "vote"}), 3, "type");
    expect_error(inspect(request().encode(), {"--as", "poem"}), 2, "usage");
    EXPECT_EQ(inspected(request().encode(), {"--as", "request"}).at("kind"), "request");
}

TEST_F(InspectCommand, SaysWhereMalformedInputBreaks)
{
    for (const auto& whole : {vault.bundle({carried()}), review(), request().encode(), cancel(), links().front().artefact,
                              vault.vote(request(), {.officer = "bob"}).encode(), vault.transfer("exchange", ether(5))}) {
        const bool is_transaction = whole == vault.transfer("exchange", ether(5));
        for (const std::size_t cut : {whole.size() - 1, whole.size() / 2}) {
            const auto run = inspect(ByteView{whole}.first(cut), is_transaction ? std::vector<std::string>{"--as", "evm_transaction"}
                                                                                 : std::vector<std::string>{});
            EXPECT_EQ(run.status, 3) << run.out;
            EXPECT_THAT(code_of(run), testing::AnyOf("cbor_length", "malformed", "rlp"));
            ASSERT_TRUE(json_of(run).at("error").contains("offset")) << run.out;
            EXPECT_LE(json_of(run).at("error").at("offset"), cut);
        }
        auto longer = whole;
        longer.push_back(0);
        const auto run = inspect(longer, is_transaction ? std::vector<std::string>{"--as", "evm_transaction"} : std::vector<std::string>{});
        EXPECT_EQ(run.status, 3);
        EXPECT_EQ(json_of(run).at("error").at("offset"), whole.size()) << run.out;
    }
    expect_error(inspect(bytes_of("a letter")), 3, "malformed");
    expect_error(inspect({}), 3, "malformed");
}

TEST_F(InspectCommand, ShowsHostileTextEscaped)
{
    const std::string hostile = "\x1b[2J\x1b[31mpaid\u202e\n\"}";
    write(vault.file("it"), cancel(hostile));
    const auto text = vault.run_as_given({"inspect", vault.file("it").string(), "--home", vault.home().string()});
    EXPECT_EQ(text.status, 0);
    EXPECT_EQ(text.out.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.out.find("\u202e"), std::string::npos);
    EXPECT_NE(text.out.find("\\x1b[2J\\x1b[31mpaid\\u202e\\x0a"), std::string::npos) << text.out;
    const auto run = inspect(cancel(hostile));
    EXPECT_EQ(run.out.find('\x1b'), std::string::npos);
    EXPECT_EQ(std::ranges::count(run.out, '\n'), 1);
    EXPECT_EQ(json_of(run).at("reason"), hostile) << "JSON escapes by itself";
}

} // namespace
} // namespace coffer::test
