#include "cli/officer_key.h"

#include "cli/home.h"
#include "core/requests/head.h"
#include "tests/support/cli_fixture.h"
#include "tests/support/vectors.h"

#include <functional>

namespace coffer::cli {
namespace {

using charter::PolicyChain;
using test::CliTreasury;

/// A treasury whose officers trust its charter.
class OfficerKeyFile : public testing::Test, public CliTreasury {
protected:
    OfficerKeyFile() { trust("alice"); }

    /// Alice's key as a command opens it.
    void with_key(const std::function<void(OfficerKey&)>& work)
    {
        const console::Command command{{.name = "probe", .summary = "opens the key", .options = officer_options()},
                                       [&](console::Invocation& invocation) {
                                           auto key = OfficerKey::open(invocation, officer_key_file(invocation, nullptr));
                                           work(key);
                                           return console::CommandResult{};
                                       }};
        auto parts = environment.environment();
        EXPECT_EQ(console::run_program({.name = "probe", .version = "0", .summary = "s", .options = console::standard_options(), .commands = {command}},
                                       parts, {"probe", "--key", "alice.key", "--passphrase-file", "alice.pass"}),
                  0)
            << environment.err.str();
    }
    void expect_refused(ErrorCode code, const PolicyChain& chain, const std::vector<Bytes>& heads = {})
    {
        const auto before = read("alice.key");
        with_key([&](OfficerKey& key) { EXPECT_ERROR(key.trust(key.verify(chain, heads)), code); });
        EXPECT_EQ(read("alice.key"), before) << "a refusal moved the anchor";
    }
    void expect_accepted(const PolicyChain& chain, const std::vector<Bytes>& heads = {})
    {
        with_key([&](OfficerKey& key) { key.trust(key.verify(chain, heads)); });
    }

    /// A command that opens the key.
    test::CliRun opened_with(const std::string& file, const std::string& passphrase_file)
    {
        return run({"--json", "charter", "sign", "charter.coffer", "--officer", "alice", "--key", file, "--passphrase-file", passphrase_file});
    }

    PolicyChain founded() const { return PolicyChain::found(sealed->encode()); }
    /// The chain with an amendment by this name.
    PolicyChain renamed(const std::string& name) const
    {
        auto chain = founded();
        auto next = charter::seal(amended([&](auto& changed) { changed.name = name; }));
        for (const auto& officer : officers())
            next.sign(key(officer));
        chain.apply(chain.next(next.encode()), std::nullopt);
        return chain;
    }
    Bytes head(std::uint64_t size, std::uint8_t root, const crypto::Ed25519PrivateKey& signer = identity(),
               const std::string& source = "vault-a") const
    {
        auto artefact = requests::encode(requests::Head{charter->header, source, size, Hash256{ByteArray<32>{root}}, environment.clock.now()});
        artefact.sign(signer);
        return artefact.encode();
    }
};

TEST_F(OfficerKeyFile, AcceptsTheChainOfTheCharterThatItTrustsAndMovesOn)
{
    expect_accepted(founded());
    const auto at_first = read("alice.key");
    with_key([&](OfficerKey& key) { EXPECT_EQ(key.anchor()->position, founded().position()); });
    expect_accepted(founded());
    EXPECT_EQ(read("alice.key"), at_first) << "sealed anew without a reason";
    const auto amended_chain = renamed("Second");
    expect_accepted(amended_chain);
    with_key([&](OfficerKey& key) {
        EXPECT_EQ(key.anchor()->position, amended_chain.position());
        EXPECT_EQ(key.anchor()->charter, amended_chain.charter_hash());
    });
}

TEST_F(OfficerKeyFile, RefusesToActBeforeItTrustsACharter)
{
    write("alice.key", read("bob.key"), storage::private_mode); // bob has not trusted any
    with_key([&](OfficerKey& key) {
        try {
            static_cast<void>(key.verify(founded(), {}));
            ADD_FAILURE() << "accepted";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::charter_untrusted);
            EXPECT_EQ(error.exit_status(), ExitStatus::integrity);
            EXPECT_NE(error.hint().find("coffer officer trust"), std::string::npos);
        }
    });
}

TEST_F(OfficerKeyFile, RefusesAnotherCharterOfTheSameTreasury)
{
    auto other = *charter;
    other.destinations[0].address = Bytes(20, 0x13);
    auto forged = charter::seal(other);
    for (const auto& officer : officers())
        forged.sign(key(officer));
    expect_refused(ErrorCode::charter_untrusted, PolicyChain::found(forged.encode()));
}

TEST_F(OfficerKeyFile, RefusesAnotherTreasuryAndEnvironment)
{
    for (const auto& header : {artefacts::BodyHeader{artefacts::Environment::test, TreasuryId{ByteArray<32>{9}}},
                               artefacts::BodyHeader{artefacts::Environment::rehearsal, charter->header.treasury}}) {
        auto other = *charter;
        other.header = header;
        auto forged = charter::seal(other);
        for (const auto& officer : officers())
            forged.sign(key(officer));
        expect_refused(ErrorCode::charter_untrusted, PolicyChain::found(forged.encode()));
    }
}

TEST_F(OfficerKeyFile, RefusesAChainThatWentBackOrForked)
{
    expect_accepted(renamed("Second"));
    expect_refused(ErrorCode::charter_untrusted, founded());
    expect_refused(ErrorCode::charter_untrusted, renamed("Third"));
    expect_accepted(renamed("Second"));
}

TEST_F(OfficerKeyFile, StaysWhereItIsUntilAVoteIsCast)
{
    expect_accepted(founded());
    const auto before = read("alice.key");
    with_key([&](OfficerKey& key) { static_cast<void>(key.verify(renamed("Second"), {})); });
    EXPECT_EQ(read("alice.key"), before);
    expect_accepted(renamed("Third"));
}

TEST_F(OfficerKeyFile, FollowsAnAmendmentThatEndsAForkOfTheChainThatItTrusts)
{
    const auto cancelled = [&](const std::string& reason) {
        auto chain = founded();
        auto cancel = charter::encode_cancel(
            {.header = charter->header, .request = RequestDigest{}, .officer = "bob", .time = UtcTime{1}, .reason = reason});
        cancel.sign(key("bob"));
        chain.apply(chain.next(cancel.encode()), std::nullopt);
        return chain;
    };
    const auto amend = [&](PolicyChain chain, bool ends_fork) {
        auto next = amended([](auto& changed) { changed.name = "Second"; });
        if (ends_fork)
            next.continues = chain.position();
        auto artefact = charter::seal(next);
        for (const auto& officer : officers())
            artefact.sign(key(officer));
        chain.apply(chain.next(artefact.encode()), std::nullopt);
        return chain;
    };
    expect_accepted(cancelled("one"));
    expect_refused(ErrorCode::charter_untrusted, cancelled("other"));
    expect_refused(ErrorCode::charter_untrusted, amend(cancelled("other"), false));
    expect_accepted(amend(cancelled("other"), true));
    expect_refused(ErrorCode::charter_untrusted, cancelled("one"));
}

TEST_F(OfficerKeyFile, RemembersTheLogOfEachApplianceAndRefusesOneThatWentBack)
{
    expect_accepted(founded(), {head(5, 1)});
    expect_accepted(founded(), {head(5, 1)});
    expect_refused(ErrorCode::ledger_rollback, founded(), {head(4, 1)});
    expect_refused(ErrorCode::ledger_rollback, founded(), {head(5, 2)});
    expect_refused(ErrorCode::ledger_rollback, founded(), {});
    expect_accepted(founded(), {head(6, 2)});
    expect_refused(ErrorCode::ledger_rollback, founded(), {head(5, 1)});
}

TEST_F(OfficerKeyFile, RefusesAHeadThatItsApplianceDidNotSign)
{
    expect_refused(ErrorCode::sig_verify, founded(), {head(5, 1, key("alice"))});
    expect_refused(ErrorCode::sig_verify, founded(), {head(5, 1, identity(), "vault-b")});
}

TEST_F(OfficerKeyFile, ForgetsAnApplianceThatTheCharterNoLongerNames)
{
    expect_accepted(founded(), {head(5, 1)});
    auto chain = founded();
    auto next = charter::seal(amended([](auto& changed) { changed.appliances[0].id = "vault-b"; changed.wallets[0].keys[0].appliance = "vault-b"; }));
    for (const auto& officer : officers())
        next.sign(key(officer));
    chain.apply(chain.next(next.encode()), std::nullopt);
    expect_accepted(chain, {});
}

TEST_F(OfficerKeyFile, IsOfOneOfficerWithAKeyInTheCharter)
{
    with_key([&](OfficerKey& key) {
        EXPECT_EQ(key.require_officer(*charter, "alice").id, "alice");
        EXPECT_ERROR(key.require_officer(*charter, "bob"), ErrorCode::appr_role);
        auto without = *charter;
        without.officers[0].keys = {artefacts::ApprovalKey{identity().public_key()}};
        EXPECT_ERROR(key.require_officer(without, "alice"), ErrorCode::appr_role);
        without.officers.erase(without.officers.begin());
        EXPECT_ERROR(key.require_officer(without, "alice"), ErrorCode::appr_role);
    });
}

TEST_F(OfficerKeyFile, NeverWritesOverAFileThatAnotherRunHasChanged)
{
    with_key([&](OfficerKey& first) {
        with_key([&](OfficerKey& second) { second.trust(second.verify(renamed("Second"), {})); });
        EXPECT_ERROR(first.trust(first.verify(founded(), {})), ErrorCode::busy);
    });
    with_key([&](OfficerKey& key) { EXPECT_EQ(key.anchor()->position, renamed("Second").position()); });
}

TEST_F(OfficerKeyFile, StaysUnderItsPassphraseAndKeepsItsKeyWhenTheAnchorMoves)
{
    expect_accepted(renamed("Second"));
    with_key([&](OfficerKey& opened) {
        EXPECT_EQ(opened.officer(), "alice");
        EXPECT_EQ(opened.public_key(), artefacts::ApprovalKey{key("alice").public_key()});
        auto artefact = charter::seal(*charter);
        opened.sign(artefact);
        EXPECT_TRUE(artefact.is_signed_by(opened.public_key()));
    });
    write("other.pass", bytes_of("another passphrase"), storage::private_mode);
    const auto before = read("alice.key");
    const auto refused = opened_with("alice.key", "other.pass");
    EXPECT_EQ(refused.status, 5);
    EXPECT_EQ(refused.error_code(), "wrong_passphrase");
    EXPECT_EQ(refused.out.find("another"), std::string::npos);
    EXPECT_EQ(read("alice.key"), before);
}

TEST_F(OfficerKeyFile, IsNoOtherFile)
{
    EXPECT_EQ(opened_with("nobody.key", "alice.pass").error_code(), "not_found");
    write("letter.key", bytes_of("a letter"), storage::private_mode);
    EXPECT_EQ(opened_with("letter.key", "alice.pass").status, 3);
    std::filesystem::create_symlink("alice.key", path("linked.key"));
    EXPECT_EQ(opened_with("linked.key", "alice.pass").error_code(), "file_type");

    const auto secret = SecretBytes::copy_of(Bytes(32, 0x21));
    const auto under = SecretBytes::copy_of(bytes_of(passphrase));
    const auto named = [](const artefacts::ApprovalKey& shown) {
        return cbor::encode(cbor::Value::map({{0, std::string{"alice"}}, {1, shown.format()}}));
    };
    const artefacts::ApprovalKey own{crypto::Ed25519PrivateKey{secret}.public_key()};
    write("home.key", keys::seal("appliance-home", named(own), under, secret, environment.random), storage::private_mode);
    EXPECT_EQ(opened_with("home.key", "alice.pass").error_code(), "type");
    const artefacts::ApprovalKey other{identity().public_key()};
    write("false.key", keys::seal("officer", named(other), under, secret, environment.random), storage::private_mode);
    EXPECT_EQ(opened_with("false.key", "alice.pass").error_code(), "binding");
    write("own.key", keys::seal("officer", named(own), under, secret, environment.random), storage::private_mode);
    EXPECT_EQ(opened_with("own.key", "alice.pass").error_code(), "appr_role") << "it opens, and the charter has no such key";
}

TEST_F(OfficerKeyFile, OpensWithNoBitOfItsAnchorChanged)
{
    const auto good = read("alice.key");
    // The treasury id stands in the readable part of the file.
    const auto place = std::ranges::search(good, charter->header.treasury.bytes());
    ASSERT_FALSE(place.empty());
    auto changed = good;
    changed[static_cast<std::size_t>(place.begin() - good.begin())] ^= 1;
    write("alice.key", changed, storage::private_mode);
    EXPECT_EQ(opened_with("alice.key", "alice.pass").error_code(), "wrong_passphrase");
    write("alice.key", good, 0644);
    EXPECT_EQ(opened_with("alice.key", "alice.pass").error_code(), "file_perm");
}

} // namespace
} // namespace coffer::cli
