#include "cli/home.h"

#include "core/audit/log.h"
#include "core/requests/head.h"
#include "tests/support/cli_fixture.h"
#include "tests/support/vectors.h"

#include <functional>

namespace coffer::cli {
namespace {

using test::CliTreasury;

/// Opens the home of a treasury as a command does.
void with_home(CliTreasury& treasury, const std::function<void(Home&)>& work)
{
    const console::Command command{{.name = "probe", .summary = "opens the home"}, [&](console::Invocation& invocation) {
                                       auto home = Home::open(invocation);
                                       work(home);
                                       return console::CommandResult{};
                                   }};
    auto options = console::standard_options();
    for (auto& option : home_options())
        options.push_back(std::move(option));
    auto parts = treasury.environment.environment();
    EXPECT_EQ(console::run_program({.name = "probe", .version = "0", .summary = "s", .options = options, .commands = {command}}, parts, {"probe"}), 0)
        << treasury.environment.err.str();
}

TEST(HomeChain, SeesWhatAnotherProcessLinksMeanwhile)
{
    CliTreasury treasury;
    with_home(treasury, [&](Home& home) {
        EXPECT_EQ(home.chain().position().number, 0);
        treasury.amend([](auto& next) { next.name = "Renamed"; });
        EXPECT_EQ(home.chain().charter().version, 1) << "what a command has begun with stays";
        auto transaction = home.database().begin_immediate();
        EXPECT_EQ(home.chain(transaction).charter().name, "Renamed");
    });
}

TEST(HomeChain, StoresNothingThatIsNotCommitted)
{
    CliTreasury treasury;
    auto next = charter::seal(treasury.amended([](auto& changed) { changed.name = "Renamed"; }));
    for (const auto& officer : CliTreasury::officers())
        next.sign(CliTreasury::key(officer));
    with_home(treasury, [&](Home& home) {
        auto transaction = home.database().begin_immediate();
        EXPECT_EQ(home.append_link(transaction, next.encode()).number, 1);
        home.record(transaction, {.type = "charter.adopted", .subject = {}, .actor = {}, .details = {}});
    });
    with_home(treasury, [&](Home& home) {
        EXPECT_EQ(home.chain().position().number, 0);
        EXPECT_EQ(home.audit().head().size, 1);
    });
}

TEST(HomeChain, RefusesWhatIsNoLink)
{
    CliTreasury treasury;
    with_home(treasury, [&](Home& home) {
        auto transaction = home.database().begin_immediate();
        EXPECT_ERROR(home.append_link(transaction, Bytes{1, 2, 3}), ErrorCode::malformed);
        EXPECT_ERROR(home.append_link(transaction, home.signed_head().encode()), ErrorCode::type);
    });
}

TEST(HomeHead, IsSignedByTheAuditKeyAndTellsOfTheWholeLog)
{
    CliTreasury treasury;
    treasury.amend([](auto& next) { next.name = "Renamed"; });
    with_home(treasury, [&](Home& home) {
        const auto artefact = home.signed_head();
        EXPECT_TRUE(artefact.is_signed_by(treasury.charter->audit_key));
        const auto head = requests::decode_head(artefact);
        EXPECT_EQ(head.source, requests::online_source);
        EXPECT_EQ(head.size, 2);
        EXPECT_EQ(head.root, home.audit().verify().root);
        EXPECT_EQ(head.header, treasury.charter->header);
    });
}

TEST(HomeRecord, NamesTheAccountWhereNoOfficerActs)
{
    CliTreasury treasury;
    with_home(treasury, [&](Home& home) {
        auto transaction = home.database().begin_immediate();
        home.record(transaction, {.type = "test", .subject = {}, .actor = {}, .details = {}});
        home.record(transaction, {.type = "test", .subject = {}, .actor = "alice", .details = {}});
        transaction.commit();
        EXPECT_EQ(audit::decode_event(home.audit().record(1).event).actor, "user:tester");
        EXPECT_EQ(audit::decode_event(home.audit().record(2).event).actor, "alice");
    });
}

} // namespace
} // namespace coffer::cli
