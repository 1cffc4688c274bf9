// Entries of the policy chain whose words and files mean no good.

#include "core/charter/entry.h"
#include "tests/support/harmless.h"
#include "tests/unit/cli/requests/fixture.h"

#include <filesystem>
#include <sys/stat.h>

namespace coffer::cli {
namespace {

using coffer::test::CliRun;
using coffer::test::first_harm_in;
using testing::HasSubstr;
using testing::Not;

/// CSI, C1, a line of its own, OSC 52, carriage return, backspace, right-to-left override, zero width, a Cyrillic letter.
const std::string hostile = "host\x1b[2J\xc2\x9b" "1A\nIn force: frozen by alice.\x1b]52;c;eA==\x07\r\x08\u202e\u200b ex\u0441hange";
constexpr std::string_view stranger = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

class HostileEntries : public RequestCommands {
protected:
    CliRun harmless(const CliRun& run)
    {
        EXPECT_EQ(first_harm_in(run.out + run.err), "");
        return run;
    }
    /// Everything that people read afterwards.
    std::string everything_shown()
    {
        std::string all;
        for (const std::vector<std::string>& args : {std::vector<std::string>{"charter", "status"}, {"audit", "log"}, {"--json", "charter", "status"}})
            all += harmless(run_well(args)).out;
        return all;
    }
    /// What every command says of an entry that somebody else has made: each line is one of its own.
    void expect_nothing_obeyed(const charter::Entry& entry)
    {
        auto artefact = encode(entry);
        for (const auto& officer : officers())
            artefact.sign(key(officer));
        write("entry", artefact.encode());
        for (const std::vector<std::string>& args : {std::vector<std::string>{"inspect", "entry"}, {"--json", "inspect", "entry"}, {"entry", "adopt", "entry"}}) {
            const auto said = harmless(run(args));
            EXPECT_THAT("\n" + said.out + said.err, Not(HasSubstr("\nIn force: frozen by alice"))) << join(args, " ");
        }
        const auto said = harmless(run_as("alice", {"entry", "sign", "entry", "--out", "signed", "--force"}));
        EXPECT_THAT("\n" + said.out + said.err, Not(HasSubstr("\nIn force: frozen by alice")));
        everything_shown();
    }
    UtcTime now() { return environment.clock.now(); }
    CharterHash hash() { return charter::hash_of(*sealed); }
};

TEST_F(HostileEntries, MoveNoCursorWhateverTheirNames)
{
    const auto own = artefacts::ApprovalKey{identity().public_key()};
    const auto& header = charter->header;
    expect_nothing_obeyed(charter::Freeze{header, {hostile}, "bob", {}, now(), now() + hours(1), ""});
    expect_nothing_obeyed(charter::Freeze{header, {"eth-cold"}, hostile, {}, now(), now() + hours(1), ""});
    expect_nothing_obeyed(charter::Freeze{header, {"eth-cold"}, {}, hostile, now(), now() + hours(1), ""});
    expect_nothing_obeyed(charter::Suspension{header, hostile, std::nullopt, hash(), now(), ""});
    expect_nothing_obeyed(charter::DestinationAdded{header, {hostile, "ethereum", Bytes(20, 7)}, hash(), now(), ""});
    expect_nothing_obeyed(charter::DestinationAdded{header, {"broker", hostile, Bytes(20, 7)}, hash(), now(), ""});
    expect_nothing_obeyed(charter::DestinationRemoved{header, hostile, "bob", hash(), now(), ""});
    expect_nothing_obeyed(charter::DestinationRemoved{header, "exchange-eth", hostile, hash(), now(), ""});
    expect_nothing_obeyed(charter::ApplianceEnrolled{header, hostile, own, hash(), now(), ""});
    expect_nothing_obeyed(charter::ApplianceRetired{header, hostile, own, hash(), now(), ""});
    EXPECT_EQ(count_records("entry.linked"), 0U);
}

TEST_F(HostileEntries, MoveNoCursorWhateverTheirReasons)
{
    const auto& header = charter->header;
    expect_nothing_obeyed(charter::Unfreeze{header, EntryHash{}, now(), hostile});
    expect_nothing_obeyed(charter::DestinationRemoved{header, "exchange-eth", "bob", hash(), now(), hostile});
    EXPECT_EQ(count_records("entry.linked"), 1U);
    EXPECT_EQ(run_as("bob", {"freeze", "eth-cold", "--reason", hostile}).status, 0);
    EXPECT_THAT(everything_shown(), HasSubstr("host\\x1b[2J\\xc2\\x9b"));
}

TEST_F(HostileEntries, ShowOrdinaryWordsAsTheyAre)
{
    ASSERT_EQ(run_as("bob", {"freeze", "eth-cold", "--reason", "zu früh, 水"}).status, 0);
    EXPECT_THAT(everything_shown(), HasSubstr("zu früh, 水"));
}

TEST_F(HostileEntries, AreRefusedBeforeAnybodySigns)
{
    for (const std::string& reason : {std::string(1001, 'a'), std::string{"cafe\u0301"}, std::string{"\xff\xfe"}})
        for (const std::vector<std::string>& command :
             {std::vector<std::string>{"freeze", "eth-cold"}, {"officer", "suspend", "bob", "--out", "e"}, {"destination", "remove", "exchange-eth"}}) {
            auto args = command;
            args.insert(args.end(), {"--json", "--reason", reason});
            EXPECT_EQ(harmless(run_as("alice", args)).status, 2) << command.front();
        }
    for (const std::string span : {"0s", "-1h", "73h", "72h1s", "99999999999999999999h", "9223372036854775807d", "1e3h", "\x1b[2J"})
        EXPECT_THAT(harmless(run_as("bob", {"--json", "freeze", "eth-cold", "--for", span})).status, testing::AnyOf(2, 3)) << span;
    EXPECT_EQ(harmless(run_as("bob", {"--json", "freeze", hostile})).error_code(), "wallet_unknown");
    EXPECT_EQ(harmless(run_as("alice", {"--json", "officer", "suspend", hostile})).error_code(), "not_found");
    EXPECT_EQ(harmless(run_as("alice", {"--json", "destination", "remove", hostile})).error_code(), "state");
    EXPECT_EQ(harmless(run_as("alice", {"--json", "appliance", "retire", hostile})).error_code(), "not_found");
    EXPECT_EQ(count_records("entry.linked"), 0U);
}

TEST_F(HostileEntries, NameNothingThatLooksLikeSomethingElse)
{
    const auto add = [&](const std::string& name, const std::string& chain) {
        return harmless(run_as("alice", {"--json", "destination", "add", name, "--chain", chain, "--address", std::string{stranger}}));
    };
    for (const std::string& name : {hostile, std::string{"Exchange"}, std::string{"ex\u0441hange"}, std::string{"exchange\u200b"}, std::string(33, 'a')})
        EXPECT_EQ(add(name, "ethereum").error_code(), "policy_invalid") << name;
    EXPECT_EQ(add("exchange-eth", "ethereum").error_code(), "state");
    EXPECT_EQ(add("broker", hostile).error_code(), "chain");
    EXPECT_EQ(add("broker", "ethereum").error_code(), "appr_missing");
    const auto own = artefacts::ApprovalKey{key("alice").public_key()}.format();
    const auto enrol = [&](const std::string& appliance, const std::string& identity) {
        return harmless(run_as("alice", {"--json", "appliance", "enrol", appliance, "--identity", identity})).error_code();
    };
    EXPECT_EQ(enrol(hostile, artefacts::ApprovalKey{key("restored").public_key()}.format()), "policy_invalid");
    EXPECT_EQ(enrol("vault-a", own), "policy_dupkey");
    EXPECT_EQ(enrol("vault-a", hostile), "malformed");
    EXPECT_EQ(enrol("vault-a", artefacts::ApprovalKey{key("restored").public_key()}.format()), "appr_missing");
}

class EntryFiles : public HostileEntries {
protected:
    EntryFiles()
    {
        write("empty", std::string_view{});
        run_as("alice", {"destination", "add", "broker", "--chain", "ethereum", "--address", std::string{stranger}, "--out", "entry"});
        std::filesystem::create_symlink(path("entry"), path("link"));
        std::filesystem::create_directory(path("folder"));
        EXPECT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
        auto cut = read("entry");
        cut.pop_back();
        write("cut", cut);
        write("large", std::string_view{"x"});
        std::filesystem::resize_file(path("large"), std::uintmax_t{1} << 40);
    }
    std::string code_of(CliRun run)
    {
        return harmless(run).status == 0 ? "done" : run.error_code();
    }
    /// An artefact that an officer makes, in this file.
    std::string code_of_writing(std::vector<std::string> command, const std::string& file, bool is_forced)
    {
        const bool is_export = command.front() == "export";
        command.insert(command.end(), {"--json", "--out", file});
        if (is_forced)
            command.emplace_back("--force");
        return code_of(is_export ? run(command) : run_as("alice", command));
    }
    const std::vector<std::vector<std::string>> writers{{"unfreeze", "eth-cold"}, {"entry", "sign", "entry"}, {"export", "--links"}};
};

TEST_F(EntryFiles, OfAnotherKindAreNotRead)
{
    for (const auto& [file, code] : {std::pair<std::string, std::string>{"pipe", "file_type"}, {"folder", "file_type"}, {"/dev/zero", "file_type"}, {"large", "limit"},
                                     {"empty", "malformed"}, {"cut", "cbor_length"}, {"charter.coffer", "type"}, {"nowhere", "not_found"}}) {
        EXPECT_EQ(code_of(run({"--json", "entry", "adopt", file})), code) << file;
        EXPECT_EQ(code_of(run_as("alice", {"--json", "entry", "sign", file})), code) << file;
        EXPECT_EQ(code_of(run({"--json", "import", file})), code) << file;
    }
}

TEST_F(EntryFiles, OfAnotherKindAreNotWritten)
{
    ASSERT_EQ(run_as("bob", {"freeze", "eth-cold"}).status, 0);
    for (const auto& writer : writers) {
        for (const std::string file : {"pipe", "folder", "link", "charter.coffer"})
            EXPECT_EQ(code_of_writing(writer, file, false), "exists") << writer.front() << " " << file;
        EXPECT_EQ(code_of_writing(writer, "folder", true), "file_type");
        EXPECT_EQ(code_of_writing(writer, "no/folder/here", true), "not_found");
        EXPECT_EQ(code_of_writing(writer, "", false), "usage");
    }
}

TEST_F(EntryFiles, AreWrittenThroughNoLinkAndIntoNoPipe)
{
    ASSERT_EQ(run_as("bob", {"freeze", "eth-cold"}).status, 0);
    const auto before = read("entry");
    for (const auto& writer : writers) {
        std::filesystem::remove(path("pipe"));
        ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
        for (const auto& [name, target] : {std::pair{"link", "entry"}, {"dangling", "untouched"}}) {
            std::filesystem::remove(path(name));
            std::filesystem::create_symlink(path(target), path(name));
        }
        for (const std::string file : {"pipe", "link", "dangling"}) {
            EXPECT_EQ(code_of_writing(writer, file, true), "done") << writer.front() << " " << file;
            EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(path(file)))) << file;
        }
    }
    EXPECT_EQ(read("entry"), before);
    EXPECT_FALSE(std::filesystem::exists(path("untouched")));
}

TEST_F(EntryFiles, AreReadAndWrittenWhereNothingStandsInTheWay)
{
    ASSERT_EQ(run_as("alice", {"entry", "sign", "entry", "--out", "signed"}).status, 0);
    ASSERT_EQ(run_as("bob", {"entry", "sign", "signed"}).status, 0);
    ASSERT_EQ(run_as("carol", {"entry", "sign", "signed"}).status, 0);
    EXPECT_EQ(run({"--json", "entry", "adopt", "entry", "signed"}).status, 0);
    EXPECT_EQ(run({"--json", "export", "--links", "--out", "links"}).status, 0);
}

} // namespace
} // namespace coffer::cli
