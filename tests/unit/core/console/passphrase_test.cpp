#include "core/console/passphrase.h"

#include "core/console/output.h"
#include "tests/support/scratch.h"
#include "tests/support/test_environment.h"
#include "tests/support/vectors.h"

#include <array>
#include <fcntl.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coffer::console {
namespace {

std::string shown(const SecretBytes& secret)
{
    return std::string{text_of(secret.reveal())};
}

/// An invocation with these options, in a scratch directory.
struct Call {
    test::ScratchDirectory folder;
    test::TestEnvironment parts;
    CommandSpec spec{.name = "sign", .summary = "sign", .options = secret_options()};
    std::optional<Environment> environment;
    std::optional<Output> output;

    Call() { parts.working_directory = folder.path(); }

    std::filesystem::path write(const std::string& name, std::string_view content, ::mode_t mode = 0600)
    {
        const auto file = folder / name;
        std::ofstream{file, std::ios::binary} << content;
        ::chmod(file.c_str(), mode);
        return file;
    }
    Invocation with(Invocation::Values values)
    {
        environment.emplace(parts.environment());
        output.emplace(*environment, "p", Format::text, Verbosity::normal, Colour::off);
        return {*environment, *output, spec, {}, std::move(values)};
    }
    SecretBytes from_file(const std::string& name) { return read_passphrase(with({{"passphrase-file", {name}}}), "k"); }
};

/// The reading end of a pipe that holds `content`.
class Pipe {
public:
    explicit Pipe(std::string_view content)
    {
        EXPECT_EQ(::pipe(m_ends.data()), 0);
        EXPECT_EQ(::write(m_ends[1], content.data(), content.size()), static_cast<ssize_t>(content.size()));
        ::close(m_ends[1]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() { ::close(m_ends[0]); }
    std::string number() const { return std::to_string(m_ends[0]); }

private:
    std::array<int, 2> m_ends{};
};

TEST(Passphrase, IsTheOneLineOfAPrivateFile)
{
    Call call;
    for (const auto* content : {"correct horse", "correct horse\n", "correct horse\r\n"}) {
        call.write("p", content);
        EXPECT_EQ(shown(call.from_file("p")), "correct horse");
    }
    call.write("p", " blanks stay \n", 0400);
    EXPECT_EQ(shown(call.from_file("p")), " blanks stay ");
    call.write("p", std::string(1024, 'x') + "\n");
    EXPECT_EQ(call.from_file("p").size(), 1024U);
}

TEST(Passphrase, RefusesFilesThatOthersCanReach)
{
    Call call;
    for (const ::mode_t mode : {0644U, 0640U, 0660U, 0604U, 0602U, 0610U}) {
        call.write("p", "correct horse\n", mode);
        EXPECT_ERROR(call.from_file("p"), ErrorCode::file_perm);
    }
}

TEST(Passphrase, RefusesWhatIsNoRegularFile)
{
    Call call;
    ASSERT_EQ(::mkfifo((call.folder / "fifo").c_str(), 0600), 0);
    EXPECT_ERROR(call.from_file("fifo"), ErrorCode::file_type);
    EXPECT_ERROR(call.from_file("."), ErrorCode::file_type);
    EXPECT_ERROR(call.from_file("/dev/null"), ErrorCode::file_type);
    EXPECT_ERROR(call.from_file("absent"), ErrorCode::not_found);
}

TEST(Passphrase, BoundsTheLine)
{
    Call call;
    call.write("p", "");
    EXPECT_ERROR(call.from_file("p"), ErrorCode::malformed);
    call.write("p", "\n");
    EXPECT_ERROR(call.from_file("p"), ErrorCode::malformed);
    call.write("p", "one\ntwo\n");
    EXPECT_ERROR(call.from_file("p"), ErrorCode::malformed);
    call.write("p", std::string(1025, 'x'));
    EXPECT_ERROR(call.from_file("p"), ErrorCode::limit);
}

TEST(Passphrase, ComesFromADescriptorLineByLine)
{
    Call call;
    const Pipe pipe{"first secret\nsecond secret"};
    const auto invocation = call.with({{"passphrase-fd", {pipe.number()}}});
    EXPECT_EQ(shown(read_passphrase(invocation, "k")), "first secret");
    EXPECT_EQ(shown(read_new_passphrase(invocation, "k")), "second secret");
    EXPECT_ERROR(read_passphrase(invocation, "k"), ErrorCode::malformed);
    EXPECT_ERROR(read_passphrase(call.with({{"passphrase-fd", {"987654"}}}), "k"), ErrorCode::secret_source);
    EXPECT_ERROR(read_passphrase(call.with({{"passphrase-fd", {"-1"}}}), "k"), ErrorCode::usage);
    const Pipe long_line{std::string(1025, 'x')};
    EXPECT_ERROR(read_passphrase(call.with({{"passphrase-fd", {long_line.number()}}}), "k"), ErrorCode::limit);
}

TEST(Passphrase, ComesFromTheTerminalOtherwise)
{
    Call call;
    call.parts.variables["COFFER_PASSPHRASE"] = "from the environment";
    call.parts.in.str("from standard input\n");
    call.parts.terminal.expect("Passphrase for bob.key: ", "typed");
    EXPECT_EQ(shown(read_passphrase(call.with({}), "bob.key")), "typed");
    call.parts.terminal.expect("New passphrase for bob.key: ", "typed longer").expect("again", "typed longer");
    EXPECT_EQ(shown(read_new_passphrase(call.with({}), "bob.key")), "typed longer");
    call.parts.terminal.detach();
    EXPECT_ERROR(read_passphrase(call.with({}), "bob.key"), ErrorCode::presence);
}

TEST(Passphrase, IsNeverTakenFromTheEnvironment)
{
    Call call;
    for (const auto* name : {"COFFER_PASSPHRASE", "COFFER_PASSPHRASE_FILE", "COFFER_COLD_PASSPHRASE", "PASSPHRASE", "passphrase-file"})
        call.parts.variables[name] = call.write("p", "from the environment\n").string();
    call.parts.terminal.detach();
    EXPECT_ERROR(read_passphrase(call.with({}), "bob.key"), ErrorCode::presence);
    EXPECT_ERROR(read_new_passphrase(call.with({}), "bob.key"), ErrorCode::presence);
}

TEST(Passphrase, HasOneSourceOnly)
{
    Call call;
    call.write("p", "correct horse\n");
    EXPECT_ERROR(read_passphrase(call.with({{"passphrase-file", {"p"}}, {"passphrase-fd", {"0"}}}), "k"),
                 ErrorCode::usage);
}

TEST(Passphrase, MustNotBeShortWhenItIsNew)
{
    Call call;
    call.write("p", "1234567\n");
    EXPECT_ERROR(read_new_passphrase(call.with({{"passphrase-file", {"p"}}}), "k"), ErrorCode::usage);
    EXPECT_EQ(shown(read_passphrase(call.with({{"passphrase-file", {"p"}}}), "k")), "1234567");
    call.write("p", "12345678\n");
    EXPECT_EQ(shown(read_new_passphrase(call.with({{"passphrase-file", {"p"}}}), "k")), "12345678");
}

TEST(SecretFile, IsReadWholeUpToItsLimit)
{
    Call call;
    const auto file = call.write("words", "one two\nthree\n");
    EXPECT_EQ(shown(read_secret_file(file, 14)), "one two\nthree\n");
    EXPECT_ERROR(read_secret_file(file, 13), ErrorCode::limit);
    EXPECT_ERROR(read_secret_file(call.write("open", "x", 0644), 13), ErrorCode::file_perm);
}

TEST(SecretDescriptors, AreFoundBeforeParsing)
{
    EXPECT_THAT(secret_descriptors({"sign", "--passphrase-fd", "3", "--pin-fd=4", "x", "--", "--passphrase-fd", "5"}),
                testing::ElementsAre(3, 4));
    EXPECT_THAT(secret_descriptors({"--passphrase-fd", "x", "--passphrase-fd=-1", "--passphrase-fd="}),
                testing::IsEmpty());
    EXPECT_THAT(secret_descriptors({"--passphrase-fd"}), testing::IsEmpty());
}

} // namespace
} // namespace coffer::console
